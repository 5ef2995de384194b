import { expect } from "vitest";
import { quantityType } from "../../src/base/expression/dimension.ts";
import { unitOf } from "../../src/base/unit.ts";
import type { InstrumentCatalogue } from "../../src/campaign/compile/instrument-catalogue.ts";
import { compileProcedure } from "../../src/campaign/compile/procedure.ts";
import type { WrittenStep } from "../../src/campaign/schema/step-schema.ts";
import type { Plan } from "../../src/loop/plan.ts";
import { written } from "./written.ts";

const action = { effect: "end-state", arguments: {}, readings: {} } as const;
const catalogue: InstrumentCatalogue = {
  rig: {
    title: "a rig",
    actions: {
      ...Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, action])),
      dose: {
        effect: "once",
        arguments: { volume: { kind: "number", unit: "uL", minimum: 0, maximum: 100, resolution: 5 } },
        readings: {},
      },
      read: { effect: "read", arguments: {}, readings: { y: { unit: "1" } } },
    },
  },
};

/** The plan of a procedure as a campaign file has it; `x` is a number and `v` a volume. */
export function planOf(yaml: string): Plan {
  const part = written(`procedure:\n${yaml}`);
  const { plan } = compileProcedure({
    faults: part.faults,
    steps: part.file.procedure as readonly WrittenStep[],
    path: ["procedure"],
    catalogue,
    roles: {},
    scope: new Map([
      ["x", quantityType(unitOf("1").dimension)],
      ["v", quantityType(unitOf("uL").dimension)],
    ]),
  });
  expect(part.told()).toEqual([]);
  return plan;
}
