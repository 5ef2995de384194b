import { type Clock, deadline, sleep } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { LabDescription, LabInstrument } from "../lab-description.ts";
import { type MadeSafe, makeAllSafe, notMadeSafe, SAFE_WITHIN } from "../make-all-safe.ts";
import { type ConnectRealOptions, connectReal } from "../open-lab.ts";

/** What a watchdog makes safe, and how. */
export interface MakeLabSafeOptions {
  readonly lab: LabDescription;
  /** Names of the instruments. */
  readonly instruments: readonly string[];
  readonly clock: Clock;
  /** Opens serial ports although another process has locked them. */
  readonly beside: boolean;
}

/** Milliseconds between two tries; a server may still hold the connection of the process before. */
const PAUSE = 100;

/**
 * Opens lines of its own to instruments and brings them to their safe state, all at once: what fails is tried again within
 * {@link SAFE_WITHIN}. No instrument has to pass its self-test first.
 */
export async function makeLabSafe(options: MakeLabSafeOptions): Promise<MadeSafe> {
  const made = await Promise.all(
    options.instruments.map(async (name): Promise<MadeSafe> => {
      const described = options.lab.instruments[name];
      if (described === undefined) return { safe: {}, unknown: {} };
      if (described.connect !== undefined && "person" in described.connect)
        return { safe: {}, unknown: { [name]: personFault(name) } };
      return makeOneSafe(described, options);
    }),
  );
  return {
    safe: Object.assign({}, ...made.map(({ safe }) => safe)) as MadeSafe["safe"],
    unknown: Object.assign({}, ...made.map(({ unknown }) => unknown)) as MadeSafe["unknown"],
  };
}

async function makeOneSafe(described: LabInstrument, options: MakeLabSafeOptions): Promise<MadeSafe> {
  const { lab, clock, beside } = options;
  const { name } = described;
  const limit = deadline(clock, SAFE_WITHIN, () => new Error("the time is over"));
  const connection = { lab, clock, beside, signal: limit.signal, note: (): void => undefined };
  let made: MadeSafe = { safe: {}, unknown: { [name]: notMadeSafe(name) } };
  const over = new Promise<void>((resolve) => {
    limit.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const tries = async (): Promise<void> => {
    while (made.safe[name] === undefined && !limit.signal.aborted) {
      made = await trySafe(described, connection);
      if (made.safe[name] === undefined) await sleep(clock, PAUSE);
    }
  };
  // A driver that ignores its signal holds up nobody.
  await Promise.race([tries(), over]);
  limit.cancel();
  return made;
}

/** Tries once; what a driver throws is told like what it says. */
async function trySafe(described: LabInstrument, connection: ConnectRealOptions): Promise<MadeSafe> {
  const { name } = described;
  try {
    const connected = await connectReal(described, connection);
    if (connected.kind === "failed") return { safe: {}, unknown: { [name]: connected.fault } };
    const made = await makeAllSafe({ [name]: connected.instrument }, connection.clock);
    await connected.instrument.close();
    return made;
  } catch (error) {
    return { safe: {}, unknown: { [name]: notMadeSafe(name, error) } };
  }
}

function personFault(name: string): Fault {
  return {
    code: "lab.no-person",
    message: `${name} is a person, whom a watchdog can't ask`,
    advice: "look at the bench",
  };
}
