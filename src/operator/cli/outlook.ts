import { unitOf } from "../../base/unit.ts";
import type { LoadedCampaign } from "../../lab/load-campaign.ts";
import type { Night } from "../../lab/rehearse/night.ts";
import { isDrawn, type Lacking, type OutcomeModel } from "../../lab/rehearse/outcome-model.ts";
import type { Outlook, Spread, Use } from "../../lab/rehearse/outlook.ts";
import type { GanttChart } from "../report/gantt.ts";
import { describeDuration, short } from "./describe.ts";

/** What is told of rehearsed nights. */
export interface Rehearsed {
  readonly loaded: LoadedCampaign;
  readonly outcomes: OutcomeModel;
  /** Actions whose durations are learned, and from how many. */
  readonly learned: readonly string[];
  readonly nights: readonly Night[];
  readonly outlook: Outlook;
  readonly uses: readonly (Use & { readonly unit: string })[];
  readonly until: number | undefined;
}

/** The night that ends in the middle of all. */
export function typicalNight(played: readonly Night[]): Night {
  const inOrder = [...played].sort((a, b) => a.to - a.from - (b.to - b.from));
  return inOrder[Math.floor((inOrder.length - 1) / 2)] as Night;
}

/** A night as a chart. */
export function chartOf({ loaded }: Rehearsed, night: Night): GanttChart {
  const roles = Object.keys(loaded.campaign.roles);
  return { roles, actions: night.actions, from: night.from, to: night.to, clock: clockOf(loaded) };
}

function clockOf({ lab }: LoadedCampaign): (moment: number) => string {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: lab.zone, hour: "2-digit", minute: "2-digit" });
  return (moment) => format.format(moment);
}

/** Where the outcomes of a rehearsal come from. */
export function outcomesFrom(model: OutcomeModel): string {
  switch (model.kind) {
    case "process":
      return `come from the simulated process "${model.name}"`;
    case "instruments":
      return "are what simulated instruments read without a process: only times mean something";
    case "earlier results":
      return `are those of the nearest of ${model.results} earlier results: ${describeLacking(model)}`;
    case "prior":
      return `are drawn from the campaign's own prior: ${describeLacking(model)}; what is found means nothing, durations and use do, of nights that go on as long as they may`;
  }
}

function describeLacking({ noSimulator, noProcess }: Lacking): string {
  return [
    ...(noSimulator.length > 0 ? [`no simulator for ${noSimulator.join(", ")}`] : []),
    ...(noProcess.length > 0 ? [`no simulated process for ${noProcess.join(", ")}`] : []),
  ].join(", ");
}

/** What actions take. */
function describeDurations({ learned, outcomes }: Rehearsed): string {
  const standIns = isDrawn(outcomes) ? outcomes.noSimulator : [];
  const others =
    standIns.length > 0 ? `; a second each of ${standIns.join(", ")} where nothing is learned` : "";
  return learned.length === 0
    ? `those of the simulated instruments${others}`
    : `learned from real ones: ${learned.join(", ")}; others as simulated${others}`;
}

/** A line of the outlook: what it is about, and what there is to tell of it. */
export type OutlookRow = readonly [about: string, text: string];

/** The outlook, a line each. */
export function outlookRows(told: Rehearsed): OutlookRow[] {
  const { loaded, outlook, uses, until } = told;
  const clock = clockOf(loaded);
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  const shares = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([name, share]) => `${name} ${percent(share)}`)
      .join(", ");
  const of = (spread: Spread, tell: (value: number) => string): string =>
    outlook.nights === 1
      ? tell(spread.p50)
      : `${tell(spread.p50)} (${tell(spread.p10)} to ${tell(spread.p90)})`;
  const measurements = loaded.campaign.definition.measurements;
  return [
    ["done at", `${of(outlook.end, clock)}${outlook.nights === 1 ? "" : ", 8 of 10 nights within"}`],
    ...(outlook.doneBy !== undefined && until !== undefined
      ? [[`by ${clock(until)}`, `in ${percent(outlook.doneBy)} of the nights`] as const]
      : []),
    ["ends with", shares(outlook.reasons)],
    ["experiments", of(outlook.experiments, short)],
    ...Object.entries(outlook.best).map(([name, spread]): OutlookRow => {
      const unit = measurements.find((each) => each.name === name)?.unit ?? unitOf("1");
      return ["best", `${name} ${of(spread, short)}${unit.symbol === "1" ? "" : ` ${unit.symbol}`}`];
    }),
    ...uses.map(
      (use): OutlookRow => [
        "uses",
        `${use.name}: ${of(use, short)} of ${short(use.available)}${use.unit === "1" ? "" : ` ${use.unit}`}${use.usedUp > 0 ? `; used up in ${percent(use.usedUp)} of the nights` : ""}`,
      ],
    ),
    ["durations", describeDurations(told)],
    ["outcomes", outcomesFrom(told.outcomes)],
    ["at work", shares(outlook.busy)],
    ...outlook.risks.map(
      ({ what, share, after }): OutlookRow => [
        "trouble",
        `in ${percent(share)} of the nights, first after ${describeDuration(after)}: ${what}`,
      ],
    ),
    ...outlook.questions.map(
      ({ what, share, after }): OutlookRow => [
        "would wake",
        `somebody in ${percent(share)} of the nights, first after ${describeDuration(after)}: ${what}`,
      ],
    ),
  ];
}
