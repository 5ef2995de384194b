import type { Clock } from "../base/clock.ts";
import type { PersonRequest } from "../loop/event.ts";
import type { Store } from "../record/store.ts";

/** What a request is answered by that changed something. */
export const ACCEPTED = "accepted";

/** Milliseconds between two looks for what people ask through other processes. */
const REQUEST_INTERVAL = 300;

/** Half a millisecond. */
export const HALF = 0.5;

/**
 * In virtual time, what breaks off an action comes in the middle of a millisecond: the journal, which keeps whole ones, then
 * tells exactly when, and a re-run has it at the same place among the bytes of the instruments.
 */
export function betweenMilliseconds(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.at(Math.floor(clock.now()) + 1 + HALF, resolve));
}

/** Takes what people ask through other processes, until it is called off. */
export function listenForRequests(
  store: Store,
  key: string,
  ask: (request: PersonRequest) => Promise<boolean>,
): () => void {
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    try {
      for (const { id, request } of await store.openRequests(key)) {
        const changed = await ask(request);
        await store.answerRequest(id, changed ? ACCEPTED : "nothing to do");
      }
    } catch {
      // The next look tries again; a database that stays away shows at the next append.
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), REQUEST_INTERVAL);
  return () => clearInterval(timer);
}
