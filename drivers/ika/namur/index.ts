import {
  askNumber,
  type Driver,
  defineLineDriver,
  delimited,
  type LineDevice,
  narrowed,
  numberText,
  reaching,
  taking,
  unusable,
} from "labloop/instrument";
import { DECLARATION } from "./declaration.ts";

/** Milliseconds between two commands. */
const GAP = 100;
/** degC below which an undocumented reading means that there is no sensor. */
const NO_SENSOR = -50;
/** K that a setpoint has to stay below the plate's safety limit. */
const MARGIN = 50;
const PROBE = 1;
const PLATE = 2;
const SAFETY = 3;
const SPEED = 4;

/**
 * IKA stirrers and hotplates. Commands that set get no answer and no error, ever: each is read back. While labloop is
 * connected, a watchdog in the device is armed and fed, so that a dead computer leaves no heater on.
 */
export const driver: Driver<"serial"> = defineLineDriver({
  declaration: DECLARATION,
  narrow: ({ maximum }) => {
    const limit = { maximum: maximum as number };
    return narrowed(DECLARATION, { "temperature-setpoint": limit, "heat.temperature": limit });
  },
  framing: () => ({
    decoder: delimited({ end: 0x0a, drop: 0x0d }),
    end: " \r\n",
    timeout: 1000,
    gap: GAP,
    strangers: 5,
    resynchronise: { send: "IN_NAME \r\n", answer: nameIn },
  }),
  open: async (opening) => {
    const model = await opening.ask("IN_NAME", nameIn, { attempts: 3 });
    const { sensor, watchdog } = opening.settings;
    const channel = sensor === "probe" ? PROBE : PLATE;
    // The setpoint of the heater has the number of the probe's channel, whichever sensor holds it.
    const holds = PROBE;
    const feed = async (device: LineDevice): Promise<void> => {
      await device.ask(`OUT_WD1@${watchdog}`, (line) => (/^\s*(ER|\d+)/.test(line) ? line : undefined));
    };
    await feed(opening);
    return {
      identity: { model },
      read: {
        speed: (device) => value(device, "IN_PV", SPEED),
        "speed-setpoint": (device) => value(device, "IN_SP", SPEED),
        temperature: async (device) => {
          const temperature = await value(device, "IN_PV", channel);
          return temperature < NO_SENSOR ? unusable("no-sensor") : temperature;
        },
        "temperature-setpoint": (device) => value(device, "IN_SP", holds),
      },
      set: {
        "speed-setpoint": (device, speed) => device.tell(`OUT_SP_${SPEED} ${numberText(speed, 0)}`),
        "temperature-setpoint": async (device, temperature) => {
          await belowSafety(device, temperature);
          await device.tell(`OUT_SP_${holds} ${numberText(temperature, 1)}`);
        },
      },
      actions: {
        stir: reaching({
          value: "speed",
          unit: "rpm",
          set: async (device, wanted) => {
            await device.tell(`OUT_SP_${SPEED} ${numberText(wanted, 0)}`);
            await device.tell(`START_${SPEED}`);
            device.confirm("the speed", await value(device, "IN_SP", SPEED), { wanted, near: 0.5 });
          },
          // After a trip of the watchdog commands seem to work, but nothing turns.
          read: (device) => value(device, "IN_PV", SPEED),
          near: (wanted) => Math.max(5, 0.02 * wanted),
          every: 500,
          within: 20_000,
          takes: () => 10_000,
        }),
        heat: taking(2000, async (device, { temperature }) => {
          const wanted = temperature as number;
          await belowSafety(device, wanted);
          device.begin();
          // Starting the heater may reset the setpoint to 0: it is written afterwards.
          await device.tell(`START_${holds}`);
          await device.tell(`OUT_SP_${holds} ${numberText(wanted, 1)}`);
          const back = await value(device, "IN_SP", holds);
          return { "temperature-setpoint": device.confirm("the setpoint", back, { wanted, near: 0.1 }) };
        }),
        stop,
      },
      check: async (device) => void (await value(device, "IN_PV", SPEED)),
      safe: async (device) => {
        await stop(device);
        return { stirrer: "off", heater: "off" };
      },
      again: { every: ((watchdog as number) * 1000) / 4, run: feed },
    };
  },
});

function nameIn(line: string): string | undefined {
  const name = line.trim();
  // Two letters are what other instruments answer to a command that they do not know.
  return name.length > 2 && /[A-Za-z]/.test(name) && !/^(IN|OUT|ER)[_ ]/.test(name) && isText(name)
    ? name
    : undefined;
}

function isText(text: string): boolean {
  return /^[ -~]+$/.test(text);
}

/** A number with its channel behind it, such as "25.3 2". */
function value(device: LineDevice, query: "IN_PV" | "IN_SP", channel: number): Promise<number> {
  return askNumber(device, `${query}_${channel}`, new RegExp(`^\\s*(\\S+).* ${channel}\\s*$`));
}

async function belowSafety(device: LineDevice, temperature: number): Promise<void> {
  const limit = await value(device, "IN_SP", SAFETY);
  if (temperature > limit - MARGIN)
    device.refused(
      `${temperature} degC is less than ${MARGIN} K below the safety limit of ${limit} degC`,
      "turn the safety limit up with a screwdriver, or stay below it",
    );
}

/** Both are told to stop even if one fails, and the motor has to come to rest. */
async function stop(device: LineDevice): Promise<undefined> {
  device.begin();
  const heater = device.tell(`STOP_${PROBE}`);
  const motor = device.tell(`STOP_${SPEED}`);
  await Promise.all([heater, motor]);
  await device.until(async () => ((await value(device, "IN_PV", SPEED)) < 5 ? true : undefined), {
    every: 500,
    within: 15_000,
    what: "coming to rest",
  });
}
