import {
  defineProcess,
  numberSetting,
  type ProcessDefinition,
  type SimulatedProcess,
} from "labloop/instrument";

/** True composition of the sample. */
export const TITRATION_TRUTH = {
  /** mol/L of the acid in the sample, and the negative logarithm of its constant: acetic acid. */
  acid: 0.082,
  pKa: 4.756,
  /** mol/L of base in what is dosed. */
  base: 0.1,
  /** V per pH of a glass electrode at 25 degC, and where it reads 0. */
  slope: -0.05916,
  zero: 7,
} as const;

const WATER = 1e-14;

/** A beaker of acid into which base is dosed. */
export interface Titration extends SimulatedProcess {
  pH(): number;
}

/**
 * A weak acid is titrated with a strong base.
 *
 * Ports: flow `base`, electric `electrode` (a glass electrode, for a multimeter), mass `balance`, answers `indicator`
 * (`value` is the pH).
 */
export const process: ProcessDefinition<Titration> = defineProcess({
  id: "titration",
  settings: { sample: numberSetting("mL", "acid in the beaker", { minimum: 1, default: 50 }) },
  create({ clock, settings }) {
    const sample = settings["sample"] as number;
    let at = clock.now();
    let rate = 0;
    let added = 0;
    const advance = (): void => {
      added = Math.max(0, added + (rate * (clock.now() - at)) / 1000);
      at = clock.now();
    };
    const pH = (): number => {
      advance();
      return phOf(sample, added);
    };
    const voltage = (): number => TITRATION_TRUTH.slope * (pH() - TITRATION_TRUTH.zero);
    return {
      ports: {
        base: {
          kind: "flow",
          setFlow: (flow) => {
            advance();
            rate = flow;
          },
          volume: () => {
            advance();
            return added;
          },
        },
        electrode: { kind: "electric", apply: () => undefined, voltage, current: () => 0 },
        balance: {
          kind: "mass",
          mass: () => {
            advance();
            return sample + added;
          },
        },
        indicator: { kind: "answers", answer: (name) => (name === "value" ? pH() : undefined) },
      },
      facts: () => [],
      pH,
    };
  },
});

/**
 * pH from the balance of charges: [H] + [Na] = [A⁻] + [OH], by bisection in pH.
 *
 * @param sample - mL of acid
 * @param added - mL of base
 */
export function phOf(sample: number, added: number): number {
  const { acid, base, pKa } = TITRATION_TRUTH;
  const total = sample + added;
  const sodium = (base * added) / total;
  const acids = (acid * sample) / total;
  const constant = 10 ** -pKa;
  let [low, high] = [0, 14];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    const protons = 10 ** -middle;
    const charge = protons + sodium - (acids * constant) / (constant + protons) - WATER / protons;
    if (charge > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
