import { expect, test } from "vitest";
import { erfcx } from "./erfcx.ts";

// Values of an independent implementation (scipy 1.17, special.erfcx).
test.each([
  [-5, 144009798674.66104],
  [-1, 5.008980080762283],
  [-0.1, 1.123643354199209],
  [0, 1.0],
  [0.3, 0.7345993345676554],
  [1, 0.427583576155807],
  [1.2499, 0.36784379970796344],
  [1.2501, 0.3678020353326703],
  [2, 0.2553956763105058],
  [3.7, 0.14743499753718506],
  [10, 0.05614099274382259],
  [50, 0.011281536265323772],
  [1000000.0, 5.641895835474742e-7],
])("erfcx(%d) agrees with an independent value", (x, expected) => {
  expect(Math.abs(erfcx(x) / expected - 1)).toBeLessThan(2e-14);
});
