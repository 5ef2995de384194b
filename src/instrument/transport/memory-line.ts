import type { Clock } from "../../base/clock.ts";
import type { LineSettings } from "../contract/declaration.ts";
import type { ByteStream } from "./byte-stream.ts";
import { EventStream, lineLost } from "./event-stream.ts";

/** What a line in memory is like. */
export interface MemoryLineOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Sets the speed: a byte takes its bits, start and stop bits included, divided by the baud rate; no time when absent. */
  readonly line?: LineSettings;
}

/** A line in memory; what one end writes arrives at the other. */
export interface MemoryLine {
  readonly host: ByteStream;
  readonly device: ByteStream;
  /** Pulls the plug: both ends lose the line. */
  cut(): void;
}

/**
 * A serial line in memory, at the real line's speed on the given clock. What is written at once arrives at
 * once, when its last byte would.
 */
export function memoryLine({ name, clock, line }: MemoryLineOptions): MemoryLine {
  const byteTime = line === undefined ? 0 : byteTimeOf(line);
  const host: EventStream = memoryEnd({ name, clock, byteTime }, (bytes) => device.arrived(bytes));
  const device: EventStream = memoryEnd({ name: `${name} (instrument's end)`, clock, byteTime }, (bytes) =>
    host.arrived(bytes),
  );
  const cut = (): void => {
    for (const end of [host, device])
      end.lose(lineLost(end.name, "check the cable and the power of the instrument"));
  };
  return { host, device, cut };
}

function byteTimeOf({ baudRate, dataBits, parity, stopBits }: LineSettings): number {
  return (1000 * (1 + dataBits + (parity === "none" ? 0 : 1) + stopBits)) / baudRate;
}

/** One end, which hands over to the other what was written once its last byte has arrived. */
function memoryEnd(
  { name, clock, byteTime }: { readonly name: string; readonly clock: Clock; readonly byteTime: number },
  deliver: (bytes: Uint8Array) => void,
): EventStream {
  /** When the last byte that was written will have left. */
  let free = 0;
  return new EventStream({
    name,
    clock,
    write(bytes) {
      if (bytes.length === 0) return;
      const sent = bytes.slice();
      if (byteTime === 0) {
        clock.touch();
        queueMicrotask(() => deliver(sent));
        return;
      }
      free = Math.max(free, clock.now()) + sent.length * byteTime;
      clock.at(free, () => deliver(sent));
    },
  });
}
