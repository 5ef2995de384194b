import type { Instrument } from "../instrument/index.ts";

/** The value of a property in the unit that its driver declares; undefined for anything but a number. */
export async function readProperty(
  instrument: Instrument | undefined,
  property: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  // Whatever keeps a property from being read, a mistake in its driver too, leaves its value unknown.
  const read = await instrument?.read?.(property, signal).catch(() => undefined);
  return read?.kind === "value" && Number.isFinite(read.value) ? read.value : undefined;
}
