import { describeShare } from "../cli/describe.ts";
import { type Calibration, type Coverage, calibrationOf } from "./calibration.ts";
import { calibrationFigures } from "./figures.ts";
import { type Markup, markup } from "./markup.ts";
import { headedTable } from "./table.ts";
import type { ToldCampaign } from "./told-campaign.ts";

/** How far the model could be trusted: what it had predicted at each suggestion against what was measured. */
export function trustedSection({ loaded, records }: ToldCampaign): Markup {
  const calibrations = loaded.campaign.definition.problem.measurements.map((each) =>
    calibrationOf(each, records),
  );
  const some = calibrations.filter(({ predictions }) => predictions.length > 0);
  return markup`<h2>How well predictions came true</h2>
${
  some.length === 0
    ? markup`<p>No result was predicted yet: a prediction needs data before it.</p>`
    : headedTable(
        [
          "measurement",
          "predicted",
          "within 50 % intervals",
          "within 90 % intervals",
          "rms of (measured - predicted) / sd",
        ],
        some.map(({ measurement, predictions, coverage, rms }) => [
          measurement,
          predictions.length,
          ...coverage.map(coverageText),
          rms.toFixed(2),
        ]),
      )
}
${some.map((each) => markup`${noiseNote(each)}${calibrationFigures(each)}`)}`;
}

function coverageText({ within, of, usual: [least, most] }: Coverage): string {
  const verdict =
    within < least
      ? "fewer than usual, it was too sure of itself"
      : within > most
        ? "more than usual, it was too cautious"
        : "as usual";
  return `${within} of ${of} (${describeShare(within / of)}): ${verdict} (${least} to ${most})`;
}

function noiseNote({ noiseKnown, measurement }: Calibration): Markup | undefined {
  return noiseKnown
    ? undefined
    : markup`<p class="key">The noise of ${measurement} isn't known for every result (no repeated reading, no <code>noise:</code>), so intervals are those of the prediction alone, and are too narrow by the noise.</p>`;
}
