import { hash } from "node:crypto";
import type { LoopDefinition } from "../../loop/definition.ts";
import { whyFailed } from "./csv-export.ts";
import type { ActionRecord, ExperimentRecord } from "./experiment-record.ts";

/** A document of the Bluesky event model with its kind. */
export type BlueskyDocument = readonly ["start" | "descriptor" | "event" | "stop", Record<string, unknown>];

/** What a run's start says of the campaign. */
export interface CampaignFacts {
  readonly id: string;
  readonly name: string;
  readonly seed: number;
  readonly simulated: boolean;
}

interface DataKey {
  readonly dtype: "number" | "string";
  readonly shape: readonly never[];
  readonly source: string;
  readonly units?: string;
}

interface StreamEvent {
  readonly time: number;
  readonly data: Readonly<Record<string, number | string>>;
}

/**
 * Documents of the Bluesky event model, one run for each experiment that ended: the stream `primary` with the
 * measurements, `baseline` with the setting at the beginning and the end, and a stream for each action of an
 * instrument with its arguments and readings. The same journal gives the same documents.
 * Source: event-model 1.24, https://blueskyproject.io/event-model
 */
export function exportBluesky(
  records: readonly ExperimentRecord[],
  definition: LoopDefinition,
  campaign: CampaignFacts,
): BlueskyDocument[] {
  return records
    .filter(({ state }) => state !== "open" && state !== "refused")
    .flatMap((record) => runOf(record, definition, campaign));
}

function runOf(
  record: ExperimentRecord,
  definition: LoopDefinition,
  campaign: CampaignFacts,
): BlueskyDocument[] {
  const uid = (part: string): string => uuid(`${campaign.id} ${record.number} ${part}`);
  const began = seconds(record.suggestedAt);
  const ended = seconds(record.endedAt);
  const start: BlueskyDocument = [
    "start",
    {
      uid: uid("start"),
      time: began,
      scan_id: record.number,
      plan_name: campaign.name,
      campaign: campaign.id,
      seed: campaign.seed,
      simulated: campaign.simulated,
      suggestion_method: record.reasons.method,
    },
  ];
  const streams = streamsOf(record, definition);
  const documents = [...streams].flatMap(([name, { keys, events }]) =>
    streamDocuments({ name, keys, events, began, uid }),
  );
  const stop: BlueskyDocument = [
    "stop",
    {
      uid: uid("stop"),
      run_start: uid("start"),
      time: ended,
      exit_status: record.state === "measured" ? "success" : "fail",
      reason: whyFailed(record),
      num_events: Object.fromEntries([...streams].map(([name, { events }]) => [name, events.length])),
    },
  ];
  return [start, ...documents, stop];
}

interface Stream {
  readonly keys: Readonly<Record<string, DataKey>>;
  readonly events: StreamEvent[];
}

function streamsOf(record: ExperimentRecord, definition: LoopDefinition): Map<string, Stream> {
  const streams = new Map<string, Stream>();
  const setting = keyed(record.setting);
  const units = new Map(
    definition.experiment.parameters.flatMap((each) =>
      each.kind === "categorical" ? [] : [[safe(each.name), each.unit] as const],
    ),
  );
  streams.set("baseline", {
    keys: keysOf(setting, "setting", units),
    events: [
      { time: seconds(record.suggestedAt), data: setting },
      { time: seconds(record.endedAt), data: setting },
    ],
  });
  streams.set("primary", primaryOf(record, definition));
  for (const action of record.actions) addAction(streams, action);
  return streams;
}

function primaryOf(record: ExperimentRecord, { measurements }: LoopDefinition): Stream {
  const names = measurements.flatMap(({ name }) => [safe(name), `${safe(name)}_uncertainty`]);
  const units = measurements.flatMap(({ unit }) => [unit.symbol, unit.symbol]);
  const keys = Object.fromEntries(names.map((name, k) => [name, dataKey("number", "measurement", units[k])]));
  if (record.state !== "measured") return { keys, events: [] };
  const values = measurements.flatMap(({ name }) => {
    const measured = record.values[name];
    return [measured?.value ?? Number.NaN, measured?.standardUncertainty ?? Number.NaN];
  });
  const data = Object.fromEntries(names.map((name, k) => [name, values[k] as number]));
  return { keys, events: [{ time: seconds(record.endedAt), data }] };
}

function addAction(streams: Map<string, Stream>, { time, event }: ActionRecord): void {
  if (event.type !== "action.finished") return;
  const data = { ...keyed(event.arguments), ...keyed(event.readings) };
  const usual = safe(`${event.instrument}_${event.action}`);
  // Every event of a stream has the same keys, so that an action with other readings gets a stream of its own.
  for (let n = 1; ; n++) {
    const name = n === 1 ? usual : `${usual}_${n}`;
    const stream = streams.get(name);
    if (stream === undefined) {
      const keys = keysOf(data, `${event.instrument} ${event.action}`, new Map());
      streams.set(name, { keys, events: [{ time: seconds(time), data }] });
      return;
    }
    if (Object.keys(stream.keys).join() !== Object.keys(data).join()) continue;
    stream.events.push({ time: seconds(time), data });
    return;
  }
}

interface StreamInput extends Stream {
  readonly name: string;
  readonly began: number;
  uid(part: string): string;
}

function streamDocuments({ name, keys, events, began, uid }: StreamInput): BlueskyDocument[] {
  const descriptor: BlueskyDocument = [
    "descriptor",
    {
      uid: uid(`descriptor ${name}`),
      run_start: uid("start"),
      time: events[0]?.time ?? began,
      name,
      data_keys: keys,
    },
  ];
  return [
    descriptor,
    ...events.map(
      ({ time, data }, k): BlueskyDocument => [
        "event",
        {
          uid: uid(`event ${name} ${k + 1}`),
          descriptor: uid(`descriptor ${name}`),
          time,
          seq_num: k + 1,
          data,
          timestamps: Object.fromEntries(Object.keys(data).map((key) => [key, time])),
        },
      ],
    ),
  ];
}

function keysOf(
  data: Readonly<Record<string, number | string>>,
  source: string,
  units: ReadonlyMap<string, string>,
): Record<string, DataKey> {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      dataKey(typeof value === "number" ? "number" : "string", source, units.get(name)),
    ]),
  );
}

function dataKey(dtype: DataKey["dtype"], source: string, units: string | undefined): DataKey {
  return { dtype, shape: [], source: `labloop ${source}`, ...(units === undefined ? {} : { units }) };
}

/** Names without "." and "/", which the event model refuses in keys. */
function keyed(data: Readonly<Record<string, number | string>>): Record<string, number | string> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [safe(name), value]));
}

function safe(name: string): string {
  return name.replaceAll(/[./]/g, "_");
}

function seconds(time: string): number {
  return Date.parse(time) / 1000;
}

/** A UUID (version 8, RFC 9562) that is the same for the same text. */
function uuid(text: string): string {
  const hex = hash("sha256", text, "hex");
  const variant = (8 + (Number.parseInt(hex[16] as string, 16) % 4)).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
