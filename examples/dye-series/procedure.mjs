// @ts-check
// A procedure may be written as a program that returns steps: the same steps that a file would list. It runs once,
// when the campaign is read; what it returns is checked like a file, and kept in the journal's digest.

const STEPS = 4;

/** @returns {import("labloop").Step[]} */
export function procedure() {
  /** @type {import("labloop").Step[]} */
  const dilutions = [];
  for (let k = 1; k <= STEPS; k++) {
    dilutions.push(
      { do: "cyan.dispense", with: { volume: `dye / ${STEPS}` }, within: "2 min" },
      { wait: "20 s" },
      { measure: "sensor.read", as: `step${k}`, times: 2, within: "30 s" },
    );
  }
  return [
    { do: "water.dispense", with: { volume: "2000 uL" }, within: "3 min" },
    ...dilutions,
    { do: "waste.withdraw", with: { volume: "2000 uL + dye" }, within: "3 min", always: true },
  ];
}
