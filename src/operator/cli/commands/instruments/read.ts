import { sleep } from "../../../../base/clock.ts";
import { convert, formatQuantity, parseQuantity } from "../../../../base/quantity.ts";
import { suggest } from "../../../../base/suggest.ts";
import { sameDimension, unitOf } from "../../../../base/unit.ts";
import { CliError } from "../../cli-error.ts";
import { EXIT } from "../../exit-code.ts";
import { report } from "../../terminal.ts";
import { wholeNumber } from "../../whole-number.ts";
import { type OneOptions, type OpenOne, withInstrument } from "./open-one.ts";

/** `labloop instruments read`: what an instrument has at this moment. */
export function read(
  labFile: string,
  name: string,
  property: string | undefined,
  options: OneOptions,
): Promise<number> {
  return withInstrument(labFile, name, options, {}, (opened) => look(opened, wanted(opened, property)));
}

/** `labloop instruments watch`: the same again and again, until Ctrl-C. */
export function watch(
  labFile: string,
  name: string,
  property: string | undefined,
  options: OneOptions & { readonly every?: string; readonly times?: string },
): Promise<number> {
  const every = milliseconds(options.every ?? "1 s");
  const times = wholeNumber("--times", options.times) ?? Number.POSITIVE_INFINITY;
  return withInstrument(labFile, name, options, { realTime: true }, async (opened) => {
    const properties = wanted(opened, property);
    for (let i = 0; i < times && !opened.signal.aborted; i++) {
      if (i > 0) await sleep(opened.clock, every, opened.signal).catch(() => undefined);
      if (opened.signal.aborted) break;
      // A reading that fails is shown, and the next is tried.
      await look(opened, properties);
    }
    return EXIT.concluded;
  });
}

function wanted({ described }: OpenOne, property: string | undefined): readonly string[] {
  const known = Object.entries(described.declaration.properties).flatMap(([name, { readable }]) =>
    readable ? [name] : [],
  );
  if (property === undefined && known.length > 0) return known;
  if (property !== undefined && known.includes(property)) return [property];
  throw new CliError({
    code: "instrument.unknown-property",
    message:
      property === undefined
        ? `${described.name} has no properties that can be read`
        : `${described.name} has no property "${property}" that can be read`,
    advice: known.length === 0 ? "use `labloop instruments call`" : suggest(property ?? "", known, "it has"),
  });
}

async function look(
  { terminal, described, instrument, clock, signal }: OpenOne,
  properties: readonly string[],
): Promise<number> {
  let code: number = EXIT.concluded;
  const at = new Date(clock.now()).toISOString();
  for (const property of properties) {
    const value = await instrument.read?.(property, signal);
    const unit = described.declaration.properties[property]?.unit ?? "1";
    if (terminal.json)
      terminal.emit({ event: "instrument.read", name: described.name, at, property, unit, ...value });
    else if (value?.kind === "value")
      terminal.print(`${at}  ${property.padEnd(22)} ${formatQuantity({ value: value.value, unit })}`);
    if (value?.kind !== "failed") continue;
    if (!terminal.json) report(terminal, [value.fault]);
    code = EXIT.instrument;
  }
  return code;
}

function milliseconds(text: string): number {
  const parsed = parseQuantity(text);
  const isTime = parsed.kind === "quantity" && sameDimension(parsed.unit.dimension, unitOf("s").dimension);
  const value = isTime ? convert({ value: parsed.value, unit: parsed.unit.symbol }, "s") * 1000 : 0;
  if (value >= 10) return value;
  throw new CliError({
    code: "cli.bad-time",
    message: `--every "${text}" is no time`,
    advice: "write it as --every 1s",
  });
}
