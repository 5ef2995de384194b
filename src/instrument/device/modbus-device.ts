import { MODBUS_EXCEPTIONS, type ModbusFraming, type ModbusMessage, modbusFrame } from "../codec/modbus.ts";
import type { LineDevice } from "./line-device.ts";

/** One Modbus unit; registers count from 0, as on the wire. */
export interface ModbusUnit {
  /** Reads holding registers, each 16 bits without sign. */
  read(device: LineDevice<ModbusMessage>, register: number, count?: number): Promise<readonly number[]>;
  /** Writes one holding register, and checks the echo. */
  write(device: LineDevice<ModbusMessage>, register: number, value: number): Promise<void>;
}

/**
 * Makes a Modbus unit. Over TCP an answer is matched by transaction and function, and its number is not used again
 * before 65,536 requests; over RTU by address, function and length.
 */
export function modbusUnit(framing: ModbusFraming, unit: number): ModbusUnit {
  let transaction = 0;
  const ask = async (device: LineDevice<ModbusMessage>, code: number, data: Uint8Array, length: number) => {
    const id = transaction;
    transaction = (transaction + 1) & 0xffff;
    const answer = await device.ask(
      modbusFrame(framing, { unit, code, data, transaction: id }),
      (message) => {
        if (message.unit !== unit || (message.code & 0x7f) !== code) return undefined;
        if (framing === "tcp" && message.transaction !== id) return undefined;
        return message.code !== code || message.data.length === length ? message : undefined;
      },
    );
    const [exception = 0] = answer.data;
    if (answer.code !== code)
      device.refused(
        `function ${code} was refused: ${MODBUS_EXCEPTIONS[exception] ?? `exception ${exception}`}`,
        "check unit and registers in the driver's settings",
      );
    return answer.data;
  };
  return {
    async read(device, register, count = 1) {
      const data = await ask(device, 3, words(register, count), 1 + 2 * count);
      return Array.from(
        { length: count },
        (_, i) => ((data[1 + 2 * i] as number) << 8) | (data[2 + 2 * i] as number),
      );
    },
    async write(device, register, value) {
      const sent = words(register, value & 0xffff);
      const data = await ask(device, 6, sent, 4);
      if (data.some((byte, i) => byte !== sent[i])) device.unreadable(`write ${register}`, data);
    },
  };
}

/** A register as a number with sign. */
export function signed16(register: number): number {
  return register >= 0x8000 ? register - 0x10000 : register;
}

function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));
}
