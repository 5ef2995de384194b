import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  type JacketedReactor,
  process as jacketedReactor,
} from "../../simulators/processes/jacketed-reactor/index.ts";
import { type Random, randomStream } from "../../src/base/random.ts";
import type { VirtualClock } from "../../src/base/virtual-clock.ts";
import { type Instrument, openSimulation } from "../../src/instrument/index.ts";
import { Supervisor } from "../../src/lab/interlock/supervisor.ts";
import { type LabDescription, loadSimulators } from "../../src/lab/lab-description.ts";
import { loadLab } from "../../src/lab/load-campaign.ts";
import { faultsOf, misbehaviourOf, type ScheduledFault } from "../../src/lab/scheduled-faults.ts";
import { virtualTime } from "../../src/lab/virtual-time.ts";
import type { EventOf } from "../../src/loop/event.ts";
import { createLoop, type LoopState } from "../../src/loop/loop.ts";
import { oneParameterDefinition } from "../support/one-parameter.ts";

const FILE = "test/faults/runaway-lab.yaml";
/** degC of the mixture that nothing may come to, 10 K below its boiling over. */
const LIMIT = 90;
const SEEDS = Number(process.env["LABLOOP_SEEDS"] ?? 20);
const MINUTE = 60_000;

/** A thermometer that lies from a moment of the batch on, and how the batch is run. */
interface Batch {
  /** None when absent. */
  readonly fault?: ScheduledFault;
  /** degC of the jacket while it is dosed. */
  readonly first: number;
  /** mL/min */
  readonly rate: number;
  /** mL of A, dosed into the cold reactor. */
  readonly dosed: number;
  /** degC to which the jacket goes afterwards. */
  readonly jacket: number;
}

function drawn(seed: number): Batch {
  const random = randomStream(seed, 0, "runaway");
  const liar = random.uniform() < 0.7 ? "stirrer" : "second-probe";
  const after = 170 * MINUTE * random.uniform();
  const common = { instrument: liar, property: "temperature", after, lasts: Infinity };
  const fault: ScheduledFault =
    random.uniform() < 0.5
      ? { ...common, fault: "stick" }
      : { ...common, fault: "drift", perHour: drift(random) };
  return { fault, first: 5, rate: 8, dosed: 90 + 30 * random.uniform(), jacket: 55 + 10 * random.uniform() };
}

/** K/h, between a slow lie that no comparison shows in time and a fast one, up or down. */
function drift(random: Random): number {
  const size = 0.2 * 500 ** random.uniform();
  return random.uniform() < 0.5 ? size : -size;
}

/** How a batch went. */
interface Course {
  readonly trip?: EventOf<"interlock.tripped"> & { readonly temperature: number };
  /** degC, the hottest that the mixture was until the trip or the end. */
  readonly hottest: number;
}

/** Runs a batch to its end or to a trip. */
async function course(lab: LabDescription, seed: number, batch: Batch): Promise<Course> {
  const clock = virtualTime(lab.start);
  const { reactor, instruments, close } = await opened(lab, clock, { seed, ...batch });
  const over = new AbortController();
  let trip: Course["trip"];
  const supervisor = new Supervisor({
    interlocks: lab.interlocks,
    instruments,
    roles: {},
    clock,
    standsStill: false,
    trip: (event) => {
      trip ??= { ...event, temperature: reactor.temperature() };
      over.abort(new Error("tripped"));
    },
  });
  supervisor.observe(running());
  const hottest = await carriedOut({ batch, clock, reactor, instruments, supervisor, signal: over.signal });
  supervisor.stop();
  await close();
  return { ...(trip && { trip }), hottest };
}

interface Bench {
  readonly batch: Batch;
  readonly clock: VirtualClock;
  readonly reactor: JacketedReactor;
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly supervisor: Supervisor;
  readonly signal: AbortSignal;
}

/** Stirs, doses into the cold and heats up; gives the hottest temperature of each minute. */
async function carriedOut({
  batch,
  clock,
  reactor,
  instruments,
  supervisor,
  signal,
}: Bench): Promise<number> {
  let hottest = -Infinity;
  const wait = async (minutes: number): Promise<void> => {
    for (let i = 0; i < 6 * minutes && !signal.aborted; i++) {
      await new Promise<void>((resolve) => clock.at(clock.now() + MINUTE / 6, resolve));
      hottest = Math.max(hottest, reactor.temperature());
    }
  };
  const act = async (role: string, action: string, given: Record<string, number> = {}): Promise<void> => {
    const id = `${role}.${action}`;
    const command = { kind: "perform", id, experiment: 1, role, action, arguments: given } as const;
    const permit = await supervisor.permit({ ...command, effect: "end-state", within: 1 }, signal);
    if (permit.kind === "refused") return;
    const outcome = await instruments[role]?.perform({ action, arguments: given, key: id }, signal);
    permit.release();
    if (outcome?.kind === "failed" && !signal.aborted) throw new Error(outcome.fault.message);
  };
  await act("stirrer", "stir", { speed: 400 });
  await act("jacket", "set-setpoint", { setpoint: batch.first });
  await act("jacket", "start");
  await wait(60);
  for (let part = 0; part < 4; part++)
    await act("feed", "dispense", { volume: (1000 * batch.dosed) / 4, rate: batch.rate });
  await act("jacket", "set-setpoint", { setpoint: batch.jacket });
  await wait(120);
  return hottest;
}

/** The lab's twins, one of which has a fault. */
async function opened(
  lab: LabDescription,
  clock: VirtualClock,
  { seed, fault }: { readonly seed: number; readonly fault?: ScheduledFault },
) {
  const begin = clock.now();
  const simulators = await loadSimulators(lab, Object.keys(lab.instruments));
  if (simulators.kind === "failed") throw new Error(simulators.fault.message);
  const simulated = openSimulation({ clock, seed, process: jacketedReactor, settings: {} });
  if (simulated.kind === "refused") throw new Error("no reactor");
  const { simulation } = simulated;
  const instruments: Record<string, Instrument> = {};
  for (const { name, driver, settings, simulated: twin } of Object.values(lab.instruments)) {
    const simulator = simulators.simulators[name];
    if (simulator === undefined) throw new Error(`${name} has no twin`);
    const misbehaviour = misbehaviourOf(faultsOf({ name, faults: fault ? [fault] : [], clock, begin, seed }));
    const { signal } = new AbortController();
    const request = { name, driver, simulator, settings, twin, signal, misbehaviour, note: () => undefined };
    const connected = await simulation.connect(request);
    if (connected.kind === "failed") throw new Error(connected.fault.message);
    instruments[name] = connected.instrument;
  }
  const close = async (): Promise<void> => {
    await Promise.all(Object.values(instruments).map((each) => each.close()));
    await simulation.close();
  };
  return { reactor: simulation.process, instruments, close };
}

function running(): LoopState {
  const loop = createLoop(oneParameterDefinition([]));
  return loop.step(
    loop.begin(),
    { type: "campaign.started", name: "batch", seed: 1, mode: "virtual", files: {} },
    0,
  ).state;
}

async function labOf(file: string): Promise<LabDescription> {
  const loading = await loadLab(file, async () => readFileSync(file, "utf8"));
  if (loading.kind === "faults") throw new Error(loading.faults[0]?.message);
  return loading.lab;
}

it(`a runaway is caught before ${LIMIT} degC, whichever thermometer lies, with each of ${SEEDS} seeds`, {
  timeout: 10_000 * SEEDS,
}, async () => {
  const lab = await labOf(FILE);
  const missed: unknown[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { trip, hottest } = await course(lab, seed, drawn(seed));
    if (trip === undefined || Math.max(trip.temperature, hottest) >= LIMIT)
      missed.push({ seed, trip, hottest });
  }
  expect(missed).toEqual([]);
});

it("without interlocks the same batches come to the limit", async () => {
  const lab = { ...(await labOf(FILE)), interlocks: [] };
  for (const seed of [1, 2, 3]) {
    const { trip, hottest } = await course(lab, seed, drawn(seed));
    expect(trip).toBeUndefined();
    expect(hottest).toBeGreaterThan(LIMIT);
  }
});

it("a batch that is dosed slowly into the warm reactor trips nothing", async () => {
  const calm = { first: 60, rate: 2, dosed: 100, jacket: 60 };
  const { trip, hottest } = await course(await labOf(FILE), 1, calm);
  expect(trip).toBeUndefined();
  expect(hottest).toBeGreaterThan(60);
  expect(hottest).toBeLessThan(LIMIT);
});
