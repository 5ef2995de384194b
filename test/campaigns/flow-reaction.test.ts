import { describe, expect, it } from "vitest";
import { jsonLines, labloop, testFolder } from "../support/labloop.ts";

interface Event {
  readonly event: string;
  readonly reason?: string;
  readonly best?: unknown;
  readonly values?: Readonly<Record<string, { readonly value: number }>>;
}

describe("examples/flow-reaction", () => {
  it("finds most of the ortho product with pumps, a circulator and a program as its analysis", () => {
    const { stdout, status } = labloop(
      testFolder(),
      "dry-run",
      "examples/flow-reaction/campaign.yaml",
      "--json",
      "--quiet",
    );
    const events = jsonLines<Event>(stdout);
    expect(status).toBe(0);
    expect(events.at(-1)).toMatchObject({
      event: "campaign.concluded",
      reason: "budget of experiments used",
    });
    const yields =
      stdout.match(/"ortho":\{"value":([\d.]+)/g)?.map((each) => Number(each.split(":").at(-1))) ?? [];
    expect(yields.length).toBeGreaterThanOrEqual(15);
    // More than 85 % comes out in a sixth of the space.
    expect(Math.max(...yields)).toBeGreaterThan(88);
  });
});
