import { describe, expect, it } from "vitest";
import {
  choiceAfter,
  maximised,
  observed,
  type Process,
  problemOver,
} from "../../../test/support/choices.ts";
import { randomStream } from "../../base/random.ts";
import { type ScoreModel, scoreModelOf } from "../design/model/score-model.ts";
import type { Outlook } from "./explanation.ts";
import { type OutlookTask, outlookOf } from "./outlook.ts";

const problem = problemOver(1, {});
const hill: Process = ({ x0 = 0 }) => ({ y: Math.exp(-10 * (x0 - 0.63) ** 2) });

function taskAfter(places: readonly number[], changes: Partial<OutlookTask> = {}): OutlookTask {
  const data = observed(
    places.map((x0) => ({ x0 })),
    hill,
  );
  const model = scoreModelOf(choiceAfter(problem, data), maximised("y")) as ScoreModel;
  return {
    space: problem.space,
    model,
    tolerance: 0.01,
    inUnit: (value) => model.warp.unwarp(value),
    random: randomStream(1, 0, "outlook"),
    ...changes,
  };
}

const FEW = [0.05, 0.2, 0.35, 0.9];
const MANY = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.63, 0.66, 0.7, 0.8, 0.9, 1];

describe("an outlook", () => {
  const early = outlookOf(taskAfter(FEW)) as Outlook;
  const late = outlookOf(taskAfter(MANY)) as Outlook;

  it("before the top is found says that there is much to gain", () => {
    expect(early.withinTolerance).toBeLessThan(0.5);
    expect(early.gainLeft).toBeGreaterThan(0.05);
    expect(early.gainOfNext).toBeGreaterThan(0.02);
  });

  it("after the top is found says that there is little", () => {
    expect(late.withinTolerance).toBeGreaterThan(0.95);
    expect(late.gainLeft).toBeLessThan(0.01);
    expect(late.gainOfNext).toBeLessThan(0.01);
  });

  it("promises no more by the next experiment than by all", () => {
    // The mean of 512 functions whose gains spread by about as much as they are: four standard errors.
    expect(early.gainOfNext).toBeLessThan(early.gainLeft * (1 + 4 / Math.sqrt(512)));
  });

  it("is surer of a wider tolerance", () => {
    const within = [0.001, 0.1, 0.5, 1e6].map(
      (tolerance) => outlookOf(taskAfter(FEW, { tolerance }))?.withinTolerance ?? Number.NaN,
    );
    expect(within).toEqual([...within].sort((a, b) => a - b));
    expect(within.at(-1)).toBe(1);
  });

  it("tells the gain of an hour where it is known how long an experiment takes", () => {
    const { gainPerHour, gainOfNext } = outlookOf(taskAfter(FEW, { hoursAnExperiment: 4 })) as Outlook;
    expect(gainPerHour).toBeCloseTo(gainOfNext / 4, 14);
    expect(early.gainPerHour).toBeUndefined();
  });

  it("over a list expects nothing of what isn't in it", () => {
    const candidates = FEW.map((x0) => ({ x0 }));
    const { gainLeft, withinTolerance } = outlookOf(taskAfter(FEW, { candidates })) as Outlook;
    expect(withinTolerance).toBeGreaterThan(0.95);
    expect(gainLeft).toBeLessThan(0.1 * early.gainLeft);
  });

  it("doesn't exist before the first result", () => {
    const task = taskAfter(FEW);
    expect(outlookOf({ ...task, model: { ...task.model, members: [] } })).toBeUndefined();
    const { best: _, ...without } = task.model;
    expect(outlookOf({ ...task, model: without })).toBeUndefined();
  });
});
