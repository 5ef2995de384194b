import type { Decoder } from "../codec/codec.ts";
import type { Declaration } from "../contract/declaration.ts";
import type { ConnectContext, Connected, Driver, ProbeContext } from "../contract/driver.ts";
import type { Settings } from "../contract/settings.ts";
import { type Line, type LineOptions, openLine } from "../transport/line.ts";
import { type Echo, withoutEcho } from "../transport/without-echo.ts";
import type { Behaviour } from "./behaviour.ts";
import { type CallMarks, NO_CALL } from "./device.ts";
import { DeviceInstrument } from "./device-instrument.ts";
import { type LineDevice, lineDeviceOf } from "./line-device.ts";
import { Trouble } from "./trouble.ts";

/** How an instrument's line is read. */
export interface Framing<M> extends Pick<LineOptions<M>, "timeout" | "gap" | "strangers" | "resynchronise"> {
  readonly decoder: Decoder<M>;
  /** What happens to bytes that come back; "none" when absent. */
  readonly echo?: Echo;
  /** Put after every text that is sent, such as a carriage return. */
  readonly end?: string;
  /** Changes every text before it is sent, such as into capitals. */
  readonly write?: ((text: string) => string) | undefined;
}

/** Transports that carry bytes. */
export type ByteTransport = "serial" | "tcp" | "program";

/** A driver over bytes: a declaration, framing, and what a connected instrument does. */
export interface LineDriver<T extends ByteTransport, M, D extends LineDevice<M> = LineDevice<M>> {
  readonly declaration: Declaration & { readonly transport: T };
  /** The declaration with the limits that one instrument's settings leave. */
  narrow?(settings: Settings): Declaration;
  framing(settings: Settings): Framing<M>;
  /** Finds out who is there, sets it up, and tells what it does; ends with a Trouble when it is another instrument. */
  open(device: D): Promise<Behaviour<D>>;
}

/** Makes a driver of a few functions over a line. */
export function defineLineDriver<T extends ByteTransport, M>(definition: LineDriver<T, M>): Driver<T> {
  return defineDriverWith(definition, (device) => device);
}

/**
 * Makes a driver whose functions have a device that can do more, such as speak a language that many instruments have.
 *
 * @param extend - what the device of a call can do beyond asking and telling
 */
export function defineDriverWith<T extends ByteTransport, M, D extends LineDevice<M>>(
  definition: LineDriver<T, M, D>,
  extend: (device: LineDevice<M>) => D,
): Driver<T> {
  return {
    declaration: definition.declaration,
    ...(definition.narrow && { narrow: definition.narrow }),
    probe: (context) => probe(definition, context),
    connect: (context) => connect(definition, extend, context),
  };
}

/** Asks the question that brings a line into step again: its answer is known, and it sets nothing. */
async function probe<T extends ByteTransport, M>(
  { declaration, framing }: Pick<LineDriver<T, M>, "declaration" | "framing">,
  { stream, clock, signal }: ProbeContext,
): Promise<string | undefined> {
  const usual = Object.entries(declaration.settings).flatMap(([name, setting]) =>
    setting.default === undefined ? [] : [[name, setting.default] as const],
  );
  const { resynchronise, echo, ...how } = framing(Object.fromEntries(usual));
  if (resynchronise === undefined) return undefined;
  const line = openLine({
    ...how,
    instrument: declaration.id,
    stream: withoutEcho(stream, echo ?? "none"),
    clock,
  });
  const asked = await line.request({ ...resynchronise, signal, attempts: 2 });
  await line.close();
  if (asked.kind === "no answer") return undefined;
  return typeof asked.answer === "string" ? asked.answer : declaration.title;
}

async function connect<T extends ByteTransport, M, D extends LineDevice<M>>(
  definition: LineDriver<T, M, D>,
  extend: (device: LineDevice<M>) => D,
  context: ConnectContext<T>,
): Promise<Connected> {
  const { name, settings, clock } = context;
  const framing = definition.framing(settings);
  const listeners = new Set<(message: M) => void>();
  const line: Line<M> = openLine({
    ...framing,
    unsolicited: (message) => {
      for (const listener of listeners) listener(message);
    },
    instrument: name,
    stream: withoutEcho(context.transport, framing.echo ?? "none"),
    clock,
  });
  const note = (text: string): void => context.note(text);
  const device = (signal: AbortSignal, marks: CallMarks): D =>
    extend(
      lineDeviceOf(
        { line, end: framing.end ?? "", write: framing.write, listeners },
        { name, settings, clock, signal, note, marks },
      ),
    );
  try {
    const behaviour = await definition.open(device(context.signal, NO_CALL));
    const declaration = definition.narrow?.(settings) ?? definition.declaration;
    const closed = (): Promise<void> => line.close();
    return {
      kind: "connected",
      instrument: new DeviceInstrument({ name, clock, declaration, behaviour, device, note, closed }),
    };
  } catch (error) {
    await line.close();
    if (error instanceof Trouble) return { kind: "failed", fault: error.fault };
    throw error;
  }
}
