import { describe, expect, it } from "vitest";
import { oneParameterDefinition } from "../../test/support/one-parameter.ts";
import type { Command } from "./command.ts";
import type { LoopDefinition } from "./definition.ts";
import type { LoopEvent, RequestKind } from "./event.ts";
import { createLoop, type LoopState } from "./loop.ts";

const MINUTE = 60_000;
const DEFINITION: LoopDefinition = {
  ...oneParameterDefinition([
    { kind: "wait", seconds: { kind: "name", at: 0, name: "x" }, always: false },
    { kind: "end" },
  ]),
  leased: true,
};

/** A campaign of which each event comes when the test says so. */
class Campaign {
  readonly #loop;
  state: LoopState;
  /** What it asked for, and nobody has answered. */
  open: Command[] = [];
  now = 0;

  constructor(changes: Partial<LoopDefinition> = {}) {
    this.#loop = createLoop({ ...DEFINITION, ...changes });
    this.state = this.#loop.begin();
    this.tell({ type: "campaign.started", name: "test", seed: 1, mode: "virtual", files: {} });
  }

  tell(event: LoopEvent): void {
    const { state, commands } = this.#loop.step(this.state, event, this.now);
    this.state = state;
    const answered = "command" in event ? event.command : undefined;
    this.open = [...this.open.filter(({ id }) => id !== answered), ...commands];
  }

  asks(request: RequestKind): void {
    this.tell({ type: "person.requested", request, by: "ana" });
  }

  /** Has the next experiment decided on and reviewed. */
  prepare(): void {
    const decide = this.open.find(({ kind }) => kind === "decide");
    if (decide?.kind !== "decide") throw new Error("nothing is to be decided");
    const reasons = { method: "random", predicted: {}, perHypothesis: [] } as const;
    const suggestions = [{ setting: { x: 0.1 * decide.decision }, reasons }];
    this.tell({ type: "suggestion.made", command: decide.id, decision: decide.decision, suggestions });
    const review = this.open.find(({ kind }) => kind === "review");
    if (review?.kind !== "review") throw new Error("nothing is to be reviewed");
    const { id, experiment } = review;
    this.tell({ type: "experiment.reviewed", command: id, experiment, refused: [], longest: MINUTE });
  }

  /** Has the lease given that is asked for. */
  lease(): void {
    for (const { kind, id } of this.open)
      if (kind === "lease") this.tell({ type: "lease.given", command: id });
  }

  /** Has the experiment under way come to its end. */
  perform(): void {
    for (const command of this.open) {
      if (command.kind !== "wait") continue;
      const { id, experiment } = command;
      this.tell({ type: "timer.elapsed", command: id, experiment });
      const setting = { x: 0 };
      const about = { experiment, setting, values: {}, unusable: ["nothing is read"], flags: [] };
      this.tell({ type: "measurement.recorded", command: `${experiment}.measure`, ...about });
    }
  }

  get performing(): readonly number[] {
    return this.state.campaign.context.performing;
  }

  get leases(): readonly string[] {
    return this.open.filter(({ kind }) => kind === "lease").map(({ id }) => id);
  }
}

describe("a campaign that shares its lab", () => {
  it("begins no experiment before it has a lease, and needs another for the next", () => {
    const campaign = new Campaign();
    campaign.prepare();
    expect(campaign.leases).toEqual(["lease.1"]);
    expect(campaign.performing).toEqual([]);
    campaign.lease();
    expect(campaign.performing).toEqual([1]);
    campaign.perform();
    campaign.prepare();
    expect(campaign.leases).toEqual(["lease.2"]);
    expect(campaign.performing).toEqual([]);
  });

  it("asks for none where it has the lab for itself", () => {
    const { leased: _, ...alone } = DEFINITION;
    const loop = createLoop(alone);
    expect(JSON.stringify(loop.begin())).not.toContain("lease");
  });

  it("begins nothing with a lease that comes while it is paused, and asks for another when it goes on", () => {
    const campaign = new Campaign();
    campaign.prepare();
    campaign.asks("pause");
    campaign.lease();
    expect(campaign.performing).toEqual([]);
    expect(campaign.state.campaign.context.lease?.standing).toBe("none");
    campaign.asks("resume");
    expect(campaign.leases).toEqual(["lease.2"]);
    campaign.lease();
    expect(campaign.performing).toEqual([1]);
  });

  it("keeps its place when it is paused and goes on before the lease comes", () => {
    const campaign = new Campaign();
    campaign.prepare();
    campaign.asks("pause");
    campaign.asks("resume");
    expect(campaign.leases).toEqual(["lease.1"]);
    campaign.lease();
    expect(campaign.performing).toEqual([1]);
  });

  it("takes a lease that it doesn't ask for any more for none", () => {
    const campaign = new Campaign();
    campaign.prepare();
    campaign.tell({ type: "lease.given", command: "lease.7" });
    expect(campaign.performing).toEqual([]);
  });

  it("ends without the lease that it waits for when it is stopped", () => {
    const campaign = new Campaign();
    campaign.prepare();
    campaign.asks("stop");
    expect(campaign.open.map(({ kind }) => kind)).toContain("park");
  });

  it("uses no time of its budget while it waits", () => {
    const campaign = new Campaign({ budget: { experiments: 3, milliseconds: 10 * MINUTE, consumables: [] } });
    campaign.now = MINUTE;
    campaign.prepare();
    campaign.now = 60 * MINUTE;
    campaign.lease();
    expect(campaign.performing).toEqual([1]);
    // One minute was spent on deciding.
    expect(campaign.state.campaign.context.account.startedAt).toBe(59 * MINUTE);
  });

  it("gives an unused lease back when its window leaves no time, and counts the waiting once", () => {
    const window = { cleanUp: 0, park: 0 };
    const campaign = new Campaign({ window });
    campaign.prepare();
    const opened = (command: string, until: number): void =>
      campaign.tell({ type: "window.opened", command, until });
    opened("window.1", 10 * MINUTE);
    expect(campaign.leases).toEqual(["lease.1"]);
    campaign.now = 10 * MINUTE;
    campaign.lease();
    expect(campaign.performing).toEqual([]);
    expect(campaign.state.campaign.context.lease?.standing).toBe("none");
    campaign.now = 30 * MINUTE;
    opened("window.2", 60 * MINUTE);
    expect(campaign.leases).toEqual(["lease.2"]);
    campaign.now = 40 * MINUTE;
    campaign.lease();
    expect(campaign.performing).toEqual([1]);
    expect(campaign.state.campaign.context.account.startedAt).toBe(40 * MINUTE);
  });
});
