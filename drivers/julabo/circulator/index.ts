import {
  askNumber,
  type Behaviour,
  choiceSetting,
  type Driver,
  declare,
  defineLineDriver,
  delimited,
  endState,
  type LineDevice,
  narrowed,
  numberSetting,
  numberText,
  quantity,
  reaching,
  readable,
  type Settings,
  settable,
} from "labloop/instrument";

/** Alarms by the code that `status` gives. */
const ALARMS = {
  "-01": { description: "the bath's level is too low", advice: "fill the bath" },
  "-03": { description: "above the high warning limit", advice: "check the warning limits" },
  "-04": { description: "below the low warning limit", advice: "check the warning limits" },
  "-05": { description: "the working sensor is broken", advice: "have the circulator serviced" },
  "-06": { description: "working and safety sensor differ", advice: "have the circulator serviced" },
  "-14": { description: "the excess temperature protection tripped", advice: "let it cool, find out why" },
  "-15": { description: "the external sensor is broken", advice: "check the external sensor" },
  "-33": { description: "the safety sensor is broken", advice: "have the circulator serviced" },
  "-38": { description: "no signal of the external sensor", advice: "check the external sensor" },
  "-40": { description: "the level will soon be too low", advice: "fill the bath" },
  "-41": { description: "the level will soon be too high", advice: "take bath fluid out" },
  "-63": { description: "the watchdog responded", advice: "connect again" },
  "-1501": { description: "nothing came over the line in time", advice: "connect again" },
} as const;

/** What every Julabo circulator with the present commands does. */
const DECLARATION = declare({
  id: "julabo/circulator",
  title: "Julabo circulator (CORIO, MAGIO, DYNEO)",
  manual: "CORIO CD/CP, MAGIO MS and DYNEO DD operating manuals, chapter 11",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 4800, dataBits: 7, parity: "even", stopBits: 1 },
  settings: {
    minimum: numberSetting("degC", "lowest temperature that the bath fluid is good for", { default: 5 }),
    letters: choiceSetting(["small", "capital"], "letters that its commands are written in", {
      default: "small",
    }),
    maximum: numberSetting("degC", "highest temperature that the bath fluid is good for", { default: 95 }),
  },
  properties: {
    temperature: readable("degC", "the bath's temperature"),
    setpoint: settable("degC", "the temperature to hold", { minimum: -90, maximum: 300, resolution: 0.01 }),
    power: readable("%", "heating power, negative for cooling"),
  },
  actions: {
    start: endState("circulates and holds the setpoint"),
    stop: endState("neither circulates nor heats"),
    reach: endState("holds a temperature, and waits until the bath has had it for a while", {
      arguments: {
        temperature: quantity("degC", "to be reached", { minimum: -90, maximum: 300 }),
        tolerance: quantity("K", "how near is near enough; 0.1 K without it", {
          minimum: 0.02,
          maximum: 5,
          required: false,
        }),
      },
      readings: { temperature: { unit: "degC", description: "the bath's temperature at the end" } },
    }),
  },
  alarms: ALARMS,
});

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
    write: spelt(letters),
    timeout: 3000,
    strangers: 5,
    resynchronise: { send: spelt(letters)("version\r"), answer: (line) => /^JULABO/i.exec(line)?.[0] },
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

/** How commands are written, by the setting `letters`. */
function spelt(letters: Settings[string] | undefined): (text: string) => string {
  return (text) => (letters === "capital" ? text.toUpperCase() : text);
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
