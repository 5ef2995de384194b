import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { ByteStream } from "../transport/byte-stream.ts";
import { EventStream, lineLost } from "../transport/event-stream.ts";
import {
  arriving,
  dropping,
  garbling,
  type LineFault,
  losingRequests,
  passing,
  repeating,
} from "./faulty-line.ts";

/** What can go wrong on a line, by the name that a lab file uses. */
export const LINE_TROUBLES = {
  silence: "nothing that the instrument says arrives",
  deafness: "nothing that is sent arrives at the instrument",
  delay: "what the instrument says arrives 5 s late, after its deadline",
  garbage: "other bytes arrive in place of what the instrument says",
  partial: "of what the instrument says only the first half arrives",
  split: "what the instrument says arrives byte by byte, with pauses",
  merge: "what the instrument says arrives together with what it says next",
  echo: "what is sent comes back",
  duplicate: "what the instrument says arrives twice",
  parity: "the highest bit of a byte is turned over",
  disconnect: "the line is lost",
  cut: "the line is lost in the middle of what the instrument says",
  stale: "the answer to the request before comes as the answer to this one",
  lie: "the instrument acknowledges what it acknowledged before, and does nothing",
} as const;

/** Name of a trouble. */
export type LineTrouble = keyof typeof LINE_TROUBLES;

/** What a trouble is made from. */
export interface TroubleContext {
  readonly clock: Clock;
  readonly random: Random;
  /** Whether it happens at this moment. */
  active(): boolean;
  /** Of `cut`: bytes that still arrive from its beginning on, at least 1; 3 when absent. */
  readonly byte?: number;
}

/** Lateness in ms: later than any deadline of a single question. */
const LATE = 5000;
/** Milliseconds between two bytes. */
const PAUSE = 5;
/** Milliseconds after which something that was held back arrives alone. */
const HOLD = 400;
/** Bytes after which a line is cut: amid any answer but a bare acknowledgement. */
const CUT_AT = 3;

/** What to do about a line that is lost. */
const UNPLUGGED = "check the cable and the power of the instrument";

/** Puts a trouble on a line. */
export function withTrouble(stream: ByteStream, trouble: LineTrouble, context: TroubleContext): ByteStream {
  return FAULTS[trouble](context)(stream);
}

const FAULTS: Readonly<Record<LineTrouble, (context: TroubleContext) => LineFault>> = {
  silence: ({ active }) => dropping(active),
  deafness: ({ active }) => losingRequests(active),
  delay: (context) => queueing(context, LATE, (bytes) => [bytes]),
  garbage: ({ active, random }) => garbling((bytes) => bytes.map(() => random.integer(256)), active),
  partial: ({ active }) => garbling((bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)), active),
  split: (context) => queueing(context, PAUSE, (bytes) => [...bytes].map((byte) => Uint8Array.of(byte))),
  merge: merging,
  echo: echoing,
  duplicate: ({ active }) => repeating(active),
  parity: ({ active, random }) => garbling((bytes) => turned(bytes, random.integer(bytes.length)), active),
  disconnect: disconnecting,
  cut: cutting,
  stale: staling,
  lie: lying,
};

function turned(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 0x80 : byte));
}

/** Delivers pieces of what arrives late, one after the other: bytes don't overtake each other. */
function queueing(
  { clock, active }: TroubleContext,
  milliseconds: number,
  pieces: (bytes: Uint8Array) => readonly Uint8Array[],
): LineFault {
  let busy = 0;
  return arriving((bytes, _chunk, deliver) => {
    if (!active()) return deliver(bytes);
    for (const piece of pieces(bytes)) {
      busy = Math.max(busy, clock.now()) + milliseconds;
      clock.at(busy, () => deliver(piece));
    }
  });
}

/** Holds back what arrives until more does. */
function merging({ clock, active }: TroubleContext): LineFault {
  let held: Uint8Array | undefined;
  return arriving((bytes, _chunk, deliver) => {
    if (!active()) return deliver(bytes);
    const together = Uint8Array.from([...(held ?? []), ...bytes]);
    if (held !== undefined) {
      held = undefined;
      return deliver(together);
    }
    held = together;
    clock.at(clock.now() + HOLD, () => {
      const alone = held === together;
      held = undefined;
      if (alone) deliver(together);
    });
  });
}

/** A stream that hears all of another, and of which it may be told more. */
function heard(stream: ByteStream, clock: Clock, write: (bytes: Uint8Array) => void): EventStream {
  const outer = losable(stream, clock, write);
  stream.onData((bytes) => outer.arrived(bytes));
  return outer;
}

/** A stream that is lost with another, and hears nothing of it yet. */
function losable(stream: ByteStream, clock: Clock, write: (bytes: Uint8Array) => void): EventStream {
  const outer = new EventStream({
    name: stream.name,
    clock,
    write,
    discard: () => stream.discard(),
    close: () => stream.close(),
  });
  stream.onLost((fault) => outer.lose(fault));
  return outer;
}

function echoing({ clock, active }: TroubleContext): LineFault {
  return (stream) => {
    const outer = heard(stream, clock, (bytes) => {
      const echo = bytes.slice();
      if (active()) clock.at(clock.now(), () => outer.arrived(echo));
      stream.write(bytes);
    });
    return outer;
  };
}

function disconnecting({ clock, active }: TroubleContext): LineFault {
  return (stream) => {
    const outer = heard(stream, clock, (bytes) => {
      if (active()) outer.lose(lineLost(stream.name, UNPLUGGED));
      else stream.write(bytes);
    });
    return outer;
  };
}

/** Lets so many bytes arrive, then loses the line. */
function cutting({ clock, active, byte = CUT_AT }: TroubleContext): LineFault {
  return (stream) => {
    let left = byte;
    const outer = losable(stream, clock, (bytes) => stream.write(bytes));
    stream.onData((bytes) => {
      if (!active()) return outer.arrived(bytes);
      const rest = bytes.subarray(0, left);
      left -= rest.length;
      if (rest.length > 0) outer.arrived(rest);
      if (left === 0) outer.lose(lineLost(stream.name, UNPLUGGED));
    });
    return outer;
  };
}

/** Keeps the answer to every request back, and delivers the one to the request before in its place. */
function staling({ active }: TroubleContext): LineFault {
  return (stream) => {
    let former: readonly Uint8Array[] = [];
    let answer: Uint8Array[] = [];
    const late = arriving((bytes, _chunk, deliver) => {
      answer.push(bytes.slice());
      if (!active()) return deliver(bytes);
      if (answer.length === 1) for (const piece of former) deliver(piece);
    })(stream);
    return {
      ...passing(late),
      write(bytes) {
        // What sets something may have no answer: the last one that came is the stale one.
        if (answer.length > 0) former = answer;
        answer = [];
        late.write(bytes);
      },
    };
  };
}

/** Answers what was answered before from memory; the instrument hears nothing of it. */
function lying({ clock, active }: TroubleContext): LineFault {
  return (stream) => {
    const answers = new Map<string, Uint8Array>();
    let asked = "";
    const outer = heard(stream, clock, (bytes) => {
      asked = String.fromCharCode(...bytes);
      const known = answers.get(asked);
      if (active() && known !== undefined) {
        clock.at(clock.now() + PAUSE, () => outer.arrived(known));
        return;
      }
      answers.delete(asked);
      stream.write(bytes);
    });
    stream.onData((bytes) => {
      answers.set(asked, Uint8Array.from([...(answers.get(asked) ?? []), ...bytes]));
    });
    return outer;
  };
}
