import { expect, it } from "vitest";
import { toBytes } from "./latin1.ts";
import { scpiFloats } from "./scpi.ts";

function block(...numbers: readonly number[]): Uint8Array {
  const data = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [i, number] of numbers.entries()) data.setFloat32(4 * i, number);
  const digits = String(data.byteLength);
  return Uint8Array.from([...toBytes(`#${digits.length}${digits}`), ...new Uint8Array(data.buffer)]);
}

it("reads a block of floats, high byte first", () => {
  expect([...(scpiFloats(block(1, -2.5, 65536)) ?? [])]).toEqual([1, -2.5, 65536]);
  expect([...(scpiFloats(block(0.5, ...new Array<number>(30).fill(7))) ?? [])]).toHaveLength(31);
});

it("takes no part of a block for numbers", () => {
  expect(scpiFloats(block(1, 2).slice(0, -1))).toBeUndefined();
  expect(scpiFloats(toBytes("#13abc"))).toBeUndefined();
  expect(scpiFloats(toBytes("1.0,2.0"))).toBeUndefined();
});
