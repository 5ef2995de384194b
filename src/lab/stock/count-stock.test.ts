import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BENCH } from "../../../test/support/safety-bench.ts";
import { written } from "../../../test/support/written.ts";
import type { LoopEvent } from "../../loop/event.ts";
import { type Database, openDatabase } from "../../record/database.ts";
import { openJournal } from "../../record/journal.ts";
import { EMPTY_HEAD } from "../../record/journal-entry.ts";
import { openStore, type Store } from "../../record/store.ts";
import type { WrittenLab } from "../lab-schema.ts";
import { countStock, roomIn } from "./count-stock.ts";
import { readSupplies, type Supply } from "./supply.ts";

const START = Date.UTC(2030, 0, 1, 18);

let folder: string;
let database: Database;
let store: Store;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "labloop-stock-"));
  database = await openDatabase(join(folder, "labloop.db"));
  store = openStore(database);
});

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

function suppliesOf(yaml: string): { supplies: readonly Supply[]; told: readonly string[] } {
  const { faults, source, told } = written(yaml);
  const file = source.data as WrittenLab;
  const supplies = readSupplies({ faults, source, file, instruments: BENCH, values: new Map() });
  return { supplies, told: told() };
}

const { supplies } = suppliesOf(`
stock: { acid: { drawn: [acid.dispense.volume], available: 100 mL, reserve: 10 mL } }
waste: { bottle: { filled: [waste.withdraw.volume], capacity: 50 mL } }
`);

type Dose = readonly [role: string, action: string, volume: number, ends?: "none" | "unknown"];

/** A campaign whose actions end one minute after the other. */
async function ran(id: string, lab: string, simulated: boolean, doses: readonly Dose[]): Promise<void> {
  const row = await store.create({ id, name: id, source: "", simulated, createdAt: id });
  const epoch = await store.claim(row.key, row.epoch, "me", 0);
  const writer = openJournal(database);
  const journal = writer.campaign(row.key, epoch ?? 0, EMPTY_HEAD);
  const keep = (text: string): Promise<string> => store.keepBlock("application/yaml", Buffer.from(text));
  const files = {
    lab: await keep(`name: ${lab}\n`),
    campaign: await keep("instruments: { source: acid }\n"),
  };
  journal.append(START, { type: "campaign.started", name: id, seed: 1, mode: "live", files }, []);
  for (const [i, [instrument, action, volume, effect]] of doses.entries()) {
    const about = { command: `1.${i}`, experiment: 1, instrument, action, arguments: { volume } };
    const event: LoopEvent =
      effect === undefined
        ? { type: "action.finished", ...about, readings: {} }
        : {
            type: "action.failed",
            ...about,
            effect,
            fault: { code: "instrument.alarm", message: "stalled" },
          };
    journal.append(START + (i + 1) * 60_000, event, []);
  }
  await writer.flushed();
}

it("counts what campaigns of the lab used on real instruments since the last refill, and what is in doubt", async () => {
  await ran("one", "bench", false, [
    ["source", "dispense", 5],
    ["acid", "dispense", 7],
    ["acid", "dispense", 11, "unknown"],
    ["acid", "dispense", 13, "none"],
    ["waste", "withdraw", 20],
  ]);
  await ran("two", "bench", false, [["acid", "dispense", 1]]);
  await ran("elsewhere", "another bench", false, [["acid", "dispense", 17]]);
  await ran("rehearsed", "bench", true, [["acid", "dispense", 19]]);
  const before = await countStock(store, "bench", supplies);
  const mL = (si: number): number => Math.round(si * 1e9) / 1e3;
  expect(before.map(({ level }) => mL(level))).toEqual([76, 20]);
  expect(before.map((each) => mL(roomIn(each)))).toEqual([66, 30]);
  expect(before[0]?.uses.map(({ campaign, amount }) => [campaign, mL(amount)])).toEqual([
    ["one", 23],
    ["two", 1],
  ]);

  // Between the second and the third action of the first campaign, and after the only one of the second.
  const time = new Date(START + 150_000).toISOString();
  await store.keepRefill("bench", { item: "acid", amount: "0.2 L", by: "ada", time });
  await store.keepRefill("another bench", { item: "bottle", amount: "0 mL", by: "ada", time });
  const after = await countStock(store, "bench", supplies);
  expect(after.map(({ level }) => mL(level))).toEqual([189, 20]);
  expect(after.map(({ since }) => since?.by)).toEqual(["ada", undefined]);
  expect(after[0]?.uses.map(({ campaign }) => campaign)).toEqual(["one"]);
});

it("takes no refill in a unit of another kind for one", async () => {
  await store.keepRefill("third", { item: "acid", amount: "5 g", by: "ada", time: "2031" });
  const [level] = await countStock(store, "third", supplies);
  expect(level?.level).toBeCloseTo(100e-6, 12);
});

it.each([
  ["stock: { a: { drawn: [acid.dispense.volume], available: 1 g } }", "is a volume"],
  ["stock: { a: { drawn: [acid.dispense.volume], available: 0 mL } }", '"0 mL" is no size'],
  [
    "stock: { a: { drawn: [acid.dispense.volume], available: 1 mL, reserve: 1 mL } }",
    "leaves nothing to use",
  ],
  ["waste: { a: { filled: [acid.dispense.volum], capacity: 1 mL } }", 'did you mean "acid.dispense.volume"?'],
  [
    "{ stock: { a: { drawn: [acid.dispense.volume], available: 1 mL } }, waste: { a: { filled: [waste.withdraw.volume], capacity: 1 mL } } }",
    '"a" is a stock already',
  ],
])("a mistake in it is told with its place: %s", (yaml, message) => {
  const { told } = suppliesOf(yaml);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^campaign\.yaml:1:\d+: /);
  expect(told[0]).toContain(message);
});
