import { formatQuantity } from "../../../../base/quantity.ts";
import { suggest } from "../../../../base/suggest.ts";
import { type Call, checkCall, type Declaration } from "../../../../instrument/index.ts";
import { CliError } from "../../cli-error.ts";
import { EXIT } from "../../exit-code.ts";
import { atKeyboard } from "../../keyboard.ts";
import { namedQuantities } from "../../named-value.ts";
import { report, type Terminal } from "../../terminal.ts";
import { type OneOptions, type OpenOne, type Traced, withInstrument } from "./open-one.ts";

interface CallOptions extends OneOptions {
  readonly yes?: boolean;
}

/** `labloop instruments call`: one action of one instrument, by hand. */
export function call(
  labFile: string,
  name: string,
  action: string,
  given: readonly string[],
  options: CallOptions,
): Promise<number> {
  return withInstrument(labFile, name, options, {}, (opened) => carryOut(opened, action, given, options));
}

/** `labloop instruments trace`: the same, with every byte that goes over the line. */
export function trace(
  labFile: string,
  name: string,
  action: string,
  given: readonly string[],
  options: CallOptions,
): Promise<number> {
  return withInstrument(labFile, name, options, { trace: showBytes }, (opened) =>
    carryOut(opened, action, given, options),
  );
}

function showBytes(terminal: Terminal, traced: Traced): void {
  if (terminal.json) terminal.emit({ event: "instrument.traced", ...traced });
  else terminal.print(`${traced.from} ${traced.bytes}`);
}

/** `labloop instruments set`: one property of one instrument. */
export function set(
  labFile: string,
  name: string,
  property: string,
  value: string,
  options: CallOptions,
): Promise<number> {
  return withInstrument(labFile, name, options, {}, (opened) => {
    const { properties } = opened.described.declaration;
    if (properties[property]?.settable !== true) {
      const known = Object.entries(properties).flatMap(([each, { settable }]) => (settable ? [each] : []));
      throw new CliError({
        code: "instrument.unknown-property",
        message: `${name} has no property "${property}" that can be set`,
        advice: known.length === 0 ? "use `labloop instruments call`" : suggest(property, known, "it has"),
      });
    }
    return carryOut(opened, `set-${property}`, [`${property}=${value}`], options);
  });
}

async function carryOut(
  opened: OpenOne,
  action: string,
  given: readonly string[],
  { yes }: CallOptions,
): Promise<number> {
  const { terminal, described, instrument, clock, signal, live } = opened;
  const request = {
    action,
    arguments: namedQuantities("argument", given, "volume=2mL"),
    key: `by hand ${clock.now()}`,
  };
  // The lab's own limits, which no command leaves.
  const checked = checkCall(described.declaration, request, described.name);
  if (checked.kind === "refused") {
    report(terminal, checked.faults);
    return EXIT.badInput;
  }
  const { call } = checked;
  const effect = described.declaration.actions[action]?.effect;
  if (live && effect !== "read" && yes !== true && !(await agreed(opened, call))) {
    terminal.say("nothing was done");
    return EXIT.stoppedByPerson;
  }
  const outcome = await instrument.perform(call, signal);
  if (terminal.json) terminal.emit({ event: "instrument.called", name: described.name, call, outcome });
  if (outcome.kind === "failed") {
    report(terminal, [outcome.fault]);
    terminal.warn(
      outcome.effect === "none" ? "certainly nothing happened" : "something may have happened: look at it",
    );
    return outcome.effect === "none" ? EXIT.instrument : EXIT.unknown;
  }
  if (terminal.json) return EXIT.concluded;
  for (const [reading, value] of Object.entries(outcome.readings))
    terminal.print(`${reading.padEnd(20)} ${shown(described.declaration, action, { reading, value })}`);
  for (const flag of outcome.flags ?? []) terminal.warn(terminal.paint("yellow", `flag: ${flag}`));
  terminal.say(terminal.paint("green", `${described.name}.${action} is done`));
  return EXIT.concluded;
}

function shown(
  { actions }: Declaration,
  action: string,
  { reading, value }: { reading: string; value: number },
): string {
  return formatQuantity({ value, unit: actions[action]?.readings[reading]?.unit ?? "1" });
}

/** Asks before anything moves; without a keyboard nobody can agree. */
async function agreed(
  { terminal, described: { name }, signal }: OpenOne,
  { action, arguments: given }: Call,
): Promise<boolean> {
  const what = Object.entries(given).map(([argument, value]) => `${argument} ${value}`);
  if (!process.stdin.isTTY)
    throw new CliError({
      code: "cli.not-agreed",
      message: `${name}.${action} changes something, and nobody can be asked here`,
      advice: "add --yes when it may be done",
    });
  terminal.warn(terminal.paint("yellow", `a real instrument will act: ${name}.${action} ${what.join(", ")}`));
  const typed = await atKeyboard(signal, (question) => question("go on? [y/N] "));
  return typed.kind === "typed" && /^y(es)?$/i.test(typed.value.trim());
}
