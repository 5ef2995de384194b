import { fc, test as property } from "@fast-check/vitest";
import { expect } from "vitest";
import { FallingOrder } from "./falling-order.ts";

property.prop([
  fc.array(fc.constantFrom(-Infinity, -1, 0, 0.5, 2, Infinity), { maxLength: 200 }),
  fc.integer({ min: 1, max: 70 }),
])("values in falling order come as a sort that keeps equal ones in order gives them", (values, count) => {
  const order = new FallingOrder(Float64Array.from(values));
  const taken: number[] = [];
  for (let some = order.take(count); some.length > 0; some = order.take(count)) taken.push(...some);
  const sorted = values
    .map((value, at) => ({ value, at }))
    .sort((a, b) => Number(b.value > a.value) - Number(b.value < a.value));
  expect(taken).toEqual(sorted.map(({ at }) => at));
});
