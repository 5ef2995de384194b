import type { Decoder } from "./codec.ts";
import { fixedLength } from "./fixed-length.ts";

/** How Modbus goes over a line. */
export type ModbusFraming = "rtu" | "tcp";

/** One Modbus message without its framing. */
export interface ModbusMessage {
  readonly unit: number;
  readonly code: number;
  /** What follows the function code. */
  readonly data: Uint8Array;
  /** Over TCP. */
  readonly transaction?: number;
}

/** Names of the exceptions (Modbus application protocol 1.1b3, section 7). */
export const MODBUS_EXCEPTIONS: Readonly<Record<number, string>> = {
  1: "it doesn't know the function",
  2: "it has no such register",
  3: "the value is not allowed",
  4: "the device failed",
  5: "it has begun, and needs longer",
  6: "it is busy",
  8: "its memory has a parity error",
  10: "the gateway has no path",
  11: "nothing answers behind the gateway",
};

/** Cyclic redundancy check of Modbus RTU: polynomial 0xA001, begun at 0xFFFF; sent low byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** Puts a message into its frame. */
export function modbusFrame(framing: ModbusFraming, message: ModbusMessage): Uint8Array {
  const { unit, code, data, transaction = 0 } = message;
  if (framing === "tcp") {
    const length = data.length + 2;
    return Uint8Array.of(
      transaction >> 8,
      transaction & 255,
      0,
      0,
      length >> 8,
      length & 255,
      unit,
      code,
      ...data,
    );
  }
  const body = Uint8Array.of(unit, code, ...data);
  const crc = crc16(body);
  return Uint8Array.of(...body, crc & 255, crc >> 8);
}

/**
 * Takes frames apart.
 *
 * @param side - who listens: requests and answers of one function have different lengths over RTU
 */
export function modbusMessages(framing: ModbusFraming, side: "client" | "server"): Decoder<ModbusMessage> {
  const decoder =
    framing === "tcp"
      ? fixedLength(tcpLength)
      : fixedLength(side === "client" ? answerLength : requestLength, hasRightCrc);
  return {
    push: (bytes) => decoder.push(bytes).map(framing === "tcp" ? fromTcp : fromRtu),
    reset: () => decoder.reset(),
  };
}

function tcpLength(start: Uint8Array): number | undefined {
  if (start.length < 6) return undefined;
  const [, , protocolHigh, protocolLow, high = 0, low = 0] = start;
  const length = (high << 8) | low;
  return protocolHigh === 0 && protocolLow === 0 && length >= 2 && length <= 254 ? 6 + length : 0;
}

function answerLength([, code = 0, count]: Uint8Array & Iterable<number>): number | undefined {
  if (code === 0) return undefined;
  if (code & 0x80) return 5;
  if (code === 3 || code === 4) return count === undefined ? undefined : 5 + count;
  return code === 6 || code === 16 ? 8 : 0;
}

function requestLength(start: Uint8Array): number | undefined {
  const code = start[1];
  if (code === undefined) return undefined;
  if (code !== 16) return 8;
  return start[6] === undefined ? undefined : 9 + start[6];
}

function hasRightCrc(frame: Uint8Array): boolean {
  const crc = crc16(frame.subarray(0, -2));
  return frame.at(-2) === (crc & 255) && frame.at(-1) === crc >> 8;
}

function fromRtu(frame: Uint8Array): ModbusMessage {
  return { unit: frame[0] as number, code: frame[1] as number, data: frame.slice(2, -2) };
}

function fromTcp(frame: Uint8Array): ModbusMessage {
  const [high = 0, low = 0, , , , , unit = 0, code = 0] = frame;
  return { transaction: (high << 8) | low, unit, code, data: frame.slice(8) };
}
