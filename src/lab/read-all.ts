import { type Clock, deadline } from "../base/clock.ts";
import type { Fault } from "../base/fault.ts";
import type { Instrument } from "../instrument/index.ts";

/** What instruments said of themselves. */
export interface InstrumentStates {
  /** By role and property, in the drivers' units. */
  readonly found: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Why something couldn't be read, by role. */
  readonly unread: Readonly<Record<string, Fault>>;
}

/** Milliseconds for all properties of one instrument. */
const READ_WITHIN = 10_000;

/**
 * Reads every property of every instrument, all instruments at once: what a campaign that goes on after a crash finds
 * on the bench.
 *
 * @param instruments - by role
 */
export async function readAll(
  instruments: Readonly<Record<string, Instrument>>,
  clock: Clock,
): Promise<InstrumentStates> {
  const found: Record<string, Readonly<Record<string, number>>> = {};
  const unread: Record<string, Fault> = {};
  await Promise.all(
    Object.entries(instruments).map(async ([role, instrument]) => {
      const { values, fault } = await propertiesOf(instrument, clock);
      if (Object.keys(values).length > 0) found[role] = values;
      if (fault !== undefined) unread[role] = fault;
    }),
  );
  return { found: inOrder(found), unread: inOrder(unread) };
}

async function propertiesOf(
  instrument: Instrument,
  clock: Clock,
): Promise<{ readonly values: Readonly<Record<string, number>>; readonly fault?: Fault }> {
  const values: Record<string, number> = {};
  const late = () => new Error(`it took longer than ${READ_WITHIN / 1000} s to read it`);
  const limit = deadline(clock, READ_WITHIN, late);
  let fault: Fault | undefined;
  const readable = Object.entries(instrument.declaration.properties).filter(([, { readable: can }]) => can);
  for (const [name] of readable) {
    const read = await instrument.read?.(name, limit.signal);
    if (read?.kind === "value" && Number.isFinite(read.value)) values[name] = read.value;
    else if (read?.kind === "failed") fault ??= read.fault;
  }
  limit.cancel();
  return { values, ...(fault && { fault }) };
}

/** By name, so that the journal doesn't depend on which instrument answered first. */
function inOrder<T>(byRole: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(byRole).sort(([a], [b]) => (a < b ? -1 : 1)));
}
