import { type Markup, markup } from "./markup.ts";

/** A page that needs nothing else: nothing is loaded, nothing runs, and it prints on A4. */
export function page(title: string, body: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
${body}
</body>
</html>
`.markup;
}

const STYLE = `
@page { size: A4; margin: 15mm }
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 1000px; margin: 2em auto; padding: 0 1em }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em; border-bottom: 2px solid #222 } h3 { font-size: 1em; margin: 1.4em 0 .3em }
h1, h2, h3 { break-after: avoid }
table { border-collapse: collapse; width: 100% }
th { text-align: left; vertical-align: top; white-space: nowrap; padding: .25em 1.2em .25em 0; font-weight: 600 }
td { vertical-align: top; padding: .25em .8em .25em 0; border-bottom: 1px solid #ddd; overflow-wrap: anywhere }
tr { break-inside: avoid } thead { display: table-header-group } thead th { border-bottom: 1px solid #222; white-space: normal }
table.wide { font-size: .8em } table.wide td:first-child, table.log td:nth-child(-n+3) { white-space: nowrap } td.number, th.number { text-align: right; padding-right: 1.6em; font-variant-numeric: tabular-nums; overflow-wrap: normal }
svg { width: 100%; height: auto; display: block } svg text { font: 13px system-ui, sans-serif; fill: #222 } svg line { stroke: #ddd }
figure { margin: 1em 0; break-inside: avoid } figcaption { color: #555; font-size: .9em }
.side { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1em } .side figure { margin: .5em 0 }
.odd { fill: #2a6f97 } .even { fill: #89c2d9 } .failed { fill: #fff; stroke: #b3001b; stroke-width: 2 } .band { fill: #eee; stroke: #999; stroke-dasharray: 3 3 }
svg .axis { stroke: #222 } svg .stroke { stroke: #222; fill: none; stroke-width: 1.6 } svg .mark { stroke: #222; stroke-width: 1.2 }
.key { color: #555; font-size: .9em }
.banner { border: 2px solid #222; padding: .5em .8em; margin: 1em 0 } .alarm { border-left: 8px solid #b3001b }
pre { font: 11px/1.35 ui-monospace, monospace; border: 1px solid #ddd; padding: .6em; white-space: pre-wrap; overflow-wrap: anywhere }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 11px } svg text { font-size: 12px } pre { font-size: 8.5px } }
@media (max-width: 700px) { .side { grid-template-columns: 1fr } }
`;
