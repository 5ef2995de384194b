import {
  convert,
  type Driver,
  defineLineDriver,
  delimited,
  type LineDevice,
  narrowed,
  numberText,
  parseNumber,
  reaching,
  type Settings,
  unusable,
  type Value,
} from "labloop/instrument";
import { DECLARATION, STATUS } from "./declaration.ts";

/** Words after which a number is only a lower bound, by what they belong to. */
const OVER: Readonly<Record<string, readonly string[]>> = {
  flow: ["MOV"],
  pressure: ["POV", "OPL"],
  temperature: ["TOV", "GTA"],
};
/** Words that say that the controller doesn't control. */
const BROKEN: ReadonlySet<string> = new Set(["ADC", "COM"]);
/** Share of the flow, and of full scale, within which it is steady. */
const NEAR = 0.01;
const NEAR_SCALE = 0.002;

interface Frame {
  readonly flow: Value;
  readonly setpoint: number;
  readonly pressure: Value;
  readonly temperature: Value;
  readonly gas: string;
  readonly words: readonly string[];
}

/** Alicat mass-flow controllers. Several may share a bus; each answers to its letter with one frame of numbers. */
export const driver: Driver<"serial"> = defineLineDriver({
  declaration: DECLARATION,
  narrow: (settings) => {
    const limit = { maximum: settings["full-scale"] as number };
    return narrowed(DECLARATION, { setpoint: limit, "flow.flow": limit });
  },
  framing: ({ unit }: Settings) => ({
    // Zero bytes stray onto the bus.
    decoder: delimited({ end: 0x0d, drop: 0x00 }),
    end: "\r",
    timeout: 300,
    strangers: 5,
    resynchronise: { send: `${unit}\r`, answer: (line) => (line.startsWith(`${unit} `) ? line : undefined) },
  }),
  open: async (opening) => {
    const { unit, "full-scale": full } = opening.settings;
    const scale = full as number;
    const version = await opening.ask(`${unit}VE`, (line) => own(line, unit as string), { attempts: 3 });
    const first = await frame(opening, String(unit));
    const look = (device: LineDevice): Promise<Frame> => frame(device, String(unit));
    /** A reading belongs to a gas: somebody may choose another at the panel. */
    const same = async (device: LineDevice): Promise<Frame> => {
      const now = await look(device);
      if (now.gas !== first.gas)
        device.wrongState(`the gas is ${now.gas}, it was ${first.gas}`, "set the gas at its panel");
      return now;
    };
    const set = async (device: LineDevice, flow: number): Promise<void> => {
      const size = perUnit(device.settings);
      const back = await frame(device, `${unit}S${numberText(flow / size, 2)}`);
      // Beyond full scale it is clamped without a word.
      device.confirm("the setpoint in mL/min", back.setpoint, { wanted: flow, near: 0.011 * size });
    };
    const close = async (device: LineDevice): Promise<undefined> => {
      device.begin();
      await set(device, 0);
    };
    opening.note(`the gas is ${first.gas}`);
    return {
      identity: { model: "Alicat mass-flow controller", ...(version && { firmware: version }) },
      read: {
        flow: async (device) => (await same(device)).flow,
        setpoint: async (device) => (await look(device)).setpoint,
        pressure: async (device) => (await look(device)).pressure,
        temperature: async (device) => (await look(device)).temperature,
      },
      set: { setpoint: set },
      actions: {
        flow: reaching({
          value: "flow",
          unit: "mL/min",
          set,
          read: async (device) => (await same(device)).flow,
          near: (wanted) => Math.max(NEAR * wanted, NEAR_SCALE * scale),
          every: 200,
          within: 30_000,
          takes: () => 3000,
        }),
        close,
      },
      check: async (device) => {
        const broken = (await look(device)).words.filter((word) => BROKEN.has(word));
        if (broken.length > 0)
          device.alarmed(broken.map((word) => STATUS[word]).join("; "), "have the controller serviced");
      },
      safe: async (device) => {
        await close(device);
        return { setpoint: (await look(device)).setpoint };
      },
    };
  },
});

/** The rest of a line that begins with the unit's letter. */
function own(line: string, unit: string): string | undefined {
  return line.startsWith(`${unit} `) ? line.slice(2).trim() : undefined;
}

/** mL/min in the unit that the controller was ordered with. */
function perUnit(settings: Settings): number {
  return settings["flow-unit"] === "SLPM" ? 1000 : 1;
}

/** Sends something that is answered with the frame of numbers: pressure, temperature, flows, setpoint, gas, words. */
async function frame(device: LineDevice, send: string): Promise<Frame> {
  const unit = device.settings["unit"] as string;
  const answer = await device.ask(send, (line) => (line === "?" ? "?" : own(line, unit)));
  if (answer === "?") device.refused(`it refused "${send}"`, "set its input to serial at the panel");
  const parts = answer.split(/\s+/);
  const count = device.settings["totalizer"] === "yes" ? 6 : 5;
  const [pressure, temperature, , mass, setpoint] = parts.slice(0, count).map(parseNumber);
  const [gas = "", ...words] = parts.slice(count);
  if (
    pressure === undefined ||
    temperature === undefined ||
    mass === undefined ||
    setpoint === undefined ||
    !/^[A-Za-z]/.test(gas) ||
    words.some((word) => STATUS[word] === undefined)
  )
    return device.unreadable(send, answer);
  const flow = mass * perUnit(device.settings);
  const kilopascals = convert({ value: pressure, unit: device.settings["pressure"] as string }, "kPa");
  const bounded = (what: string, value: number): Value =>
    words.some((word) => OVER[what]?.includes(word)) ? unusable("overload") : value;
  return {
    flow: bounded("flow", flow),
    setpoint: setpoint * perUnit(device.settings),
    pressure: bounded("pressure", kilopascals),
    temperature: bounded("temperature", temperature),
    gas,
    words,
  };
}
