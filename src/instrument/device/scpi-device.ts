import { parseNumber } from "../codec/number-text.ts";
import { scpiFloats } from "../codec/scpi.ts";
import { SENTINEL, scpiFields, scpiText } from "../codec/scpi-fields.ts";
import type { Identity } from "../contract/instrument.ts";
import type { LineDevice } from "./line-device.ts";
import { unusable, type Value } from "./value.ts";

/** Bit of the standard event status (IEEE 488.2, 11.5.1). */
const POWER_ON = 0x80;
/** Errors that are read before a queue is taken for endless: it holds a few dozen. */
const QUEUE = 50;

/** A device that speaks SCPI. */
export interface ScpiDevice extends LineDevice<Uint8Array> {
  /**
   * Maker, model, serial number and firmware.
   *
   * @param expected - what maker and model look like
   * @throws Trouble when another instrument answers
   */
  identify(expected: RegExp): Promise<Required<Identity>>;
  /**
   * Asks for numbers, once; those that stand for overload are flagged.
   *
   * @param count - how many the answer has
   */
  numbers(query: string, count: number, timeout?: number): Promise<Value[]>;
  /** Asks for a definite-length block of 32-bit floats, such as a spectrum or a trace, once. */
  floats(query: string, timeout: number): Promise<Float32Array>;
  /** Asks for the state of a switch. */
  isOn(query: string): Promise<boolean>;
  /**
   * Sends what gets no answer, then asks the error queue what became of it.
   *
   * @throws Trouble when it was refused
   */
  command(text: string): Promise<void>;
  /**
   * Empties the error queue.
   *
   * @param after - what the errors would belong to, for the message; "what came before" when absent
   * @throws Trouble when something was in it
   */
  noErrors(after?: string): Promise<void>;
  /** Waits until everything that was begun has ended. */
  complete(timeout: number): Promise<void>;
  /** Whether its power came on since this was asked last: what it was set to is lost then. */
  poweredOn(): Promise<boolean>;
}

/** Makes a device that speaks SCPI. */
export function scpiDeviceOf(device: LineDevice<Uint8Array>): ScpiDevice {
  const whole = (query: string, timeout?: number): Promise<Uint8Array> =>
    device.ask(query, (message) => message, { attempts: 1, ...(timeout !== undefined && { timeout }) });
  const numbers: ScpiDevice["numbers"] = async (query, count, timeout) => {
    const message = await whole(query, timeout);
    const values = scpiFields(message).map(parseNumber);
    if (values.length !== count || values.some((value) => value === undefined))
      return device.unreadable(query, message);
    return (values as number[]).map((value) => (Math.abs(value) > SENTINEL ? unusable("overload") : value));
  };
  const noErrors: ScpiDevice["noErrors"] = async (after = "what came before") => {
    const errors: string[] = [];
    for (let i = 0; i < QUEUE; i++) {
      const message = await device.ask("SYST:ERR?", (each) =>
        /^[+-]?\d+,"/.test(scpiText(each)) ? scpiText(each) : undefined,
      );
      if (/^[+-]?0,/.test(message)) break;
      errors.push(message);
    }
    if (errors.length > 0)
      device.refused(
        `"${after}" was refused: ${errors.join("; ")}`,
        "check the value against the instrument's ranges",
      );
  };
  return {
    ...device,
    numbers,
    noErrors,
    identify: (expected) => identify(device, expected),
    async floats(query, timeout) {
      const message = await whole(query, timeout);
      return scpiFloats(message) ?? device.unreadable(query, message.subarray(0, 64));
    },
    isOn: async (query) => {
      const state = (message: Uint8Array) => parseNumber(scpiText(message));
      return (await device.ask(query, (message) => [0, 1].find((each) => each === state(message)))) === 1;
    },
    async command(text) {
      await device.tell(text);
      await noErrors(text);
    },
    async complete(timeout) {
      const ended = (message: Uint8Array): true | undefined => scpiText(message) === "1" || undefined;
      await device.ask("*OPC?", ended, { timeout, attempts: 1 });
    },
    async poweredOn() {
      const [events] = await numbers("*ESR?", 1);
      return typeof events === "number" && (events & POWER_ON) !== 0;
    },
  };
}

async function identify(device: LineDevice<Uint8Array>, expected: RegExp): Promise<Required<Identity>> {
  const four = (message: Uint8Array): string[] | undefined => {
    const fields = scpiFields(message);
    return fields.length === 4 ? fields : undefined;
  };
  const fields = await device.ask("*IDN?", four, { attempts: 3 });
  const [maker = "", model = "", serial = "", firmware = ""] = fields.map((field) => field.trim());
  if (!expected.test(`${maker} ${model}`))
    device.otherInstrument(`${maker} ${model} answers`, "check which instrument is at this address");
  return { model: `${maker} ${model}`, serial, firmware };
}
