import {
  type Framing,
  type Identity,
  type LineDevice,
  parseNumber,
  scpiMessages,
  unusable,
  type Value,
} from "labloop/instrument";

/** A device that speaks SCPI. */
export type ScpiDevice = LineDevice<Uint8Array>;

/** Beyond this a number says overload or "not a number", with both signs (SCPI-99, 9.9E37 and 9.91E37). */
const SENTINEL = 9e37;

/** Bit of the standard event status (IEEE 488.2, 11.5.1). */
const POWER_ON = 0x80;

/** Messages end with a line feed; several answers to one message come in one line. */
export function scpiFraming(): Framing<Uint8Array> {
  return {
    decoder: scpiMessages(),
    end: "\n",
    timeout: 2000,
    strangers: 5,
    resynchronise: {
      send: "*IDN?\n",
      answer: (message) => (fieldsOf(message).length === 4 ? textOf(message) : undefined),
    },
  };
}

/** Text of a message. */
export function textOf(message: Uint8Array): string {
  return String.fromCharCode(...message);
}

/** The fields of a message: commas part them, but not inside quotation marks. */
export function fieldsOf(message: Uint8Array): string[] {
  return textOf(message).match(/("[^"]*"|[^,"])+/g) ?? [];
}

/** Maker, model, serial number and firmware. */
export async function identify(device: ScpiDevice, expected: RegExp): Promise<Required<Identity>> {
  const fields = await device.ask(
    "*IDN?",
    (message) => (fieldsOf(message).length === 4 ? fieldsOf(message) : undefined),
    { attempts: 3 },
  );
  const [maker = "", model = "", serial = "", firmware = ""] = fields.map((field) => field.trim());
  if (!expected.test(`${maker} ${model}`))
    device.otherInstrument(`${maker} ${model} answers`, "check which instrument is at this address");
  return { model: `${maker} ${model}`, serial, firmware };
}

/**
 * Reads numbers.
 *
 * @param count - how many the answer has
 */
export async function numbers(
  device: ScpiDevice,
  query: string,
  count: number,
  timeout?: number,
): Promise<Value[]> {
  const message = await device.ask(query, (each) => each, {
    attempts: 1,
    ...(timeout !== undefined && { timeout }),
  });
  const values = fieldsOf(message).map(parseNumber);
  if (values.length !== count || values.some((value) => value === undefined))
    return device.unreadable(query, message);
  return (values as number[]).map((value) => (Math.abs(value) > SENTINEL ? unusable("overload") : value));
}

/** Sends what gets no answer, then asks the error queue what became of it. */
export async function command(device: ScpiDevice, text: string): Promise<void> {
  await device.tell(text);
  await noErrors(device, text);
}

/** Empties the error queue; ends with a fault when something was in it. */
export async function noErrors(device: ScpiDevice, after: string): Promise<void> {
  const errors: string[] = [];
  // A queue holds a few dozen errors.
  for (let i = 0; i < 50; i++) {
    const message = await device.ask("SYST:ERR?", (each) =>
      /^[+-]?\d+,"/.test(textOf(each)) ? textOf(each) : undefined,
    );
    if (/^[+-]?0,/.test(message)) break;
    errors.push(message);
  }
  if (errors.length > 0)
    device.refused(
      `"${after}" was refused: ${errors.join("; ")}`,
      "check the value against the instrument's ranges",
    );
}

/** A switch of the instrument, which answers with 0 or 1. */
export async function isOn(device: ScpiDevice, query: string): Promise<boolean> {
  const state = await device.ask(query, (message) => /^[01]$/.exec(textOf(message))?.[0]);
  return state === "1";
}

/** Waits until everything that was begun has ended. */
export async function complete(device: ScpiDevice, timeout: number): Promise<void> {
  await device.ask("*OPC?", (message) => (textOf(message) === "1" ? true : undefined), {
    timeout,
    attempts: 1,
  });
}

/** Whether its power came on since this was asked last: what it was set to is lost then. */
export async function poweredOn(device: ScpiDevice): Promise<boolean> {
  const [events] = await numbers(device, "*ESR?", 1);
  return typeof events === "number" && (events & POWER_ON) !== 0;
}
