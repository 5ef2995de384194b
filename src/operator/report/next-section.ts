import type { Suggestion } from "../../experiment/design/task/suggestion.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import { describeReasons, describeSetting, describeShare, short } from "../cli/describe.ts";
import { type Markup, markup } from "./markup.ts";
import { factTable } from "./table.ts";
import type { ToldCampaign } from "./told-campaign.ts";

/** What the campaign would try next, by its own strategy. */
export function nextSection({ next, loaded, state, reason }: ToldCampaign): Markup {
  const { parameters } = loaded.campaign.definition.experiment;
  const over =
    state === "concluded"
      ? markup`<p>The campaign is over (${reason ?? "concluded"}): this is what it would try if it went on.</p>`
      : undefined;
  if (next.kind === "none")
    return markup`<h2>What to try next</h2><p>Nothing can be suggested: ${next.why}.</p>`;
  return markup`<h2>What to try next</h2>${over}
${factTable([
  ["setting", describeSetting(next.suggestion.setting, parameters)],
  ["why", describeReasons(next.suggestion.reasons)],
  ...reasonRows(next.suggestion, parameters),
  ["under way", next.pending.map((each) => describeSetting(each, parameters)).join("; ")],
])}`;
}

function reasonRows(
  { reasons }: Suggestion,
  parameters: readonly Parameter[],
): (readonly [string, string | undefined])[] {
  const { perHypothesis, viability, nearest, runnerUp, incumbent } = reasons;
  return [
    ...perHypothesis.map(({ name, measurement, weight, mean, sd }) => {
      return [
        "expected",
        `${measurement} ${short(mean)} ± ${short(sd)} by ${name} (${describeShare(weight)})`,
      ] as const;
    }),
    [
      "best so far",
      incumbent && `experiment ${incumbent.experiment}, believed to give ${short(incumbent.value)}`,
    ],
    [
      "nearest tried",
      nearest && `experiment ${nearest.experiment}, at distance ${short(nearest.distance)} of the unit cube`,
    ],
    ["ahead of", runnerUp && describeSetting(runnerUp.setting, parameters)],
    ["gives a result", viability === undefined ? undefined : `with ${describeShare(viability)} probability`],
  ];
}
