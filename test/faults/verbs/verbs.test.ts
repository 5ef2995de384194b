import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { instantCompute, NO_BELIEF } from "../../../bench/loop/instant-lab.ts";
import { recover } from "../../../src/lab/recover.ts";
import type { PersonRequest } from "../../../src/loop/event.ts";
import { type Incident, World } from "./world.ts";

/** Sequences that are tried; `npm run test:verbs` tries thousands. */
const RUNS = Number(process.env["LABLOOP_VERB_RUNS"] ?? 300);

const VERBS = [
  "pause",
  "resume",
  "skip",
  "retry",
  "repeat",
  "discard",
  "stop",
  "abort",
  "halt",
  "acknowledge",
] as const satisfies readonly PersonRequest["request"][];

const STATES = [
  "running, nominal",
  "pausing, nominal",
  "pausing, tripped",
  "paused, nominal",
  "paused, tripped",
  "stopping, nominal",
  "stopping, tripped",
  "parking, nominal",
  "parking, tripped",
] as const;

/** How often each verb was used in each state. */
const counts = new Map<string, number>();
const totals = { trips: 0, deaths: 0 };

const request = fc.record(
  {
    request: fc.constantFrom<PersonRequest["request"][]>(...VERBS),
    by: fc.constant("ada"),
    at: fc.constantFrom<NonNullable<PersonRequest["at"]>[]>("experiment", "step", "now"),
    why: fc.string({ maxLength: 8 }),
  },
  { requiredKeys: ["request", "by"] },
);

const incident: fc.Arbitrary<Incident> = fc.oneof(
  { weight: 8, arbitrary: request.map((each) => ({ kind: "request", request: each }) as const) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("temperature"), celsius: fc.constantFrom(20, 87, 95) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("next action fails"),
      effect: fc.constantFrom("none", "unknown"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("the instrument forgets"), forgets: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant({ kind: "the process dies" }) },
) as fc.Arbitrary<Incident>;

const walk = fc.record({
  setup: fc.record({
    then: fc.constantFrom("pause", "abort"),
    doubts: fc.constantFrom("stop", "discard", "accept"),
    atOnce: fc.constantFrom(1, 3),
    answers: fc.array(fc.constantFrom("retry", "skip", "discard", "fail"), { minLength: 1, maxLength: 4 }),
  }),
  incidents: fc.array(fc.record({ after: fc.integer({ min: 0, max: 6000 }), incident }), { maxLength: 14 }),
});

describe("whatever people ask, in whatever order, while interlocks trip, actions fail and the process dies", () => {
  prop.prop([walk], { numRuns: RUNS })(
    "nothing begins that may not, everything is made safe in time, and the journal replays",
    async ({ setup, incidents }) => {
      const world = new World(setup);
      world.run(incidents);
      await world.concluded;
      for (const each of world.asked) counts.set(each, (counts.get(each) ?? 0) + 1);
      totals.trips += world.trips;
      totals.deaths += world.lives - 1;
      expect(world.violations).toEqual([]);
      expect([...world.begun].filter(([, times]) => times > 1)).toEqual([]);
      const events = world.events();
      expect(events.at(-1)?.type).toBe("campaign.concluded");
      expect(events.filter(({ type }) => type === "instruments.parked")).toHaveLength(1);
      const { progress } = await recover(world.loop, instantCompute(), NO_BELIEF, world.durable);
      expect(JSON.stringify(progress)).toBe(JSON.stringify(world.progress));
    },
    3_600_000,
  );

  it("every verb was used in every state", () => {
    const rows = STATES.map((state) => [state, ...VERBS.map((verb) => counts.get(`${state}: ${verb}`) ?? 0)]);
    const table = [["state", ...VERBS], ...rows].map(([state, ...cells]) =>
      [String(state).padEnd(18), ...cells.map((cell) => String(cell).padStart(11))].join(" "),
    );
    process.stdout.write(
      `${table.join("\n")}\n${RUNS} walks, ${totals.trips} trips, ${totals.deaths} deaths of the process\n`,
    );
    // A few hundred walks needn't come upon every pair.
    const whole = rows.map(([state, ...cells]) => [
      state,
      cells.map(Number).reduce((sum, each) => sum + each),
    ]);
    expect((RUNS >= 20_000 ? rows : whole).filter((row) => row.includes(0))).toEqual([]);
  });
});
