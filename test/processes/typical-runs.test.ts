import { writeFileSync } from "node:fs";
import {
  type FlowPort,
  type ProcessDefinition,
  portOf,
  randomStream,
  readSettings,
  VirtualClock,
} from "labloop/instrument";
import { describe, expect, it } from "vitest";
import {
  FLOW_REACTOR_TRUTH,
  process as flowReactor,
  outletOf,
} from "../../simulators/processes/flow-reactor/index.ts";
import {
  JACKETED_REACTOR_TRUTH,
  type JacketedReactor,
  process as jacketedReactor,
} from "../../simulators/processes/jacketed-reactor/index.ts";
import {
  PHASE_MAP_TRUTH,
  process as phaseMap,
  turbidityOf,
} from "../../simulators/processes/phase-map/index.ts";
import { STAGE_CAMERA_TRUTH, process as stageCamera } from "../../simulators/processes/stage-camera/index.ts";
import { nearest, rowsOf } from "../../simulators/processes/table/index.ts";
import { phOf, TITRATION_TRUTH, process as titration } from "../../simulators/processes/titration/index.ts";
import { plot, type Series } from "./plot.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function make<P extends ReturnType<ProcessDefinition["create"]>>(
  definition: ProcessDefinition<P>,
  given: Readonly<Record<string, number | string>> = {},
): {
  process: P;
  clock: VirtualClock;
  wait(seconds: number): Promise<void>;
  flow(port: string, perMinute: number): void;
} {
  const clock = new VirtualClock(0, turn);
  const read = readSettings("process", definition.settings, given);
  if (read.kind === "refused") throw new Error(read.faults[0]?.message);
  const process = definition.create({
    clock,
    settings: read.settings,
    random: (purpose) => randomStream(1, 0, purpose),
  });
  const port = (name: string): FlowPort => portOf(process, "flow", name);
  return {
    process,
    clock,
    wait: (seconds) => new Promise((resolve) => clock.at(clock.now() + 1000 * seconds, resolve)),
    flow: (name, perMinute) => port(name).setFlow(perMinute / 60),
  };
}

/** Keeps the picture of a typical run beside the equations, when LABLOOP_WRITE_DOCS is set. */
function keep(process: string, axes: readonly [string, string], series: readonly Series[]): void {
  const picture = plot(`a typical run of ${process}`, axes, series);
  expect(picture).toContain("<polyline");
  expect(picture).not.toContain("NaN");
  if (globalThis.process.env["LABLOOP_WRITE_DOCS"] !== undefined)
    writeFileSync(`simulators/processes/${process}/typical-run.svg`, picture);
}

/** 100 mL are dosed in 50 min under a jacket, which then goes to 60 degC. */
async function dosing(jacket: number): Promise<{ reactor: JacketedReactor; hottest: number; run: Series[] }> {
  const bench = make(jacketedReactor);
  const { process, wait } = bench;
  let surface = jacket;
  portOf(process, "thermal", "jacket").couple(() => surface);
  portOf(process, "stirring", "stirrer").setSpeed(400);
  await wait(3600);
  const mixture: [number, number][] = [];
  const accumulated: [number, number][] = [];
  let hottest = 0;
  for (let minute = 0; minute < 180; minute++) {
    if (minute === 0) bench.flow("dose", 2);
    if (minute === 50) bench.flow("dose", 0);
    if (minute === 60) {
      surface = 60;
      portOf(process, "thermal", "jacket").couple(() => surface);
    }
    await wait(60);
    hottest = Math.max(hottest, process.temperature());
    mixture.push([minute, process.temperature()]);
    accumulated.push([minute, 100 * process.accumulated()]);
  }
  return {
    reactor: process,
    hottest,
    run: [
      { name: "mixture, degC", points: mixture },
      { name: "A, 0.01 mol/L", points: accumulated },
    ],
  };
}

describe("the jacketed reactor", () => {
  it("reacts as fast as it is dosed at 60 degC, and runs away when it was dosed cold", async () => {
    const warm = await dosing(60);
    expect(warm.reactor.conversion()).toBeGreaterThan(0.95);
    expect(warm.hottest).toBeLessThan(85);
    expect(warm.reactor.facts()).toEqual([]);
    const cold = await dosing(0);
    expect(cold.reactor.facts()).toEqual([
      { at: expect.any(Number), text: "the reactor boiled over at 100 degC" },
    ]);
    keep(
      "jacketed-reactor",
      ["min", "degC"],
      [
        ...warm.run.map((each) => ({ ...each, name: `warm: ${each.name}` })),
        ...cold.run.map((each) => ({ ...each, name: `cold: ${each.name}` })),
      ],
    );
  });

  it("without reaction follows the jacket with the time constant m c / (UA + UA')", async () => {
    const { process, wait } = make(jacketedReactor, { ambient: 20 });
    portOf(process, "thermal", "jacket").couple(() => 50);
    portOf(process, "stirring", "stirrer").setSpeed(400);
    const { capacity, loss, transfer } = JACKETED_REACTOR_TRUTH;
    const end = (transfer * 50 + loss * 20) / (transfer + loss);
    const tau = (400 * capacity) / (transfer + loss);
    await wait(tau);
    // The explicit rule with steps of 0.5 s is good to 0.5 / (2 tau) of the way.
    expect(process.temperature()).toBeCloseTo(end + (20 - end) * Math.exp(-1), 1);
  });
});

describe("the flow reactor", () => {
  it("keeps aryl and amine, and begins with the rates of the paper", () => {
    const [aryl, amine, ortho, para, bis] = outletOf([0.3, 0.6], 60, 90);
    expect(aryl + ortho + para + bis).toBeCloseTo(0.3, 9);
    expect(amine + ortho + para + 2 * bis).toBeCloseTo(0.6, 9);
    const [, , early] = outletOf([0.3, 0.6], 1e-3, FLOW_REACTOR_TRUTH.reference);
    expect(early / 1e-3).toBeCloseTo(0.579 * 0.3 * 0.6, 4);
  });

  it("shows a change at the outlet a residence time later, and the analysis a delay after that", async () => {
    const bench = make(flowReactor, { noise: 0 });
    const { process, wait } = bench;
    let coil = 60;
    portOf(process, "thermal", "coil").couple(() => coil);
    bench.flow("aryl", 1);
    bench.flow("amine", 1);
    bench.flow("solvent", 3);
    await wait(59);
    expect(process.outlet()[2]).toBe(0);
    await wait(2);
    expect(process.outlet()[2]).toBeGreaterThan(0.05);
    const hplc = portOf(process, "answers", "hplc");
    expect(hplc.answer("ortho", {})).toBe(0);
    await wait(120);
    expect(hplc.answer("ortho", {})).toBeCloseTo(process.outlet()[2], 9);
    const series = ["aryl", "ortho", "para", "bis"].map((name) => ({
      name,
      points: [] as [number, number][],
    }));
    for (coil = 30; coil <= 120; coil += 5) {
      portOf(process, "thermal", "coil").couple(() => coil);
      await wait(200);
      for (const each of series) each.points.push([coil, hplc.answer(each.name, {}) as number]);
    }
    keep("flow-reactor", ["degC, residence time 1 min", "mol/L"], series);
  });
});

describe("the titration", () => {
  it("has the pH of the constant at half of the equivalence, and the electrode's voltage follows it", async () => {
    const equivalence = (50 * TITRATION_TRUTH.acid) / TITRATION_TRUTH.base;
    expect(phOf(50, equivalence / 2)).toBeCloseTo(TITRATION_TRUTH.pKa, 2);
    const bench = make(titration);
    const points: [number, number][] = [];
    bench.flow("base", 2);
    for (let i = 0; i < 120; i++) {
      points.push([portOf(bench.process, "flow", "base").volume(), bench.process.pH()]);
      await bench.wait(15);
    }
    const voltage = portOf(bench.process, "electric", "electrode").voltage();
    expect(7 + voltage / TITRATION_TRUTH.slope).toBeCloseTo(bench.process.pH(), 9);
    keep("titration", ["mL of base", "pH"], [{ name: "pH", points }]);
  });
});

describe("the phase map", () => {
  it("is turbid inside the gap and clear with enough surfactant", async () => {
    expect(turbidityOf([0.5, 0.5, 0])).toBeGreaterThan(0.99);
    expect(turbidityOf([0.3, 0.3, 0.4])).toBeLessThan(0.01);
    const bench = make(phaseMap);
    bench.flow("oil", 4);
    bench.flow("water", 4);
    await bench.wait(60);
    bench.flow("oil", 0);
    bench.flow("water", 0);
    await bench.wait(20);
    expect(portOf(bench.process, "answers", "eye").answer("value", {})).toBe(1);
    const series = [0, 0.1, 0.2, 0.3].map((surfactant) => ({
      name: `surfactant ${surfactant}`,
      points: Array.from({ length: 101 }, (_, i): [number, number] => {
        const oil = (i / 100) * (1 - surfactant);
        return [i / 100, turbidityOf([oil, 1 - surfactant - oil, surfactant])];
      }),
    }));
    expect(PHASE_MAP_TRUTH.top).toBeLessThan(0.4);
    keep("phase-map", ["share of oil in oil and water", "turbidity"], series);
  });
});

describe("the stage with a camera", () => {
  it("shows a spot's colour where the stage brings it", () => {
    const { process } = make(stageCamera, { noise: 0 });
    const [spot] = STAGE_CAMERA_TRUTH.spots;
    const middle = (): number[] => {
      const { width, height, rgb } = portOf(process, "picture", "camera").picture();
      const at = ((height / 2) * width + width / 2) * 3;
      return [...rgb.subarray(at, at + 3)];
    };
    portOf(process, "motion", "stage").moveTo([spot.x, spot.y, 0]);
    expect(middle()).toEqual(spot.rgb);
    const series = [0, 1, 2].map((i) => ({
      name: ["red", "green", "blue"][i] as string,
      points: [] as [number, number][],
    }));
    for (let x = 0; x <= 200; x += 2) {
      portOf(process, "motion", "stage").moveTo([x, spot.y, 0]);
      for (const [i, value] of middle().entries()) series[i]?.points.push([x, value]);
    }
    keep("stage-camera", ["mm along x", "value"], series);
  });
});

describe("the table", () => {
  it("answers from the nearest row, and says which line is wrong", () => {
    const rows = rowsOf("temperature,ligand,yield\n20,A,11\n80,A,64\n20,B,5\n");
    expect(nearest(rows, { temperature: 70, ligand: "A" })?.["yield"]).toBe(64);
    expect(nearest(rows, { temperature: 21, ligand: "B" })?.["yield"]).toBe(5);
    expect(() => rowsOf("a,b\n1,2\n3\n")).toThrow("line 3 of the table has 1 cells, not 2");
  });
});
