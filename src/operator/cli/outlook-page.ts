import { ganttSvg } from "../report/gantt.ts";
import { markup } from "../report/markup.ts";
import { page } from "../report/page.ts";
import { chartOf, outcomesFrom, outlookRows, type Rehearsed, typicalNight } from "./outlook.ts";

/** The outlook on a campaign as one page that needs nothing else, and prints. */
export function outlookPage(told: Rehearsed): string {
  const { loaded, nights, outlook, outcomes } = told;
  const typical = typicalNight(nights);
  const rows = outlookRows(told).map(
    ([about, text]) => markup`<tr><th scope="row">${about}</th><td>${text}</td></tr>`,
  );
  return page(
    `${loaded.campaign.name}: ${outlook.nights} rehearsed nights`,
    markup`<h1>${loaded.campaign.name}</h1>
<p>SIMULATED: ${outlook.nights} rehearsed nights from seed ${loaded.campaign.seed} on, ${loaded.lab.name}. Outcomes ${outcomesFrom(outcomes)}.</p>
<table>${rows}</table>
<h2>A night as it usually goes (seed ${typical.seed})</h2>
${ganttSvg(chartOf(told, typical))}
<p class="key">A bar is an action; neighbouring experiments have different shades, failed actions are open bars with a cross.</p>`,
  );
}
