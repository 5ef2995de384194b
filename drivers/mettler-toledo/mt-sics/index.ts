import {
  convert,
  type Driver,
  defineLineDriver,
  delimited,
  type LineDevice,
  parseNumber,
  unusable,
  type Value,
} from "labloop/instrument";
import { DECLARATION, HARDWARE } from "./declaration.ts";

/** Milliseconds that a stable weight may take. */
const STABLE = 20_000;
/** Units that the balance shows, as labloop writes them. */
const UNITS: Readonly<Record<string, string>> = { g: "g", mg: "mg", kg: "kg", ug: "ug" };

/**
 * Mettler Toledo balances with MT-SICS. An answer has to begin with the command's name, since somebody may press PRINT;
 * the unit in it is read, since it is changed at the panel.
 *
 * Source: MT-SICS reference manual 11780711.
 */
export const driver: Driver<"serial"> = defineLineDriver({
  declaration: DECLARATION,
  framing: () => ({
    decoder: delimited({ end: 0x0a, drop: 0x0d }),
    end: "\r\n",
    timeout: 2000,
    strangers: 5,
    resynchronise: { send: "@\r\n", answer: (line) => (line.startsWith("I4 A") ? line : undefined) },
  }),
  open: async (opening) => {
    const serial = quoted(await opening.ask("@", (line) => after("I4 A", line), { attempts: 3 }));
    const model = quoted(await opening.ask("I2", (line) => after("I2 A", line)));
    // Not every model knows the command; the unit is read with every weight all the same.
    await opening.ask("M21 0 0", (line) => after("M21", line) ?? general(line));
    return {
      identity: { model, serial },
      read: { weight: (device) => weight(device, "SI", "S", 2000) },
      stream: {
        weight: {
          run: async (device, emit) => {
            const stop = device.listen((line) => {
              const answer = after("S", line);
              if (answer !== undefined) emit(valueIn(device, "SIR", answer));
            });
            await device.tell("SIR");
            await device.interrupted();
            stop();
          },
          end: cancel,
        },
      },
      actions: {
        weigh: {
          takes: () => 5000,
          perform: async (device) => ({ weight: await weight(device, "S", "S", STABLE) }),
          stop: cancel,
        },
        tare: {
          takes: () => 5000,
          perform: async (device) => {
            device.begin();
            return { tare: await weight(device, "T", "T", STABLE) };
          },
          stop: cancel,
        },
        zero: {
          takes: () => 5000,
          perform: async (device) => {
            device.begin();
            const status = await device.ask("Z", (line) => after("Z", line) ?? general(line), {
              timeout: STABLE,
              attempts: 1,
            });
            if (status !== "A") refused(device, "Z", status);
          },
          stop: cancel,
        },
      },
      check: async (device) => void (await weight(device, "SI", "S", 2000)),
      // It moves nothing: a cancelled command is all that there is.
      safe: async (device) => {
        await cancel(device);
        return { state: "idle" };
      },
    };
  },
});

/** Cancels what is pending; the balance answers with its serial number. */
async function cancel(device: LineDevice): Promise<void> {
  await device.ask("@", (line) => after("I4 A", line));
}

/** What follows the beginning of an answer. */
function after(start: string, line: string): string | undefined {
  return line === start || line.startsWith(`${start} `) ? line.slice(start.length).trim() : undefined;
}

/** An error that the balance tells without the command's name. */
function general(line: string): string | undefined {
  return /^E[STL]$/.test(line) ? line : undefined;
}

function quoted(text: string): string {
  return /"(.*)"/.exec(text)?.[1] ?? text;
}

async function weight(device: LineDevice, command: string, id: string, timeout: number): Promise<Value> {
  const answer = await device.ask(command, (line) => after(id, line) ?? general(line), {
    timeout,
    attempts: 1,
  });
  return valueIn(device, command, answer);
}

/** What stands behind the command's name. */
function valueIn(device: LineDevice, command: string, answer: string): Value {
  const [, fault] = /^S\s+Error (\d+)[bt]$/.exec(answer) ?? [];
  if (fault !== undefined)
    device.fail(
      "instrument.alarm",
      `error ${fault}: ${HARDWARE[fault] ?? "unknown"}`,
      "have the balance serviced",
    );
  const [, status, digits = "", unit = ""] = /^([SD])\s+(\S+) (\S+)$/.exec(answer) ?? [];
  if (status === undefined) return special(device, command, answer);
  const value = parseNumber(digits);
  const known = UNITS[unit];
  if (known === undefined)
    device.fail(
      "instrument.wrong-unit",
      `it shows "${unit}" in place of g`,
      "set its unit to g at the panel",
    );
  if (value === undefined) return device.unreadable(command, answer);
  if (status === "D") return unusable("unstable");
  return convert({ value, unit: known }, "g");
}

function special(device: LineDevice, command: string, answer: string): Value {
  switch (answer) {
    case "+":
      return unusable("overload");
    case "-":
      return unusable("underload");
    case "I":
      return unusable("unstable");
    default:
      return refused(device, command, answer);
  }
}

function refused(device: LineDevice, command: string, answer: string): never {
  if (!/^(E[STL]|[IL+-])$/.test(answer)) return device.unreadable(command, answer);
  return device.fail(
    "instrument.refused",
    `"${command}" was refused with ${answer}`,
    "check the pan and the draft shield",
  );
}
