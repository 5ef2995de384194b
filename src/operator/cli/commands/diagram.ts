import { createCampaignMachine } from "../../../loop/campaign-machine.ts";
import { createExperimentMachine } from "../../../loop/experiment-machine.ts";
import { CliError } from "../cli-error.ts";
import { EMPTY_DEFINITION } from "../empty-definition.ts";
import { EXIT } from "../exit-code.ts";
import { type MachineConfig, mermaid } from "../mermaid.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

/** `labloop diagram`: the machines, drawn from their definitions. */
export async function diagram(machine: string | undefined, options: CommonOptions): Promise<number> {
  const machines: Readonly<Record<string, MachineConfig>> = {
    campaign: createCampaignMachine(EMPTY_DEFINITION).config as MachineConfig,
    experiment: createExperimentMachine(EMPTY_DEFINITION.experiment).config as MachineConfig,
  };
  const names = machine === undefined ? Object.keys(machines) : [machine];
  const terminal = openTerminal(options);
  for (const name of names) {
    const config = machines[name];
    if (config === undefined) {
      throw new CliError({
        code: "cli.no-machine",
        message: `there is no machine "${name}"`,
        advice: "write `labloop diagram campaign` or `labloop diagram experiment`",
      });
    }
    terminal.print(mermaid(config));
  }
  return EXIT.concluded;
}
