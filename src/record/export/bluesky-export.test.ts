import { describe, expect, it } from "vitest";
import { eventModelProblems, haveEventModel } from "../../../test/support/event-model.ts";
import { unitOf } from "../../base/unit.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { LoopEvent } from "../../loop/event.ts";
import { EMPTY_HEAD, type Head, type JournalEntry, link } from "../journal-entry.ts";
import { type BlueskyDocument, exportBluesky } from "./bluesky-export.ts";
import { exportCsv } from "./csv-export.ts";
import { type ExperimentRecord, experimentRecords } from "./experiment-record.ts";

const definition = {
  experiment: {
    parameters: [
      { kind: "continuous", name: "dose", unit: "uL", minimum: 0, maximum: 9, scale: "linear" },
      { kind: "categorical", name: "solvent", choices: ["water", "=MeOH"] },
    ],
  },
  measurements: [{ name: "yield", unit: unitOf("%") }],
} as unknown as LoopDefinition;

const setting = { dose: 4, solvent: "=MeOH" };
const action = {
  command: "1.1",
  experiment: 1,
  instrument: "pump.a",
  action: "dispense",
  arguments: { volume: 4 },
};

const EVENTS: readonly LoopEvent[] = [
  {
    type: "suggestion.made",
    command: "decide.1",
    decision: 1,
    suggestions: [1, 2, 3].map(() => ({
      setting,
      reasons: { method: "sobol start", predicted: {}, perHypothesis: [] },
    })),
  },
  { ...action, type: "action.finished", readings: { "line/pressure": 2.5, rate: 20 } },
  { ...action, type: "action.finished", readings: { "line/pressure": 2.6, rate: 20 } },
  { ...action, type: "action.finished", readings: { volume: 4 } },
  {
    type: "measurement.recorded",
    command: "1.measure",
    experiment: 1,
    setting,
    values: { yield: { value: 61, unit: "%", standardUncertainty: 0.5 } },
    unusable: [],
  },
  {
    ...action,
    type: "action.failed",
    experiment: 2,
    fault: { code: "instrument.alarm", message: "the pump stalled" },
    effect: "none",
  },
];

async function records(): Promise<ExperimentRecord[]> {
  let head: Head = EMPTY_HEAD;
  const entries: JournalEntry[] = EVENTS.map((event, k) => {
    const entry = link(head, Date.UTC(2030, 0, 1, 18, 0, k), event, []);
    head = entry;
    return entry;
  });
  return experimentRecords(entries);
}

async function documents(): Promise<BlueskyDocument[]> {
  return exportBluesky(await records(), definition, { id: "c-1", name: "c", seed: 1, simulated: true });
}

function ofKind(all: readonly BlueskyDocument[], kind: BlueskyDocument[0]): Record<string, unknown>[] {
  return all.filter(([each]) => each === kind).map(([, document]) => document);
}

describe("the Bluesky export", () => {
  it("makes one run for each experiment that ended", async () => {
    const all = await documents();
    expect(ofKind(all, "start").map((start) => start["scan_id"])).toEqual([1, 2]);
    expect(ofKind(all, "stop").map((stop) => stop["exit_status"])).toEqual(["success", "fail"]);
    expect(ofKind(all, "stop")[1]?.["reason"]).toBe("the pump stalled");
  });

  it("has the streams primary and baseline in every run", async () => {
    const names = ofKind(await documents(), "descriptor").map((each) => each["name"]);
    expect(names).toEqual([
      "baseline",
      "primary",
      "pump_a_dispense",
      "pump_a_dispense_2",
      "baseline",
      "primary",
    ]);
  });

  it("counts events from 1 in every stream, and tells their number in the stop", async () => {
    const all = await documents();
    const counts = new Map<unknown, number>();
    for (const event of ofKind(all, "event")) {
      const before = counts.get(event["descriptor"]) ?? 0;
      expect(event["seq_num"]).toBe(before + 1);
      counts.set(event["descriptor"], before + 1);
    }
    expect(ofKind(all, "stop")[0]?.["num_events"]).toEqual({
      baseline: 2,
      primary: 1,
      pump_a_dispense: 2,
      pump_a_dispense_2: 1,
    });
  });

  it("has neither points nor slashes in keys, and data for exactly the keys of the descriptor", async () => {
    const all = await documents();
    const keys = new Map(
      ofKind(all, "descriptor").map((each) => [each["uid"], Object.keys(each["data_keys"] as object)]),
    );
    for (const event of ofKind(all, "event")) {
      const data = Object.keys(event["data"] as object);
      expect(data).toEqual(keys.get(event["descriptor"]));
      expect(data.filter((key) => /[./]/.test(key))).toEqual([]);
    }
  });

  it("gives every document an id of its own, the same each time", async () => {
    const uids = (await documents()).map(([, { uid }]) => uid);
    expect(new Set(uids).size).toBe(uids.length);
    expect((await documents()).map(([, { uid }]) => uid)).toEqual(uids);
  });

  it.skipIf(!haveEventModel())("is valid by the schemas of the event model", async () => {
    expect(eventModelProblems(await documents())).toEqual([]);
  });
});

describe("the CSV export", () => {
  it("has a row for each experiment, and says why one failed", async () => {
    const lines = exportCsv(await records(), definition)
      .trim()
      .split("\n");
    expect(lines[0]).toBe("experiment,dose,solvent,yield,yield_uncertainty,failed,suggested_at,ended_at");
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain("the pump stalled");
  });

  it("disarms what a spreadsheet would take for a formula", async () => {
    expect(exportCsv(await records(), definition)).toContain("1,4,'=MeOH,61,0.5");
  });
});
