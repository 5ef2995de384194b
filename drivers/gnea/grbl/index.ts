import {
  type Arguments,
  type Driver,
  defineLineDriver,
  delimited,
  type Limits,
  type LineDevice,
  narrowed,
  numberText,
  parseNumber,
} from "labloop/instrument";
import { ALARMS, DECLARATION, ERRORS } from "./declaration.ts";

/** Bytes that GRBL takes at once, outside its lines: status, hold, go on, reset. */
const STATUS = Uint8Array.of(0x3f);
const HOLD = "!";
const RESET = Uint8Array.of(0x18);
/** Milliseconds that GRBL may take to tell its version after its port was opened, which resets it. */
const BANNER = 3000;
const HOMING = 60_000;
/** Bytes of the receive buffer that unanswered lines may fill. */
const BUFFER = 127;
const AXES = ["x", "y", "z"] as const;

interface Report {
  readonly state: string;
  readonly position: readonly number[];
}

/**
 * Motion controllers with GRBL 1.1. "ok" means queued: a move has ended when a report that was asked for later says
 * Idle. Opening the port resets most boards, so that nothing moves before it was homed.
 */
export const driver: Driver<"serial"> = defineLineDriver({
  declaration: DECLARATION,
  narrow: ({ x, y, z }) => {
    const travel = (most: unknown): Limits => ({ minimum: 0, maximum: most as number });
    return narrowed(DECLARATION, {
      "move-to.x": travel(x),
      "move-to.y": travel(y),
      "move-to.z": travel(z),
      "raster.x": travel(x),
      "raster.y": travel(y),
      "raster.width": travel(x),
      "raster.height": travel(y),
    });
  },
  framing: () => ({
    decoder: delimited({ end: 0x0a, drop: 0x0d }),
    end: "\n",
    timeout: 1000,
    resynchronise: { send: STATUS, answer: reportIn },
  }),
  open: async (opening) => {
    const banner = await opening.ask(RESET, (line) => /^Grbl (\S+)/.exec(line)?.[1], { timeout: BANNER });
    let homed = false;
    opening.listen((line) => {
      // All but a soft limit lose the position, and so does a reset by hand.
      if (/^ALARM:(?!2$)|^Grbl /.test(line)) homed = false;
    });
    const go = async (device: LineDevice, given: Arguments): Promise<void> => {
      if (!homed) device.fail("instrument.not-homed", "its position isn't known", "home it first");
      device.begin();
      await command(
        device,
        `G90 G53 G1 ${AXES.map((axis) => at(axis, given[axis])).join(" ")} ${feedOf(device, given)}`,
      );
      await idle(device, HOMING * 10);
    };
    const rest = async (device: LineDevice): Promise<void> => {
      const { state } = await report(device);
      if (/^(Idle|Alarm|Sleep)/.test(state)) return;
      await device.tell(HOLD, { urgent: true });
      await device.until(
        async () => (/^(Hold:0|Idle|Alarm)/.test((await report(device)).state) ? true : undefined),
        {
          every: 100,
          within: 5000,
          what: "coming to rest",
        },
      );
      // At rest, a reset keeps the position and drops what was queued.
      const still = homed;
      await device.ask(RESET, (line) => (line.startsWith("Grbl ") ? line : undefined), {
        timeout: BANNER,
      });
      homed = still && !(await report(device)).state.startsWith("Alarm");
    };
    const coordinate = (axis: number) => async (device: LineDevice) =>
      (await report(device)).position[axis] as number;
    return {
      identity: { model: "GRBL", firmware: banner },
      read: { x: coordinate(0), y: coordinate(1), z: coordinate(2) },
      actions: {
        home: {
          takes: () => HOMING / 2,
          perform: async (device) => {
            device.begin();
            await command(device, "$H", HOMING);
            await idle(device, HOMING);
            homed = true;
          },
          stop: rest,
        },
        "move-to": { takes: (given) => (400 / speed(given)) * 60_000, perform: go, stop: rest },
        raster: {
          takes: (given) => (pathLength(given) / speed(given)) * 60_000 + 10_000,
          perform: async (device, given) => {
            if (!homed) device.fail("instrument.not-homed", "its position isn't known", "home it first");
            device.begin();
            await stream(device, rasterLines(given, feedOf(device, given)));
            await idle(device, (pathLength(given) / speed(given)) * 120_000 + HOMING);
          },
          stop: rest,
        },
        hold: rest,
      },
      check: async (device) => {
        const { state } = await report(device);
        if (/^(Alarm|Door)/.test(state) && homed)
          device.alarmed(`it is in ${state}`, "look at the stage, then home it");
      },
      safe: async (device) => {
        await rest(device);
        const { state, position } = await report(device);
        return {
          state,
          homed: homed ? "yes" : "no",
          ...Object.fromEntries(AXES.map((axis, i) => [axis, position[i] as number])),
        };
      },
    };
  },
});

function at(axis: string, value: Arguments[string] | undefined): string {
  return `${axis.toUpperCase()}${numberText(value as number, 3)}`;
}

function speed({ feed }: Arguments): number {
  return (feed as number | undefined) ?? 1000;
}

function feedOf(device: LineDevice, given: Arguments): string {
  return `F${numberText((given["feed"] ?? device.settings["feed"]) as number, 0)}`;
}

function reportIn(line: string): Report | undefined {
  const [, state = "", numbers = ""] = /^<([A-Za-z]+(?::\d)?)\|MPos:([-\d.,]+)\|.*>$/.exec(line) ?? [];
  const position = numbers.split(",").map(parseNumber);
  return position.length >= 3 && position.every((value) => value !== undefined)
    ? { state, position }
    : undefined;
}

async function report(device: LineDevice): Promise<Report> {
  return device.ask(STATUS, reportIn, { attempts: 3 });
}

/** One line, and its one response. */
async function command(device: LineDevice, line: string, timeout = 5000): Promise<void> {
  const answer = await device.ask(line, (text) => (/^(ok$|error:|ALARM:)/.test(text) ? text : undefined), {
    timeout,
    attempts: 1,
  });
  judge(device, line, answer);
}

function judge(device: LineDevice, line: string, answer: string): void {
  const [, kind, code = ""] = /^(error|ALARM):(\d+)$/.exec(answer) ?? [];
  if (kind === "error")
    device.refused(
      `"${line}" was refused: ${ERRORS[code] ?? `error ${code}`}`,
      "home it, or stay within its travel",
    );
  if (kind === "ALARM")
    device.alarmed(ALARMS[code] ?? `alarm ${code}`, "look at the stage, free it, and home it");
}

async function idle(device: LineDevice, within: number): Promise<void> {
  await device.until(
    async () => {
      const { state } = await report(device);
      if (state.startsWith("Alarm"))
        device.alarmed("it stopped with an alarm", "look at the stage, then home it");
      if (state.startsWith("Hold") || state.startsWith("Door"))
        device.fail("instrument.stopped-early", `it is in ${state}`, "find out who stopped it");
      return state === "Idle" ? true : undefined;
    },
    { every: 150, within, what: "the move" },
  );
}

/** Sends lines as fast as the receive buffer takes them, by counting the characters of those without a response. */
async function stream(device: LineDevice, lines: readonly string[]): Promise<void> {
  const unanswered: string[] = [];
  let failure: { line: string; answer: string } | undefined;
  const cancel = device.listen((answer) => {
    if (!/^(ok$|error:|ALARM:)/.test(answer)) return;
    const line = unanswered.shift() ?? "";
    if (answer !== "ok") failure ??= { line, answer };
  });
  const fill = (): number => unanswered.reduce((sum, line) => sum + line.length + 1, 0);
  const room = (bytes: number) => async () =>
    failure !== undefined || fill() + bytes <= BUFFER ? true : undefined;
  try {
    for (const line of [...lines, ""]) {
      // The empty line at the end waits for all others.
      await device.until(room(line === "" ? BUFFER : line.length + 1), {
        every: 20,
        within: HOMING,
        what: "the queue",
      });
      if (failure !== undefined) judge(device, failure.line, failure.answer);
      if (line === "") return;
      unanswered.push(line);
      await device.tell(line);
    }
  } finally {
    cancel();
  }
}

function rasterLines(given: Arguments, feed: string): string[] {
  const { x, y, width, height, step } = given as Record<string, number>;
  const rows = Math.floor((height as number) / (step as number) + 1e-9);
  const lines = [`G90 G53 G1 ${at("x", x)} ${at("y", y)} ${feed}`];
  for (let row = 0; row <= rows; row++) {
    const height = (y as number) + row * (step as number);
    const far = (x as number) + (width as number);
    const [from, to] = row % 2 === 0 ? [x as number, far] : [far, x as number];
    if (row > 0) lines.push(`G90 G53 G1 ${at("x", from)} ${at("y", height)}`);
    lines.push(`G90 G53 G1 ${at("x", to)} ${at("y", height)}`);
  }
  return lines;
}

/** mm, with the way to the corner at most a few hundred. */
function pathLength(given: Arguments): number {
  const { width, height, step } = given as Record<string, number>;
  return ((height as number) / (step as number) + 1) * (width as number) + (height as number) + 400;
}
