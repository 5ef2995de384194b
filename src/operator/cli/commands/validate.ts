import { loadCampaign } from "../../../lab/load-campaign.ts";
import { EXIT } from "../exit-code.ts";
import { advise, type CommonOptions, openTerminal, report } from "../terminal.ts";

/** `labloop validate`: everything that is wrong with campaign files and their labs. */
export async function validate(
  files: readonly string[],
  options: CommonOptions & { lab?: string },
): Promise<number> {
  const terminal = openTerminal(options);
  let code: number = EXIT.concluded;
  for (const file of files) {
    const loading = await loadCampaign({
      file,
      ...(options.lab === undefined ? {} : { labFile: options.lab }),
    });
    if (loading.kind === "faults") {
      report(terminal, loading.faults);
      code = EXIT.badInput;
      continue;
    }
    const { campaign, lab, id } = loading.loaded;
    const { definition } = campaign;
    advise(terminal, campaign.warnings);
    if (terminal.json)
      for (const warning of campaign.warnings) terminal.emit({ event: "warning", ...warning });
    const free = definition.experiment.parameters.filter(({ kind }) => kind !== "constant").length;
    terminal.say(
      `${file}: good. ${free} parameters, ${definition.measurements.length} measurements, ${definition.budget.experiments} experiments at most, on ${Object.values(campaign.roles).join(", ")} of "${lab.name}"`,
    );
    if (terminal.json) terminal.emit({ event: "validated", file, campaign: id });
  }
  return code;
}
