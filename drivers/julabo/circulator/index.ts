import {
  askNumber,
  type Behaviour,
  type Driver,
  defineLineDriver,
  delimited,
  type LineDevice,
  narrowed,
  numberText,
  reaching,
  type Settings,
} from "labloop/instrument";
import { ALARMS, DECLARATION } from "./declaration.ts";

/** Milliseconds that the circulator needs after a command that sets something. */
const PAUSE = 250;
/** Milliseconds between two looks, and for which the temperature has to stay. */
const LOOK = 2000;
const STAY = 20_000;
/** K/min below which a bath is taken for stuck. */
const SLOWEST = 0.2;

/**
 * Julabo circulators with the present commands. Commands that set get no answer: what was refused is told by the next
 * `status`, and every setting is read back.
 *
 * Source: operating manuals of CORIO CD/CP, MAGIO MS and DYNEO DD, chapter 11.
 */
export const driver: Driver<"serial"> = defineLineDriver({
  declaration: DECLARATION,
  narrow: ({ minimum, maximum }) => {
    const limits = { minimum: minimum as number, maximum: maximum as number };
    return narrowed(DECLARATION, { setpoint: limits, "reach.temperature": limits });
  },
  framing: ({ letters }: Settings) => ({
    decoder: delimited({ end: 0x0a, drop: 0x0d }),
    end: "\r",
    write: letters === "capital" ? (text) => text.toUpperCase() : undefined,
    timeout: 3000,
    strangers: 5,
    resynchronise: {
      send: letters === "capital" ? "VERSION\r" : "version\r",
      answer: (line) => /^JULABO/i.exec(line)?.[0],
    },
  }),
  open: async (device) => {
    const version = await device.ask("version", (line) => line || undefined, { attempts: 3 });
    const [, model, firmware] =
      /^JULABO\s+(\S.*?)(?:\s+VERSION\s+(\S+))?$/i.exec(version) ??
      device.otherInstrument(`"${version}" is no Julabo circulator`, "check which instrument is there");
    return behaviour({ model: `JULABO ${model}`, ...(firmware && { firmware }) });
  },
});

function behaviour(identity: Behaviour["identity"]): Behaviour<LineDevice> {
  return {
    identity,
    // An empty line is what some emulators answer to a command before; it is no answer to a question.
    read: {
      temperature: (device) => askNumber(device, "in_pv_00"),
      setpoint: (device) => askNumber(device, "in_sp_00"),
      power: (device) => askNumber(device, "in_pv_01"),
    },
    set: { setpoint: (device, value) => set(device, `out_sp_00 ${numberText(value, 2)}`) },
    actions: {
      start: (device) => run(device, 1),
      stop: (device) => run(device, 0),
      reach: reaching({
        value: "temperature",
        unit: "degC",
        set: async (device, wanted) => {
          await set(device, `out_sp_00 ${numberText(wanted, 2)}`);
          await run(device, 1);
        },
        read: (device) => askNumber(device, "in_pv_00"),
        near: (_, { tolerance = 0.1 }) => tolerance as number,
        stay: STAY,
        every: LOOK,
        within: 600_000,
        slowest: () => SLOWEST,
        takes: () => 600_000,
      }),
    },
    check: async (device) => void (await status(device)),
    safe: async (device) => {
      await run(device, 0);
      return { running: 0, temperature: await askNumber(device, "in_pv_00") };
    },
  };
}

/**
 * The state; ends with a fault for an alarm, and for a refusal of what was sent last. A refusal is told once: without
 * `after` it belongs to somebody else's command, and the state is asked for again.
 */
async function status(device: LineDevice, after?: string): Promise<string> {
  const line = await device.ask("status", (text) => (/^-?\d{2,4}\s/.test(text) ? text.trim() : undefined));
  const [code = ""] = line.split(" ");
  if (!code.startsWith("-")) return code;
  if (/^-(08|09|10|11|13)$/.test(code)) {
    if (after === undefined) return status(device, "what came before");
    return device.refused(`${after} was refused: ${line}`, "check the limits at its panel");
  }
  const { description, advice } = ALARMS[code as keyof typeof ALARMS] ?? {
    description: line,
    advice: "look up the code in its manual",
  };
  return device.alarmed(`alarm ${code}: ${description}`, advice);
}

async function set(device: LineDevice, command: string): Promise<void> {
  if (["00", "01"].includes(await status(device)))
    device.fail(
      "instrument.not-remote",
      "it is in manual mode and ignores commands",
      "set it to remote at its panel",
    );
  await device.tell(command, { pause: PAUSE });
  await status(device, command);
}

async function run(device: LineDevice, on: 0 | 1): Promise<undefined> {
  for (let tries = 0; tries < 2; tries++) {
    await device.tell(`out_mode_05 ${on}`, { pause: PAUSE });
    if ((await askNumber(device, "in_mode_05")) === on) return undefined;
  }
  return device.notSet(`it doesn't ${on === 1 ? "start" : "stop"}`, "switch it at its panel");
}
