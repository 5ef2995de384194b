import { parseQuantity } from "../../../base/quantity.ts";
import { suggest } from "../../../base/suggest.ts";
import { describeDimension, fromSi, sameDimension, tidy, toSi } from "../../../base/unit.ts";
import { loadLab } from "../../../lab/load-campaign.ts";
import { countStock, roomIn, type StockLevel } from "../../../lab/stock/count-stock.ts";
import { describeAmount, type Supply } from "../../../lab/stock/supply.ts";
import type { RefillRow } from "../../../record/store.ts";
import { CliError } from "../cli-error.ts";
import { describeTime } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { person } from "../follow.ts";
import { namedValue } from "../named-value.ts";
import { withDatabase } from "../session.ts";
import { type CommonOptions, openTerminal, report, type Terminal } from "../terminal.ts";

interface StockOptions extends CommonOptions {
  readonly refill?: readonly string[];
  readonly emptied?: readonly string[];
}

/** `labloop stock`: what is left of a lab's reagents and in its waste; keeps that somebody refilled or emptied it. */
export async function stock(file: string, options: StockOptions): Promise<number> {
  const terminal = openTerminal(options);
  const loading = await loadLab(file);
  if (loading.kind === "faults") {
    report(terminal, loading.faults);
    return EXIT.badInput;
  }
  const { name, supplies, zone } = loading.lab;
  const about = { by: person(), time: new Date().toISOString() };
  const refills = [
    ...(options.refill ?? []).map((each) => ({ ...refilled(supplies, each), ...about })),
    ...(options.emptied ?? []).map((each) => ({ ...emptied(supplies, each), ...about })),
  ];
  return withDatabase(options, async (store) => {
    for (const refill of refills) await store.keepRefill(name, refill);
    const levels = await countStock(store, name, supplies);
    if (levels.length === 0) terminal.say(`${file} has neither \`stock:\` nor \`waste:\``);
    for (const level of levels) tell(terminal, level, zone);
    return EXIT.concluded;
  });
}

function refilled(supplies: readonly Supply[], text: string): Pick<RefillRow, "item" | "amount"> {
  const [item, amount] = namedValue("--refill", text, "dye-cyan=500mL");
  const supply = supplyNamed(supplies, "stock", item);
  const said = parseQuantity(amount);
  const problem =
    said.kind === "problem"
      ? said.message
      : !sameDimension(said.unit.dimension, supply.unit.dimension)
        ? `"${amount}" is ${describeDimension(said.unit.dimension)}, but ${describeDimension(supply.unit.dimension)} is expected`
        : toSi(said.value, said.unit) < 0
          ? `"${amount}" is less than nothing`
          : undefined;
  if (problem === undefined) return { item, amount };
  throw new CliError({
    code: "cli.bad-refill",
    message: `--refill ${item}: ${problem}`,
    advice: `write what is there now, such as --refill ${item}=${describeAmount(supply, supply.holds).replace(" ", "")}`,
  });
}

function emptied(supplies: readonly Supply[], item: string): Pick<RefillRow, "item" | "amount"> {
  return { item, amount: `0 ${supplyNamed(supplies, "waste", item).unit.symbol}` };
}

function supplyNamed(supplies: readonly Supply[], kind: Supply["kind"], name: string): Supply {
  const known = supplies.filter((each) => each.kind === kind);
  const found = known.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new CliError({
    code: "cli.bad-refill",
    message: `the lab has no ${kind} "${name}"`,
    advice: suggest(
      name,
      known.map((each) => each.name),
      "it has",
    ),
  });
}

function tell(terminal: Terminal, level: StockLevel, zone: string): void {
  const { supply, since, uses } = level;
  const { kind, name, unit } = supply;
  const inUnit = (si: number): number => tidy(fromSi(si, unit));
  if (terminal.json) {
    terminal.emit({
      event: "stock",
      kind,
      name,
      unit: unit.symbol,
      [kind === "stock" ? "left" : "filled"]: inUnit(level.level),
      usable: inUnit(roomIn(level)),
      ...(since && { since: { time: since.time, by: since.by, amount: since.amount } }),
      uses: uses.map(({ campaign, amount }) => ({ campaign, amount: inUnit(amount) })),
    });
    return;
  }
  const show = (si: number): string => describeAmount(supply, si);
  const state =
    kind === "stock"
      ? `${show(level.level)} left${supply.reserve > 0 ? `, ${show(supply.reserve)} of it in reserve` : ""}`
      : `${show(level.level)} of ${show(supply.holds)} full`;
  terminal.print(
    `${terminal.paint(roomIn(level) > 0 ? "bold" : "red", name)}  ${state}, ${origin(level, zone)}`,
  );
  for (const { campaign, amount } of uses) terminal.print(`  ${show(amount)} in ${campaign}`);
}

function origin({ supply, since }: StockLevel, zone: string): string {
  if (since === undefined) return supply.kind === "stock" ? "as the lab file declares" : "never emptied";
  const what = supply.kind === "stock" ? `${since.amount} refilled` : "emptied";
  return `${what} by ${since.by} at ${describeTime(Date.parse(since.time), zone)}`;
}
