import type { Cancel } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { printable } from "../codec/printable.ts";
import type { ByteStream } from "./byte-stream.ts";

/** What becomes of bytes that an RS-485 adapter or an instrument repeats: nothing, dropped, or dropped and compared. */
export type Echo = "none" | "strip" | "verify";

/**
 * A stream on which what is sent doesn't come back.
 *
 * @param echo - with "verify", a byte that came back otherwise than it was sent loses the line: two talk at once
 */
export function withoutEcho(stream: ByteStream, echo: Echo): ByteStream {
  if (echo === "none") return stream;
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const losers = new Set<(fault: Fault) => void>();
  let due: number[] = [];
  let lost: Fault | undefined;
  const lose = (fault: Fault): void => {
    if (lost !== undefined) return;
    lost = fault;
    for (const listener of losers) listener(fault);
  };
  stream.onLost(lose);
  stream.onData((bytes) => {
    if (lost !== undefined) return;
    const back = Math.min(due.length, bytes.length);
    const wrong = bytes.subarray(0, back).findIndex((byte, i) => byte !== due[i]);
    if (echo === "verify" && wrong >= 0) return lose(collision(stream.name, bytes));
    due = due.slice(back);
    const rest = bytes.subarray(back);
    if (rest.length > 0) for (const listener of listeners) listener(rest);
  });
  return {
    name: stream.name,
    write(bytes) {
      due.push(...bytes);
      stream.write(bytes);
    },
    onData: (listener): Cancel => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLost(listener): Cancel {
      if (lost !== undefined) listener(lost);
      else losers.add(listener);
      return () => losers.delete(listener);
    },
    async discard() {
      due = [];
      await stream.discard();
    },
    close: () => stream.close(),
  };
}

function collision(name: string, bytes: Uint8Array): Fault {
  return {
    code: "instrument.line-collision",
    message: `on ${name} other bytes came back than were sent: ${printable(bytes)}`,
    advice: "check that no second program or controller sends on this line",
  };
}
