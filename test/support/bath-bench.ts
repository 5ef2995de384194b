import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "./labloop.ts";

/** What a campaign with a bath differs in; texts are as a campaign file has them. */
export interface BathCampaign {
  readonly name: string;
  /** Such as "experiments: 2". */
  readonly budget: string;
  /** Of each step; "1 min" by default. */
  readonly within?: string;
  /** Time between setpoint and reading; none when absent. */
  readonly wait?: string;
  /** Whether the bath is stopped in the end, whatever happened. */
  readonly stops?: boolean;
}

/** A campaign that sets a bath to a temperature and reads what it has then. */
export function bathCampaign({ name, budget, within = "1 min", wait, stops = false }: BathCampaign): string {
  return `labloop: 1
name: ${name}
seed: 1
lab: lab.yaml
parameters:
  setpoint: { min: 20 degC, max: 30 degC, step: 1 degC }
procedure:
  - { do: bath.set-setpoint, with: { setpoint: setpoint }, within: ${within} }
${wait === undefined ? "" : `  - wait: ${wait}\n`}  - { measure: bath.read, as: seen, within: ${within} }
${stops ? `  - { do: bath.stop, within: ${within}, always: true }\n` : ""}measurements:
  temperature: { expression: seen.temperature, unit: degC, noise: 1 K }
goal: { maximise: temperature }
budget: { ${budget} }
`;
}

/**
 * A lab with that bath alone.
 *
 * @param address - of a bath that runs elsewhere; simulated alone when absent
 * @param more - what else the lab file says
 */
export function bathLab({ address, more = "" }: { address?: string; more?: string } = {}): string {
  const connect = address === undefined ? "" : `, connect: { tcp: "${address}" }`;
  return `labloop: 1
name: bench
instruments:
  bath: { driver: julabo/circulator${connect} }
${more}`;
}

/** A folder of its own with the files of a campaign and its lab. */
export function bathBench(campaign: BathCampaign, lab: string = bathLab()): string {
  const folder = testFolder();
  writeFileSync(join(folder, "campaign.yaml"), bathCampaign(campaign));
  writeFileSync(join(folder, "lab.yaml"), lab);
  return folder;
}
