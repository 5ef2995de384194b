import {
  askNumber,
  choice,
  choiceSetting,
  type Driver,
  declare,
  defineLineDriver,
  delimited,
  endState,
  type LineDevice,
  narrowed,
  numberSetting,
  quantity,
  readable,
  type Settings,
  taking,
  textSetting,
} from "labloop/instrument";

/** "CP05", "Position is  = 5", "NP10": the last number of a line that begins so. */
const POSITION = /^\s*(?:CP|Position)(?:.*\D)?(\d+)\D*$/i;
const COUNT = /^\s*NP(?:.*\D)?(\d+)\D*$/i;
/** Milliseconds that a move may take. */
const MOVE = 5000;

const DECLARATION = declare({
  id: "vici/valve",
  title: "VICI/Valco selector valve",
  manual: "Universal and modular actuator manuals, serial commands",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 },
  settings: {
    positions: numberSetting("1", "how many positions it has", { minimum: 2, maximum: 96, required: true }),
    address: textSetting("its letter or digit on RS-485; empty on RS-232", { default: "" }),
    prefix: choiceSetting(["", "/"], "what stands before the address", { default: "/" }),
  },
  properties: { position: readable("1", "position, from 1") },
  actions: {
    select: endState("turns to a position; the direction decides which other ports are crossed", {
      arguments: {
        position: quantity("1", "position, from 1", { minimum: 1, maximum: 96, resolution: 1 }),
        direction: choice(["shortest", "up", "down"], "way round; the shortest without it", {
          required: false,
        }),
      },
      readings: { position: { unit: "1", description: "position at the end" } },
    }),
    home: endState("finds its first position; fluid paths move while it does"),
  },
});

/** VICI/Valco selector valves. The reply of a move differs from firmware to firmware; only the position counts. */
export const driver: Driver<"serial"> = defineLineDriver({
  declaration: DECLARATION,
  narrow: ({ positions }: Settings) =>
    narrowed(DECLARATION, { "select.position": { maximum: positions as number } }),
  framing: () => ({ decoder: delimited({ end: 0x0d, drop: 0x0a }), end: "\r", timeout: 1000, strangers: 5 }),
  open: async (opening) => {
    const { address, prefix, positions } = opening.settings;
    const to = address === "" ? "" : `${prefix}${address}`;
    const firmware = await opening.ask(
      `${to}VR`,
      (line) => (/[A-Za-z]/.test(line) ? line.trim() : undefined),
      { attempts: 3 },
    );
    await opening.tell(`${to}IFM1`, { pause: 100 });
    const count = await askNumber(opening, `${to}NP`, COUNT);
    if (count !== positions)
      opening.otherInstrument(
        `it has ${count} positions, but the lab file says ${positions}`,
        "correct `positions` in the lab file",
      );
    const where = (device: LineDevice): Promise<number> => askNumber(device, `${to}CP`, POSITION);
    const move = async (device: LineDevice, command: string, wanted: number): Promise<number> => {
      device.begin();
      await device.tell(`${to}${command}`, { pause: 100 });
      return device.until(async () => ((await where(device)) === wanted ? wanted : undefined), {
        every: 100,
        within: MOVE,
        what: `turning to position ${wanted}`,
      });
    };
    return {
      identity: { model: "VICI valve", firmware },
      read: { position: where },
      actions: {
        select: taking(1500, async (device, { position, direction = "shortest" }) => {
          const wanted = position as number;
          if ((await where(device)) === wanted) return { position: wanted };
          const verb = { shortest: "GO", up: "CW", down: "CC" }[direction as "shortest" | "up" | "down"];
          return { position: await move(device, `${verb}${String(wanted).padStart(2, "0")}`, wanted) };
        }),
        home: taking(3000, async (device) => void (await move(device, "HM", 1))),
      },
      check: async (device) => void (await where(device)),
      // It is safe where it stands: turning it would move fluid.
      safe: async (device) => ({ position: await where(device) }),
    };
  },
});
