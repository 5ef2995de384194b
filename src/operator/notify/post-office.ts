import { setMaxListeners } from "node:events";
import { type Clock, sleep } from "../../base/clock.ts";
import type { Channel, NotifyPolicy } from "../../lab/notify/notify-policy.ts";
import type { DeliveryOutcome, Post } from "../../lab/notify/post.ts";
import type { EventOf, Notification } from "../../loop/event.ts";
import type { MakeLinks } from "./message-link.ts";
import type { Send } from "./send.ts";
import { type Letter, type Sent, unsent } from "./sending.ts";
import { withLinks } from "./with-links.ts";

/** What a post office is made of. */
export interface PostOfficeOptions {
  readonly policy: NotifyPolicy;
  readonly clock: Clock;
  readonly campaign: string;
  readonly lab: string;
  readonly send: Send;
  /** Makes the links by which questions are answered; messages have none when absent. */
  readonly links?: MakeLinks;
}

/** Milliseconds before the second try; twice as long before each further one, up to the longest pause. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 300_000;
/** Milliseconds after which a message isn't tried any more. */
const PATIENCE = 3_600_000;
/** Messages on their way at a time; more can't have been meant, and would fill the memory. */
const MOST = 500;

/** Brings messages to people beside the campaign, each way by itself, and again and again where it fails. */
export class PostOffice implements Post {
  readonly #options: PostOfficeOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  /** What wasn't sent since labloop is about to end. */
  #failed: EventOf<"notification.failed">[] | undefined;
  /** What comes of attempts that are under way when nobody waits any more. */
  readonly #gone: Promise<Sent>;

  constructor(options: PostOfficeOptions) {
    this.#options = options;
    const { signal } = this.#closing;
    setMaxListeners(0, signal);
    this.#gone = new Promise((resolve) => {
      const give = (): void =>
        resolve(unsent("refused", "labloop ended before it was sent", "tell them otherwise"));
      signal.addEventListener("abort", give, { once: true });
    });
  }

  /** Messages that are on their way. */
  get underWay(): number {
    return this.#underWay.size;
  }

  put(notification: Notification, told: (outcome: DeliveryOutcome) => void): void {
    const { policy, campaign, lab, links: make } = this.#options;
    const { number, title, text, priority, to } = notification;
    const letter = { id: `${campaign}.${number}`, title, text, priority, campaign, lab };
    for (const name of to)
      for (const channel of policy.people[name] ?? []) {
        const links = make?.(notification, name) ?? [];
        const digests = links.map(({ digest }) => digest);
        const about = {
          number,
          to: name,
          channel: channel.kind,
          ...(digests.length > 0 && { links: digests }),
        };
        const delivery = this.#deliver(channel, withLinks(letter, links)).then(({ sent, tries }) => {
          this.#underWay.delete(settled);
          const outcome: DeliveryOutcome =
            sent.kind === "sent"
              ? { type: "notification.sent", ...about, tries }
              : { type: "notification.failed", ...about, tries, fault: sent.fault };
          if (outcome.type === "notification.failed") this.#failed?.push(outcome);
          told(outcome);
        });
        // Who is told may be gone by then.
        const settled = delivery.catch(() => undefined);
        this.#underWay.add(settled);
      }
  }

  /**
   * Waits until every message is sent or given up.
   *
   * @param signal - ends the waiting, and gives up what is left
   * @returns what wasn't sent of what was under way
   */
  async close(signal: AbortSignal): Promise<readonly EventOf<"notification.failed">[]> {
    this.#failed = [];
    const give = (): void => this.#closing.abort(new Error("labloop ends"));
    if (signal.aborted) give();
    signal.addEventListener("abort", give, { once: true });
    await Promise.all(this.#underWay);
    signal.removeEventListener("abort", give);
    return this.#failed;
  }

  async #deliver(channel: Channel, letter: Letter): Promise<{ readonly sent: Sent; readonly tries: number }> {
    const { clock, send } = this.#options;
    if (this.#underWay.size >= MOST)
      return { tries: 0, sent: unsent("refused", "too many messages are on their way", "look at the rules") };
    const until = clock.now() + PATIENCE;
    for (let tries = 1, pause = FIRST_PAUSE; ; tries++, pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const sent = await this.#try(send, channel, letter);
      if (sent.kind !== "failed" || clock.now() + pause > until) return { sent, tries };
      try {
        await sleep(clock, pause, this.#closing.signal);
      } catch {
        return { sent, tries };
      }
    }
  }

  async #try(send: Send, channel: Channel, letter: Letter): Promise<Sent> {
    try {
      return await Promise.race([send(channel, letter), this.#gone]);
    } catch (error) {
      return unsent("failed", error instanceof Error ? error.name : "it failed", "report this as a bug");
    }
  }
}
