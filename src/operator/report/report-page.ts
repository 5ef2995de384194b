import { describeDuration, describeMode, describeTime } from "../cli/describe.ts";
import { askedSection } from "./asked-section.ts";
import { experimentsSection } from "./experiments-section.ts";
import { bestText, foundSection } from "./found-section.ts";
import { attentionSection, happenedSection } from "./happened-section.ts";
import { embedded, type Markup, markup } from "./markup.ts";
import { nextSection } from "./next-section.ts";
import { page } from "./page.ts";
import { repeatSection } from "./repeat-section.ts";
import { factTable } from "./table.ts";
import type { ToldCampaign } from "./told-campaign.ts";
import { trustedSection } from "./trusted-section.ts";
import { usedSection } from "./used-section.ts";

/**
 * The report of a campaign as one page that needs nothing else, and prints.
 *
 * @param madeAt - milliseconds since 1970
 */
export function reportPage(told: ToldCampaign, madeAt: number): string {
  const { loaded, row } = told;
  return page(
    `${loaded.campaign.name}: report of ${row.key}`,
    markup`<h1>${loaded.campaign.name}</h1>
${loaded.campaign.description === undefined ? undefined : markup`<p>${loaded.campaign.description.trim()}</p>`}
${summary(told, madeAt)}
${brokenJournal(told)}
${attentionSection(told)}
${foundSection(told)}
${nextSection(told)}
${happenedSection(told)}
${usedSection(told)}
${trustedSection(told)}
${askedSection(told)}
${experimentsSection(told)}
${repeatSection(told)}
${embedded("labloop-report", dataOf(told, madeAt))}`,
  );
}

function summary(told: ToldCampaign, madeAt: number): Markup {
  const { row, started, state, reason, account, from, to, loaded } = told;
  const { zone, name } = loaded.lab;
  const { measured, failed, refused } = account;
  return factTable([
    ["campaign", `${row.key}, seed ${started.seed}`],
    ["lab", `${name}; ${started.mode === "live" ? "LIVE" : "SIMULATED"}: ${describeMode(started.mode)}`],
    ["state", `${state}${reason === null ? "" : `: ${reason}`}`],
    [
      "time",
      `${describeTime(from, zone)} to ${describeTime(to, zone)} (${zone}), ${describeDuration(to - from)}`,
    ],
    ["experiments", `${measured} measured, ${failed} failed, ${refused} refused`],
    ["best", bestText(told)],
    ["report made", describeTime(madeAt, zone)],
  ]);
}

function brokenJournal({ faults }: ToldCampaign): Markup | undefined {
  return faults.length === 0
    ? undefined
    : markup`<div class="banner alarm"><strong>The journal is not intact.</strong> What follows rests on the entries before the first one that is wrong. ${faults.map(({ message }) => message).join("; ")}</div>`;
}

/** What programs read of a report. */
function dataOf(told: ToldCampaign, madeAt: number): Record<string, unknown> {
  const { row, state, reason, started, account, records, hypotheses, next, optimum, incidents } = told;
  const { files, entries, headHash, faults, uses, alarms } = told;
  return {
    labloop: 1,
    campaign: row.id,
    key: row.key,
    name: row.name,
    state,
    reason,
    mode: started.mode,
    seed: started.seed,
    made: new Date(madeAt).toISOString(),
    best: account.best,
    ...(optimum && { optimum }),
    hypotheses,
    next,
    experiments: records.map(
      ({ number, state: ended, setting, values, reasons, suggestedAt, endedAt, unusable }) => {
        return {
          number,
          state: ended,
          setting,
          values,
          predicted: reasons.predicted,
          suggestedAt,
          endedAt,
          unusable,
        };
      },
    ),
    incidents: incidents.map(({ at, what, text }) => ({ time: new Date(at).toISOString(), what, text })),
    alarms: alarms.map(({ name, priority, cause }) => ({ name, priority, cause })),
    uses,
    files,
    journal: { entries, headHash, intact: faults.length === 0 },
  };
}
