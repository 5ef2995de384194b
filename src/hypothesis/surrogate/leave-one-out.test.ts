import { fc, test as property } from "@fast-check/vitest";
import { expect } from "vitest";
import { conditioned, randomProcess, tuningOf } from "../../../test/support/processes.ts";
import { leaveOneOut } from "./leave-one-out.ts";
import { predictorOf } from "./prediction.ts";
import { rowsOf } from "./training-data.ts";

property.prop([fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 2, max: 10 })])(
  "a value left out is predicted as by the process that never saw it, noise included",
  (seed, count) => {
    const gp = randomProcess(seed, count, 2);
    const tuning = tuningOf(gp);
    const { means, sds } = leaveOneOut(gp);
    for (let i = 0; i < count; i++) {
      const others = Array.from({ length: count }, (_, row) => row).filter((row) => row !== i);
      const without = conditioned(rowsOf(gp.data, others), tuning);
      const { mean, variance } = predictorOf(without)(gp.data.inputs, 2 * i);
      expect(means[i]).toBeCloseTo(mean, 8);
      expect((sds[i] as number) ** 2).toBeCloseTo(
        variance + tuning.noise + (gp.data.variances[i] as number),
        8,
      );
    }
  },
);
