import { fc } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { LEFT_OUT, play, SHEETS, type Sheet } from "./sheets.ts";
import { twinLine } from "./twin-line.ts";

const lineOf = ({ simulator, settings, process }: Sheet) =>
  twinLine(simulator as never, settings, { ...(process && { process }) });

describe.each(SHEETS)("$id", (sheet) => {
  it("answers the literal exchanges of its sheet byte for byte", async () => {
    const line = await lineOf(sheet);
    for (const exchange of sheet.exchanges) {
      const { came, expected } = await play(line, exchange);
      expect(came).toEqual(expected);
    }
    line.twin.close();
  });

  it("takes a command that is cut at any byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (at) => {
        const line = await lineOf(sheet);
        for (const exchange of sheet.exchanges) {
          const { came, expected } = await play(line, exchange, at);
          expect(came).toEqual(expected);
        }
        line.twin.close();
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});

it.each(LEFT_OUT)("leaves out $sent of the $sheet sheet: $why", ({ sent, answered }) => {
  const all = SHEETS.flatMap(({ exchanges }) => exchanges.map(([send, answer]) => [send, answer]));
  expect(all).not.toContainEqual([sent, answered]);
});
