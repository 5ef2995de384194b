import { type ConnectContext, type Connected, type Driver, defineDriver } from "labloop/instrument";
import { DECLARATION, declareFor, rateLimits } from "./declaration.ts";
import { numberField } from "./number-field.ts";
import { Pump } from "./pump.ts";
import { type Problem, PumpLine } from "./pump-line.ts";

/**
 * New Era NE-1000 syringe pump and its relatives in basic mode.
 *
 * Source: NE-1000 User Manual #1200-01, section 10. One pump on a line; `RUN` is never repeated blindly, and
 * every volume is read back from the pump's own counter.
 */
export const driver: Driver<"serial"> = defineDriver({
  declaration: DECLARATION,
  narrow: declareFor,
  connect,
});

async function connect(context: ConnectContext<"serial">): Promise<Connected> {
  const line = new PumpLine(context);
  const result = await setUp(context, line);
  if (!("kind" in result)) return { kind: "connected", instrument: result };
  await line.close();
  return { kind: "failed", fault: result.fault };
}

async function setUp(context: ConnectContext<"serial">, line: PumpLine): Promise<Pump | Problem> {
  const { settings, signal } = context;
  const version = await line.ask("VER", signal);
  if (version.kind === "problem") return version;
  const [, model = version.data, firmware] = /^(NE[^V]*)V(.*)$/.exec(version.data) ?? [];
  const wrong = await setDiameter(line, settings["diameter"] as number, version.prompt === "S", signal);
  if (wrong !== undefined) return wrong;
  const programs = version.prompt === "S" ? await clearProgram(line, signal) : true;
  if (typeof programs === "object") return programs;
  const volume = await line.ask("VOL", signal);
  if (volume.kind === "problem") return volume;
  if (!/[UM]L$/.test(volume.data)) return line.unreadable("VOL", volume.data);
  context.note(`${context.name}: the driver for the NE-1000 was tried with a simulated pump only`);
  return new Pump(context, line, {
    identity: { model, ...(firmware === undefined ? {} : { firmware }) },
    declaration: declareFor(settings),
    unit: volume.data.endsWith("ML") ? 1 : 1e-3,
    programs,
    rate: (settings["rate"] as number | undefined) ?? rateLimits(settings["diameter"] as number).fastest / 2,
  });
}

/** Sets the diameter only when it differs, since setting it clears the volumes that settling needs. */
async function setDiameter(
  line: PumpLine,
  diameter: number,
  stopped: boolean,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const set = await line.ask("DIA", signal);
  if (set.kind === "problem") return set;
  const field = numberField(diameter) as string;
  if (Number(set.data) === Number(field)) return undefined;
  if (stopped) return line.askAll([`DIA${field}`], signal);
  const fault = {
    code: "instrument.wrong-syringe",
    message: `${line.name} is running with a syringe of ${set.data} mm, but the lab file has ${field} mm`,
    advice: "stop the pump and check its syringe",
  };
  return { kind: "problem", fault, sent: false };
}

/**
 * Ends the program after its first phase, or the pump would go on with an old one after the volume; phase 3
 * never runs and keeps the mark of a command.
 *
 * @returns whether the pump has programs; models without answer "?"
 */
async function clearProgram(line: PumpLine, signal: AbortSignal): Promise<boolean | Problem> {
  const first = await line.send("PHN2", signal, 3);
  if (first.kind === "refused" && first.error === "?") return false;
  const failed = line.accepted("PHN2", first);
  if (failed.kind === "problem") return failed;
  const problem = await line.askAll(["FUNSTP", "PHN3", "FUNRAT", "PHN1", "FUNRAT"], signal);
  return problem ?? true;
}
