import { describeDuration, shortQuantity } from "../cli/describe.ts";
import { type Markup, markup } from "./markup.ts";
import { headedTable } from "./table.ts";
import type { ToldCampaign, Usage } from "./told-campaign.ts";

/** What was used: experiments and time of the budget, consumables, stock and waste, and instruments. */
export function usedSection({ loaded, account, uses, actions, from, to }: ToldCampaign): Markup {
  const { budget } = loaded.campaign.definition;
  const done = account.measured + account.failed;
  const rows = [
    ["experiments", `${done}`, `${budget.experiments}`, `${Math.max(0, budget.experiments - done)} left`],
    [
      "time",
      describeDuration(to - from),
      budget.milliseconds === undefined ? "no limit" : describeDuration(budget.milliseconds),
      budget.milliseconds === undefined
        ? ""
        : `${describeDuration(Math.max(0, budget.milliseconds - (to - from)))} left`,
    ],
    ...uses.map(usageRow),
  ];
  const busy = Object.keys(loaded.campaign.roles).map((role) => {
    const own = actions.filter((action) => action.role === role);
    const time = own.reduce((sum, action) => sum + action.to - action.from, 0);
    const share = to > from ? `${Math.round((100 * time) / (to - from))} %` : "";
    return [role, own.length, describeDuration(time), share];
  });
  return markup`<h2>What was used</h2>
${headedTable(["", "used", "of", ""], rows)}
<h3>Instruments at work</h3>
${headedTable(["instrument", "actions", "at work", "share of the time"], busy)}`;
}

function usageRow({ name, unit, used, of, left, kind }: Usage): string[] {
  const amount = (value: number): string => shortQuantity(value, unit);
  const rest =
    left === undefined
      ? "a simulated campaign leaves the lab's stock as it is"
      : `${amount(left)} ${kind === "waste" ? "of room" : "left to use"}`;
  const what = { budget: "of the budget", stock: "stock", waste: "waste" }[kind];
  return [`${name} (${what})`, amount(used), amount(of), rest];
}
