import {
  type ActionBehaviour,
  type Arguments,
  type Call,
  formatQuantity,
  type LineDevice,
  type Settlement,
} from "labloop/instrument";
import { commandMark } from "./command-mark.ts";
import { numberField, type RateField, rateField } from "./fields.ts";
import { accepted, end, type PumpLine } from "./pump-line.ts";
import { PROMPTS } from "./reply.ts";
import { halt, ifAny, stands, standstill } from "./standstill.ts";

/** Commands around one movement, and what one takes at 19,200 baud with a pump that answers at once. */
const OVERHEAD = 12 * 15;

/** What was found out about the pump when it was connected. */
export interface PumpFacts {
  /** mL of the unit in which the pump counts volumes. */
  readonly unit: number;
  /** Whether the pump has programs, and so a place for a mark. */
  readonly programs: boolean;
  /** mL/min for commands that name no rate. */
  readonly rate: number;
}

interface Movement {
  /** mL, as the pump counts. */
  readonly volume: number;
  readonly volumeField: string;
  readonly speed: RateField;
  /** Milliseconds that the motor runs. */
  readonly lasts: number;
}

/** Makes the actions that move the plunger, each in its direction. */
export function movements(
  line: PumpLine,
  facts: PumpFacts,
): (direction: "INF" | "WDR") => ActionBehaviour<LineDevice> {
  /** Key of the command whose mark and counter this connection has set. */
  let prepared: string | undefined;
  /** Key of the command that runs, until it is known what became of it. */
  let running: string | undefined;

  /** Everything up to the start: the counter is cleared before the mark is set, so a mark vouches for the counter. */
  const prepare = async (device: LineDevice, key: string, direction: string, movement: Movement) => {
    const { prompt } = await line.ask(device, "");
    if (!stands(prompt))
      end(
        device,
        "instrument.busy",
        `is ${PROMPTS[prompt]} and can't begin anything else`,
        "wait for it, or stop it",
      );
    const mark = facts.programs ? ["PHN3", `VOL${commandMark(key)}`, "PHN1"] : [];
    const { speed, volumeField } = movement;
    prepared = undefined;
    if (prompt === "P") await line.ask(device, "STP");
    await line.ask(device, `CLD${direction}`);
    // The counter begins at 0 here, whatever happened before.
    line.interrupted = false;
    for (const command of [...mark, `DIR${direction}`, `RAT${speed.text}`, `VOL${volumeField}`])
      await line.ask(device, command);
    prepared = key;
  };

  /** Whether the pump's counter belongs to a command, possibly one of a process that has died since. */
  const isOf = async (device: LineDevice, key: string): Promise<boolean> =>
    !facts.programs || key === prepared || (await readMark(device, line)) === commandMark(key);

  const moved = async (device: LineDevice, direction: "INF" | "WDR"): Promise<number> => {
    const { infused, withdrawn } = await line.dispensed(device);
    return direction === "INF" ? infused : withdrawn;
  };

  return (direction) => ({
    takes: (given) => movementOf(given, facts).lasts && OVERHEAD + movementOf(given, facts).lasts,
    perform: async (device, given, { key }) => {
      running = undefined;
      const movement = movementOf(given, facts);
      // A volume of 0 means "without end" to the pump.
      if (movement.volume === 0) {
        device.flag("nothing to move");
        return { volume: 0, rate: movement.speed.rate };
      }
      await prepare(device, key, direction, movement);
      running = key;
      // Whether a RUN without an answer has arrived is seen at the motor.
      const run = await ifAny(line.send(device, "RUN"));
      if (run !== undefined) accepted(device, "RUN", run);
      await standstill(device, line, movement.lasts);
      const volume = await moved(device, direction);
      if (isWhole(volume, movement, facts)) {
        running = undefined;
        return readings(movement, volume);
      }
      return end(
        device,
        "instrument.stopped-early",
        volume > movement.volume ? "moved more than it was told" : "stopped before its end",
        "find out who stopped the pump, then discard or complete the sample",
      );
    },
    stop: async (device) => {
      if (running !== undefined) await halt(device, line);
    },
    settle: async (device, call: Call): Promise<Settlement> => {
      const movement = movementOf(call.arguments, facts);
      if (movement.volume === 0) return { kind: "done", readings: readings(movement, 0) };
      await standstill(device, line, OVERHEAD + movement.lasts);
      if (!(await isOf(device, call.key))) return { kind: "not done" };
      const volume = await moved(device, direction);
      if (isWhole(volume, movement, facts)) return { kind: "done", readings: readings(movement, volume) };
      // After a power failure the counter begins at 0 again, whatever was moved.
      if (line.interrupted)
        return {
          kind: "unknown",
          why: `${device.name} lost its power, and with it the volume that it moved`,
        };
      if (volume === 0) return { kind: "not done" };
      const [part, whole] = [volume, movement.volume].map(microlitres);
      // Of the command that runs, the fault has told who stopped it.
      const fresh = running === call.key;
      running = undefined;
      const why = fresh
        ? `${part} of ${whole} were moved`
        : `${device.name} moved ${part} of ${whole}, then stopped`;
      return { kind: "unknown", why };
    },
  });
}

/**
 * Volume and rate as the pump can hold them.
 *
 * @throws RangeError when the arguments were not checked against the declaration
 */
function movementOf(given: Arguments, { unit, rate }: PumpFacts): Movement {
  const volumeField = numberField((given["volume"] as number) / 1000 / unit);
  const speed = rateField((given["rate"] as number | undefined) ?? rate);
  if (volumeField === undefined || speed === undefined)
    throw new RangeError(`the NE-1000 was given a call that was not checked: ${JSON.stringify(given)}`);
  const volume = Number((Number(volumeField) * unit).toPrecision(6));
  return { volume, volumeField, speed, lasts: (60_000 * volume) / speed.rate };
}

function isWhole(moved: number, { volume }: Movement, { unit }: PumpFacts): boolean {
  return Math.abs(moved - volume) <= unit * 1e-3 + 1e-9;
}

async function readMark(device: LineDevice, line: PumpLine): Promise<number> {
  await line.ask(device, "PHN3");
  try {
    return Number.parseFloat((await line.ask(device, "VOL")).data);
  } finally {
    await line.ask(device, "PHN1");
  }
}

function readings({ speed }: Movement, moved: number): Record<"volume" | "rate", number> {
  return { volume: Number((moved * 1e3).toPrecision(6)), rate: speed.rate };
}

function microlitres(millilitres: number): string {
  return formatQuantity({ value: millilitres * 1e3, unit: "uL" });
}
