import { describe, expect, it } from "vitest";
import { type GanttChart, ganttSvg, timeTicks } from "./gantt.ts";

const MINUTE = 60_000;
const START = Date.UTC(2030, 0, 1, 18);

const chart: GanttChart = {
  roles: ["pump", "<bath>"],
  actions: [
    { experiment: 1, role: "pump", action: "dispense", from: START, to: START + 30 * MINUTE, failed: false },
    { experiment: 2, role: "<bath>", action: "reach", from: START, to: START + 60 * MINUTE, failed: true },
  ],
  from: START,
  to: START + 60 * MINUTE,
  clock: (moment) => new Date(moment).toISOString().slice(11, 16),
};

describe("a chart of instruments over time", () => {
  it("has a bar an action, as long as it took, and a cross where it failed", () => {
    const svg = ganttSvg(chart).markup;
    // Half of the 860 units between 120 and 980, and all of them.
    expect(svg).toContain('class="odd" x="120" y="13" width="430"');
    expect(svg).toContain('class="failed" x="120" y="35" width="860"');
    expect(svg).toContain("experiment 2: &lt;bath&gt;.reach, 18:00 to 19:00, failed");
    expect(svg).not.toContain("<bath>");
    expect(svg.match(/class="mark"/g)).toHaveLength(1);
  });

  it("lays labels of marks that are near each other in rows of their own", () => {
    const marks = [0, 1, 30].map((at) => ({ at: START + at * MINUTE, label: String(at) }));
    const svg = ganttSvg(chart, { marks }).markup;
    expect(svg).toContain('<text x="123" y="18">0</text>');
    expect(svg).toContain('<text x="137.3" y="33">1</text>');
    expect(svg).toContain('<text x="553" y="18">30</text>');
  });

  it("shows when nothing went on", () => {
    const bands = [{ from: START, to: START + 6 * MINUTE, label: 'paused by "ada"' }];
    expect(ganttSvg(chart, { bands }).markup).toContain(
      'width="86" height="44"><title>paused by &quot;ada&quot;</title>',
    );
  });
});

it.each([
  [60, [0, 10, 20, 30, 40, 50, 60]],
  [95, [0, 15, 30, 45, 60, 75, 90]],
  [14 * 60, [0, 120, 240, 360, 480, 600, 720, 840]],
])("%i minutes have ticks at %j", (minutes, ticks) => {
  expect(timeTicks(START, START + minutes * MINUTE)).toEqual(ticks.map((each) => START + each * MINUTE));
});

it("a moment has one tick at each end", () => {
  expect(timeTicks(START + 1, START + 2)).toEqual([START + 1, START + 2]);
});
