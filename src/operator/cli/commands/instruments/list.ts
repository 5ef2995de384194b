import type { Declaration, SettingDeclaration } from "../../../../instrument/index.ts";
import { checkInstruments } from "../../../../lab/check-instruments.ts";
import type { LabDescription, LabInstrument } from "../../../../lab/lab-description.ts";
import { listDrivers } from "../../../../lab/list-drivers.ts";
import { loadLab } from "../../../../lab/load-campaign.ts";
import { CliError } from "../../cli-error.ts";
import { EXIT } from "../../exit-code.ts";
import { type CommonOptions, openTerminal, report, type Terminal } from "../../terminal.ts";

interface InstrumentsOptions extends CommonOptions {
  readonly check?: boolean;
  readonly simulate?: boolean;
  readonly live?: boolean;
  readonly driver?: string;
}

/** `labloop instruments`: the drivers that there are, or the instruments of a lab and whether they answer. */
export async function instruments(labFile: string | undefined, options: InstrumentsOptions): Promise<number> {
  const terminal = openTerminal(options);
  if (labFile === undefined) return showDrivers(terminal, options.driver);
  const loading = await loadLab(labFile);
  if (loading.kind === "faults") {
    report(terminal, loading.faults);
    return EXIT.badInput;
  }
  if (options.check === true) return check(terminal, loading.lab, options);
  for (const instrument of Object.values(loading.lab.instruments)) showInstrument(terminal, instrument);
  terminal.say("");
  terminal.say(
    terminal.paint(
      "dim",
      `\`labloop instruments ${labFile} --check --live\` asks each who it is; nothing moves`,
    ),
  );
  return EXIT.concluded;
}

async function showDrivers(terminal: Terminal, only: string | undefined): Promise<number> {
  const declarations = (await listDrivers()).map(({ declaration }) => declaration);
  const shown = only === undefined ? declarations : declarations.filter(({ id }) => id === only);
  if (shown.length === 0)
    throw new CliError({
      code: "lab.no-driver",
      message: `there is no driver "${only}"`,
      advice: `there are ${declarations.map(({ id }) => id).join(", ")}`,
    });
  for (const declaration of shown) {
    if (terminal.json) terminal.emit({ event: "driver", ...declaration });
    else if (only === undefined) terminal.print(driverLine(declaration));
    else showDeclaration(terminal, declaration);
  }
  if (only === undefined)
    terminal.say(terminal.paint("dim", "`labloop instruments --driver ID` tells all about one of them"));
  return EXIT.concluded;
}

function driverLine({ id, transport, verified, title }: Declaration): string {
  return `${id.padEnd(28)}  ${transport.padEnd(6)}  ${verified.padEnd(14)}  ${title}`;
}

function showDeclaration(terminal: Terminal, declaration: Declaration): void {
  terminal.print(`${terminal.paint("bold", declaration.id)}  ${declaration.title}`);
  terminal.print(`manual     ${declaration.manual}`);
  terminal.print(`transport  ${declaration.transport}${lineOf(declaration)}`);
  terminal.print(`tried      ${declaration.verified}`);
  terminal.print("settings in the lab file");
  for (const [name, setting] of Object.entries(declaration.settings))
    terminal.print(`  ${name.padEnd(16)} ${describeSettingDeclaration(setting)}`);
  terminal.print("actions");
  showActions(terminal, declaration);
}

function lineOf({ line }: Declaration): string {
  return line === undefined
    ? ""
    : `, ${line.baudRate} baud, ${line.dataBits}${line.parity[0]?.toUpperCase()}${line.stopBits}`;
}

function describeSettingDeclaration(setting: SettingDeclaration): string {
  const usual = setting.default === undefined ? "" : `, ${setting.default} unless given`;
  const kind =
    setting.kind === "number"
      ? limits(setting.minimum, setting.maximum, setting.unit)
      : setting.kind === "choice"
        ? setting.choices.join(" | ")
        : "text";
  return `${setting.description} (${kind}${usual}${setting.required === true ? ", required" : ""})`;
}

function limits(minimum: number | undefined, maximum: number | undefined, unit: string): string {
  const shown = unit === "1" ? "" : ` ${unit}`;
  if (minimum === undefined && maximum === undefined) return unit === "1" ? "number" : unit;
  return `${minimum ?? "…"} to ${maximum ?? "…"}${shown}`;
}

const EFFECTS = {
  read: "may be repeated",
  "end-state": "may be repeated",
  once: "done once, never repeated",
};

function showActions(terminal: Terminal, { actions }: Declaration): void {
  for (const [name, action] of Object.entries(actions)) {
    terminal.print(`  ${name.padEnd(16)} ${action.description} (${EFFECTS[action.effect]})`);
    for (const [argument, given] of Object.entries(action.arguments)) {
      const range =
        given.kind === "number"
          ? limits(given.minimum, given.maximum, given.unit)
          : given.choices.join(" | ");
      const optional = given.required === false ? ", optional" : "";
      terminal.print(`    ${argument.padEnd(14)} ${given.description} (${range}${optional})`);
    }
    const readings = Object.entries(action.readings).map(
      ([reading, { unit }]) => `${reading}${unit === "1" ? "" : ` ${unit}`}`,
    );
    if (readings.length > 0) terminal.print(`    gives          ${readings.join(", ")}`);
  }
}

function showInstrument(terminal: Terminal, instrument: LabInstrument): void {
  const { name, driverName, connect, declaration } = instrument;
  if (terminal.json) {
    terminal.emit({ event: "instrument", name, driver: driverName, connect: connect ?? null, declaration });
    return;
  }
  const where =
    connect === undefined
      ? "not plugged in"
      : Object.entries(connect)
          .map((pair) => pair.join(" "))
          .join(", ");
  terminal.print(`${terminal.paint("bold", name)}  ${driverName}, ${where}`);
  showActions(terminal, declaration);
}

async function check(
  terminal: Terminal,
  lab: LabDescription,
  { simulate, live }: InstrumentsOptions,
): Promise<number> {
  if (simulate === live)
    throw new CliError({
      code: "cli.no-mode",
      message: "say which instruments to ask",
      advice: "--live for the real ones, --simulate for their twins",
    });
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  let code: number = EXIT.concluded;
  const checks = checkInstruments({
    lab,
    simulated: simulate === true,
    signal: abort.signal,
    note: (text) => terminal.say(`note: ${text}`),
  });
  for await (const each of checks) {
    if (terminal.json) terminal.emit({ event: "instrument.checked", ...each });
    if (each.kind === "answers") {
      const { model, firmware, serial } = each.identity;
      const details = [model, firmware && `firmware ${firmware}`, serial && `serial ${serial}`];
      terminal.say(
        `${terminal.paint("green", "answers")}  ${each.name}: ${details.filter(Boolean).join(", ")}`,
      );
    } else {
      code = EXIT.instrument;
      report(terminal, [each.fault]);
    }
  }
  return code;
}
