import { suggest } from "../../base/suggest.ts";
import type { Space } from "../../experiment/space/space.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import type { KernelFactor } from "../../hypothesis/surrogate/covariance/kernel.ts";
import type { NamedFactor, Surrogate } from "../../hypothesis/surrogate/surrogate.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";

const KINDS: readonly KernelFactor["kind"][] = ["matern52", "matern32", "rbf", "linear", "periodic"];

/** The surrogate that stands beside the laws of a file, built as the file says. */
export function compileSurrogate(
  faults: FaultCollector,
  { surrogate: written = {}, goal }: Pick<WrittenCampaign, "surrogate" | "goal">,
  space: Pick<Space, "parameters" | "symmetries">,
): Surrogate {
  const { kernel, input_warping: inputWarping, output_transform: outputTransform, outliers } = written;
  const terms = kernel === undefined ? undefined : readKernel(faults, kernel, space);
  if (inputWarping === true && !space.parameters.some(isNumber))
    bad(faults, "input_warping", "no parameter is a number", "take it out");
  if (outputTransform !== undefined && Array.isArray(goal) && goal.length > 1)
    bad(
      faults,
      "output_transform",
      "several objectives are modelled on their own scales",
      "take it out, or optimise one measurement",
    );
  return {
    kind: "surrogate",
    name: "surrogate",
    ...(terms && { kernel: terms }),
    ...(inputWarping !== undefined && { inputWarping }),
    ...(outputTransform && { outputTransform }),
    ...(outliers && { outliers }),
  };
}

function bad(faults: FaultCollector, key: string, message: string, advice: string): void {
  faults.add("campaign.bad-surrogate", ["surrogate", key], message, advice);
}

function isNumber({ kind }: Parameter): boolean {
  return kind !== "constant" && kind !== "categorical";
}

type Terms = readonly (readonly NamedFactor[])[];

/** Reads `matern52(dose, time) * rbf(bath) + linear`: a name, and in brackets the parameters that it looks at. */
function readKernel(
  faults: FaultCollector,
  written: string,
  space: Pick<Space, "parameters" | "symmetries">,
): Terms | undefined {
  const before = faults.faults.length;
  const terms = written
    .split("+")
    .map((term) => term.split("*").flatMap((factor) => readFactor(faults, factor.trim(), space)));
  return faults.faults.length > before ? undefined : terms;
}

const FACTOR = /^([A-Za-z]\w*)\s*(?:\(([^()]*)\))?$/;

function readFactor(
  faults: FaultCollector,
  written: string,
  { parameters, symmetries = [] }: Pick<Space, "parameters" | "symmetries">,
): NamedFactor[] {
  const wrong = (message: string, advice: string): NamedFactor[] => {
    bad(faults, "kernel", message, advice);
    return [];
  };
  const [, name = "", list] = FACTOR.exec(written) ?? [];
  const kind = KINDS.find((each) => each === name);
  if (name === "")
    return wrong(
      `"${written}" is no kernel`,
      "write a sum of products, such as `matern52(dose) * rbf(time) + linear(time)`",
    );
  if (kind === undefined) return wrong(`there is no kernel "${name}"`, suggest(name, KINDS, "the kernels"));
  const chosen = parameters.filter((each) => each.kind !== "constant");
  const named = list?.split(",").map((each) => each.trim());
  const known = chosen.map((each) => each.name);
  const unknown = named?.find((each) => !known.includes(each));
  if (unknown !== undefined)
    return faults.isGivenUp(unknown)
      ? []
      : wrong(`"${unknown}" is no parameter that is chosen`, suggest(unknown, known, "these are"));
  if (kind === "periodic") {
    const seen = chosen.filter((each) => named?.includes(each.name) ?? true);
    const choice = seen.find((each) => !isNumber(each));
    if (choice !== undefined)
      return wrong(`"${choice.name}" is no number, and has no period`, "name the numbers: `periodic(angle)`");
    const round = symmetries.find(
      (each) => each.kind === "period" && seen.some(({ name: own }) => own === each.parameter),
    );
    if (round?.kind === "period")
      return wrong(
        `"${round.parameter}" comes round by its symmetry already`,
        "use another kernel for it, which then is periodic",
      );
  }
  return [{ kind, ...(named && { parameters: [...new Set(named)] }) }];
}
