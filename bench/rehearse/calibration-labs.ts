import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Six experiments with a bath, for which there is time enough: when they are done depends on what actions take. */
export function paced(folder: string): string {
  return written(folder, {
    campaign: `labloop: 1
name: paced
seed: 1
lab: lab.yaml
parameters:
  setpoint: { min: 20 degC, max: 30 degC, step: 1 degC }
procedure:
  - { do: bath.set-setpoint, with: { setpoint: setpoint }, within: 1 h }
  - { measure: bath.read, as: seen, within: 1 h }
measurements:
  temperature: { expression: seen.temperature, unit: degC, noise: 1 K }
goal: { maximise: temperature }
budget: { experiments: 6 }
`,
    lab: `labloop: 1
name: bench
instruments:
  bath: { driver: julabo/circulator }
`,
  });
}

/**
 * Doses of any size, as many as there is time for. A dose is drawn from a stock of the lab and is a consumable of the budget;
 * neither suffices for so few only.
 */
export function dosed(folder: string): string {
  return written(folder, {
    campaign: `labloop: 1
name: doses
seed: 1
lab: lab.yaml
parameters:
  dose: { min: 0.1 mL, max: 3 mL }
  setpoint: { min: 20 degC, max: 30 degC, step: 1 degC }
procedure:
  - { do: pump.dispense, with: { volume: dose }, within: 1 h }
  - { do: bath.set-setpoint, with: { setpoint: setpoint }, within: 1 h }
  - { measure: bath.read, as: seen, within: 1 h }
measurements:
  temperature: { expression: seen.temperature, unit: degC, noise: 1 K }
goal: { maximise: temperature }
budget:
  experiments: 40
  time: 18 min
  consumables:
    reagent: { available: 1 L, per_experiment: dose }
`,
    lab: `labloop: 1
name: bench
simulation: { process: colour-mixing }
instruments:
  pump:
    driver: new-era/ne-1000
    settings: { diameter: 26.7 mm, syringe-volume: 60 mL, rate: 20 mL/min }
    simulated: { port: cyan, supply: endless }
  bath: { driver: julabo/circulator }
stock: { cyan: { drawn: [pump.dispense.volume], available: 500 mL } }
`,
  });
}

function written(folder: string, { campaign, lab }: { campaign: string; lab: string }): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "lab.yaml"), lab);
  const file = join(folder, "campaign.yaml");
  writeFileSync(file, campaign);
  return file;
}
