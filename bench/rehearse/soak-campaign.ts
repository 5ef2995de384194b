import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCampaign } from "../../src/lab/load-campaign.ts";
import { sampledFaults } from "../../src/lab/rehearse/chaos.ts";

/** What a campaign of a soak is like. */
export interface SoakCampaign {
  /** Of the example. */
  readonly example: string;
  /** Where its files go. */
  readonly folder: string;
  readonly seed: number;
  readonly experiments: number;
  /** Minutes between the steps of an experiment. */
  readonly minutes: number;
  /** Faults of one instrument in an hour, and for how many hours. */
  readonly rate: number;
  readonly hours: number;
}

/**
 * Writes examples/colour-match with longer waits, and with faults at random in its lab file, so that a resume has them too.
 *
 * @returns the path of the campaign file
 */
export async function soakCampaign(options: SoakCampaign): Promise<string> {
  const { example, folder, seed, rate, hours } = options;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "campaign.yaml");
  writeFileSync(file, changed(readFileSync(join(example, "campaign.yaml"), "utf8"), options));
  const lab = readFileSync(join(example, "lab.yaml"), "utf8").replaceAll(
    /port: (cyan|magenta|yellow) \}/g,
    "port: $1, supply: endless }",
  );
  writeFileSync(join(folder, "lab.yaml"), lab);
  const loading = await loadCampaign({ file, seed });
  if (loading.kind === "faults") throw new Error(loading.faults.map(({ message }) => message).join("; "));
  const faults = await sampledFaults(loading.loaded.lab, { rate, hours, seed });
  writeFileSync(
    join(folder, "lab.yaml"),
    lab.replace("simulation:\n", `simulation:\n  faults: ${JSON.stringify(faults)}\n`),
  );
  return file;
}

function changed(text: string, { experiments, minutes }: SoakCampaign): string {
  const campaign = text
    .replace("goal: { minimise: distance, enough: 0.05 AU }", "goal: { minimise: distance }")
    .replace("- wait: 5 min", `- wait: ${minutes} min`)
    .replace(
      /experiments: 40\n {2}time: 12 h/,
      `experiments: ${experiments}\nfailures: { in_a_row: 20, in_doubt: discard }`,
    );
  if (!campaign.includes("in_a_row"))
    throw new Error("the example has changed: nothing of it could be replaced");
  return campaign;
}
