import { describe, expect, it } from "vitest";
import { type Chart, chartSvg, SHAPES, symbol } from "./chart.ts";

const chart: Chart = {
  title: "distance by experiment",
  x: { label: "experiment", whole: true },
  y: { label: "distance / AU" },
  layers: [
    {
      kind: "line",
      name: "best so far",
      dash: "",
      steps: true,
      points: [
        { x: 0, y: 0 },
        { x: 10, y: 5 },
      ],
    },
    {
      kind: "points",
      name: "measured",
      shape: "disc",
      points: [
        { x: 0, y: 0 },
        { x: 5, y: 2.5, reach: 0.5 },
        { x: Number.NaN, y: 1 },
      ],
    },
    { kind: "points", name: "failed", shape: "cross", points: [] },
  ],
};

describe("a chart", () => {
  const svg = chartSvg(chart).markup;

  it("has its axes labelled with units, and ticks at round numbers", () => {
    expect(svg).toContain(">distance / AU</text>");
    expect(svg).toContain(">experiment</text>");
    for (const tick of [0, 2, 4, 6, 8, 10]) expect(svg).toContain(`>${tick}</text>`);
  });

  it("lays points where the scales say, in a picture of 960 by 360", () => {
    // Axes from 74 to 940 and from 316 up to 32, below one line of the legend.
    expect(svg).toContain('cx="74" cy="316"');
    expect(svg).toContain('cx="507" cy="174"');
  });

  it("leaves out what has no place", () => {
    expect(svg).not.toContain("NaN");
    expect(svg.match(/<circle/g)).toHaveLength(3);
  });

  it("draws a bar of its reach to both sides of a point", () => {
    // 0.5 of 5 is a tenth of 284.
    expect(svg).toContain("M507 202.4V145.6");
  });

  it("goes on level in steps", () => {
    expect(svg).toContain('d="M74 316H940V32"');
  });

  it("names in its legend what it shows, and nothing else", () => {
    expect(svg).toContain(">best so far</text>");
    expect(svg).toContain(">measured</text>");
    expect(svg).not.toContain(">failed</text>");
  });

  it("escapes its labels", () => {
    const told = chartSvg({ ...chart, title: 'a"b', y: { label: "<script>alert(1)</script>" } }).markup;
    expect(told).not.toContain("<script");
    expect(told).toContain('aria-label="a&quot;b"');
  });

  it("is drawn without data", () => {
    const empty = chartSvg({ ...chart, layers: [] }).markup;
    expect(empty).toContain("</svg>");
    expect(empty).not.toContain("NaN");
  });
});

it("every shape looks different without colour", () => {
  const outlines = SHAPES.map((shape) => symbol(shape, 0, 0).markup.replace(/#2a6f97/, "dark"));
  expect(new Set(outlines).size).toBe(SHAPES.length);
});
