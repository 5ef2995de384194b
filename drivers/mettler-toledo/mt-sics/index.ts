import {
  type ActionBehaviour,
  type Driver,
  declare,
  defineLineDriver,
  delimited,
  endState,
  type LineDevice,
  parseQuantity,
  type Quality,
  readable,
  readOut,
  taking,
  unusable,
  type Value,
} from "labloop/instrument";

/** Faults that arrive as a stable weight, by their number. */
const HARDWARE: Readonly<Record<string, string>> = {
  "1": "boot error",
  "2": "brand error",
  "3": "checksum error",
  "9": "option fail",
  "10": "EEPROM error",
  "11": "device mismatch",
  "12": "hot plug out",
  "14": "weight module electronics mismatch",
  "15": "adjustment needed",
};

/** What a balance with the standard interface command set does. */
const DECLARATION = declare({
  id: "mettler-toledo/mt-sics",
  title: "Mettler Toledo balance (MT-SICS)",
  manual: "MT-SICS reference manual 11780711, levels 0 to 2",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 },
  properties: { weight: readable("g", "net weight at this moment, flagged when it still moves") },
  actions: {
    weigh: readOut("waits until the weight is stable, and gives it", {
      readings: { weight: { unit: "g", description: "stable net weight" } },
    }),
    tare: endState("takes the stable weight for tare, so that the net weight is 0", {
      readings: { tare: { unit: "g", description: "weight that was taken for tare" } },
    }),
    zero: endState("sets the stable weight to zero"),
  },
  alarms: {
    hardware: { description: "the balance reports a fault of its own", advice: "have the balance serviced" },
  },
});

/** Milliseconds that a stable weight may take. */
const STABLE = 20_000;
/** Why there is no weight, by what stands in its place. */
const QUALITIES: Readonly<Record<string, Quality>> = { "+": "overload", "-": "underload", I: "unstable" };
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
        weigh: stable(async (device) => ({ weight: await weight(device, "S", "S", STABLE) })),
        tare: stable(async (device) => {
          device.begin();
          return { tare: await weight(device, "T", "T", STABLE) };
        }),
        zero: stable(async (device) => {
          device.begin();
          const status = await answerTo(device, "Z", "Z", STABLE);
          if (status !== "A") refused(device, "Z", status);
        }),
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

/** What waits for a stable weight, and is cancelled when it is interrupted. */
function stable(perform: ActionBehaviour<LineDevice>["perform"]): ActionBehaviour<LineDevice> {
  return taking(5000, perform, cancel);
}

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

function answerTo(device: LineDevice, command: string, id: string, timeout: number): Promise<string> {
  return device.ask(command, (line) => after(id, line) ?? general(line), { timeout, attempts: 1 });
}

async function weight(device: LineDevice, command: string, id: string, timeout: number): Promise<Value> {
  return valueIn(device, command, await answerTo(device, command, id, timeout));
}

/** What stands behind the command's name. */
function valueIn(device: LineDevice, command: string, answer: string): Value {
  const [, fault] = /^S\s+Error (\d+)[bt]$/.exec(answer) ?? [];
  if (fault !== undefined)
    device.alarmed(`error ${fault}: ${HARDWARE[fault] ?? "unknown"}`, "have the balance serviced");
  const [, status, digits = "", unit = ""] = /^([SD])\s+(\S+) (\S+)$/.exec(answer) ?? [];
  const quality = QUALITIES[answer];
  if (quality !== undefined) return unusable(quality);
  if (status === undefined) return refused(device, command, answer);
  if (UNITS[unit] === undefined)
    device.fail(
      "instrument.wrong-unit",
      `it shows "${unit}" in place of g`,
      "set its unit to g at the panel",
    );
  const value = parseQuantity(`${digits} ${unit}`, UNITS, "g") ?? device.unreadable(command, answer);
  return status === "D" ? unusable("unstable") : value;
}

function refused(device: LineDevice, command: string, answer: string): never {
  if (!/^(E[STL]|[IL+-])$/.test(answer)) return device.unreadable(command, answer);
  return device.refused(`"${command}" was refused with ${answer}`, "check the pan and the draft shield");
}
