import type { Campaign } from "../../campaign/compile/campaign.ts";
import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { nextOpenSpan, openSpans, type Window } from "../../campaign/window/window.ts";
import type { WrittenUseWindow } from "../../campaign/window/window-schema.ts";
import type { WindowRules } from "../../loop/definition.ts";
import type { Plan } from "../../loop/plan.ts";
import type { LabDescription } from "../lab-description.ts";
import { readLastStart, windowOf } from "./lab-windows.ts";

/** When the experiments of a campaign may happen, and what is kept then. */
export interface CampaignWindows {
  readonly windows: readonly Window[];
  /** Undefined where any time will do. */
  readonly rules?: WindowRules;
}

/**
 * The windows of a campaign: its own, its lab's, those of the instruments that it uses, and those of people where a step
 * needs one.
 *
 * @param longest - works out the milliseconds that an experiment takes at most, at the setting at which that is least
 * @param from - when it could begin, milliseconds since 1970
 */
export function campaignWindows(
  faults: FaultCollector,
  written: WrittenUseWindow | undefined,
  campaign: Campaign,
  { windows: lab }: Pick<LabDescription, "windows">,
  longest: () => number,
  from: number,
): CampaignWindows {
  const { zone, lab: ofLab, byInstrument, people, park } = lab;
  const own = written && windowOf(written, zone, []);
  const used = new Set(Object.values(campaign.roles));
  const ofInstruments = Object.entries(byInstrument).flatMap(([name, window]) =>
    used.has(name) ? [window] : [],
  );
  const { plan, sharing } = campaign.definition.experiment;
  const ofPeople = people !== undefined && needsPerson(plan, campaign, lab.attended) ? [people] : [];
  const windows = [ofLab ?? [], own ?? [], ofInstruments, ofPeople].flat();
  if (windows.length === 0) return { windows };
  const lastStart = (written && readLastStart(faults, written)) ?? lab.lastStart;
  const one = plan.reduce(
    (sum, each) => (each.kind === "action" && each.always ? sum + each.step.within : sum),
    0,
  );
  // Experiments that are under way at the same time may have to clean up one after the other.
  const cleanUp = one * (sharing?.atOnce ?? 1);
  check(faults, { windows, least: lastStart ?? longest() + park, from });
  return { windows, rules: { cleanUp, park, ...(lastStart !== undefined && { lastStart }) } };
}

/** Whether somebody has to be there: for a question, or as an instrument. */
function needsPerson(plan: Plan, { roles }: Campaign, attended: ReadonlySet<string>): boolean {
  return plan.some(
    (each) =>
      (each.kind === "note" && each.confirm) ||
      (each.kind === "action" && attended.has(roles[each.step.role] ?? each.step.role)),
  );
}

interface Checked {
  readonly windows: readonly Window[];
  /** Milliseconds that an experiment needs. */
  readonly least: number;
  readonly from: number;
}

function check(faults: FaultCollector, { windows, least, from }: Checked): void {
  const path = ["window"];
  if (least === Infinity)
    return faults.add(
      "campaign.window-unbounded",
      path,
      "nobody knows how long an experiment takes at most, so that none would ever be begun in a window",
      'say how long before its end no experiment begins: `window: { …, last_start: "30 min" }`',
    );
  if (nextOpenSpan(windows, from) === undefined)
    return faults.add(
      "campaign.no-window",
      path,
      windows.length > 1
        ? "the windows of the campaign, the lab, its instruments and people are never open at the same time"
        : "this window never opens within a year",
      "compare their days, times and holidays",
    );
  if (nextOpenSpan(windows, from, least) !== undefined) return;
  const most = Math.max(...windows.map((window) => longestOf(window, from)));
  faults.add(
    "campaign.window-too-short",
    path,
    `an experiment takes up to ${inMinutes(least)}, parking included, and the windows are open for less (at most ${inMinutes(most)} each)`,
    "open them for longer, or shorten the deadlines of the procedure's steps",
  );
}

function longestOf(window: Window, from: number): number {
  let longest = 0;
  for (const span of openSpans(window, from)) longest = Math.max(longest, span.to - span.from);
  return longest;
}

function inMinutes(milliseconds: number): string {
  return `${Math.round(milliseconds / 60_000)} min`;
}
