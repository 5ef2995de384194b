import { escaped, ganttSvg } from "./gantt.ts";
import { chartOf, outcomesFrom, outlookLines, type Rehearsed, typicalNight } from "./outlook.ts";

/** The outlook on a campaign as one page that needs nothing else, and prints. */
export function outlookPage(told: Rehearsed): string {
  const { loaded, nights, outlook } = told;
  const typical = typicalNight(nights);
  const rows = outlookLines(told).map((line) => {
    const [name, text] = [line.slice(0, 13).trim(), line.slice(13)];
    return `<tr><th scope="row">${escaped(name)}</th><td>${escaped(text)}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(loaded.campaign.name)}: ${outlook.nights} rehearsed nights</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(loaded.campaign.name)}</h1>
<p>SIMULATED: ${outlook.nights} rehearsed nights from seed ${loaded.campaign.seed} on, ${escaped(loaded.lab.name)}. Outcomes ${escaped(outcomesFrom(loaded))}.</p>
<table>${rows.join("")}</table>
<h2>A night as it usually goes (seed ${typical.seed})</h2>
${ganttSvg(chartOf(told, typical))}
<p class="key">A bar is an action; neighbouring experiments have different shades, failed actions are red.</p>
</body>
</html>
`;
}

const STYLE = `
@page { size: A4; margin: 15mm }
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 1000px; margin: 2em auto; padding: 0 1em }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em }
table { border-collapse: collapse; width: 100% }
th { text-align: left; vertical-align: top; white-space: nowrap; padding: .25em 1.2em .25em 0; font-weight: 600 }
td { padding: .25em 0; border-bottom: 1px solid #ddd; overflow-wrap: anywhere }
svg { width: 100%; height: auto } svg text { font: 13px system-ui, sans-serif; fill: #222 } svg line { stroke: #ddd }
.odd { fill: #2a6f97 } .even { fill: #89c2d9 } .failed { fill: #b3001b }
.key { color: #555; font-size: .9em }
`;
