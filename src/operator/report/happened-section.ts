import { formatQuantity } from "../../base/quantity.ts";
import { stateOf } from "../../lab/alarm/alarm.ts";
import { describeDuration, describeTime } from "../cli/describe.ts";
import { STATES } from "../cli/describe-alarm.ts";
import { figure } from "./figures.ts";
import { ganttSvg } from "./gantt.ts";
import { type Markup, markup } from "./markup.ts";
import { headedTable } from "./table.ts";
import type { ToldCampaign } from "./told-campaign.ts";

/** What wants attention: alarms that aren't normal, and trips that nobody acknowledged; nothing where all is well. */
export function attentionSection({ alarms, trips, row, loaded }: ToldCampaign): Markup | undefined {
  const { zone } = loaded.lab;
  const open = trips.filter(({ acknowledged }) => acknowledged === undefined);
  if (alarms.length === 0 && open.length === 0) return undefined;
  return markup`<div class="banner alarm"><strong>What wants attention</strong>
${alarms.map((alarm) => markup`<div><strong>${alarm.priority}: ${alarm.name}</strong> (${STATES[stateOf(alarm)]}, since ${describeTime(alarm.since, zone)}): ${alarm.cause}${alarm.say === undefined ? "" : ` → ${alarm.say}`}</div>`)}
${open.length > 0 ? markup`<div>${open.length === 1 ? "A trip was" : `${open.length} trips were`} not acknowledged: <code>labloop acknowledge ${row.key}</code></div>` : undefined}</div>`;
}

/** What happened when: instruments over the night, and everything that a person should know of. */
export function happenedSection({
  loaded,
  actions,
  incidents,
  rests,
  trips,
  from,
  to,
}: ToldCampaign): Markup {
  const { zone } = loaded.lab;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    ...(to - from > DAY && { day: "2-digit", month: "short" }),
  });
  const numbered = incidents.map((incident, i) => ({ ...incident, number: i + 1 }));
  const marks = numbered
    .filter(({ marked, at }) => marked && at >= from && at <= to)
    .map(({ at, number }) => ({ at, label: String(number) }));
  const chart = {
    roles: Object.keys(loaded.campaign.roles),
    actions,
    from,
    to,
    clock: (moment: number) => format.format(moment),
  };
  const failed = actions.filter((action) => action.failed).length;
  return markup`<h2>What happened when</h2>
${figure(ganttSvg(chart, { marks, bands: rests }), `Times in ${zone}. A bar is an action; neighbouring experiments have different shades; failed actions (${failed}) are open bars with a cross; dashed lines bear the numbers of the table below; grey bands are pauses.`)}
${rests.length === 0 ? undefined : markup`<p>${rests.map(({ from: began, to: ended, label }) => `${label} from ${describeTime(began, zone)}, for ${describeDuration(ended - began)}`).join("; ")}.</p>`}
${headedTable(
  ["", "time", "what", ""],
  numbered.map(({ number, at, what, text }) => [number, describeTime(at, zone), what, text]),
  "log",
)}
${
  trips.length === 0
    ? undefined
    : markup`<h3>Trips of interlocks</h3>
${headedTable(
  ["interlock", "time", "condition", "readings", "then", "acknowledged"],
  trips.map((trip) => [
    trip.interlock,
    describeTime(Date.parse(trip.time), zone),
    trip.condition,
    trip.readings
      .map((each) => `${each.name} ${formatQuantity(each)} at ${describeTime(each.at, zone)}`)
      .join("; "),
    trip.then,
    trip.acknowledged === undefined
      ? "no"
      : `by ${trip.acknowledged.by} at ${describeTime(Date.parse(trip.acknowledged.time), zone)}`,
  ]),
)}`
}`;
}

/** Milliseconds; a chart over more than a day needs the date at its ticks. */
const DAY = 24 * 3600 * 1000;
