import { parseQuantity } from "../../base/quantity.ts";
import { fromSi, sameDimension, toSi, unitOf } from "../../base/unit.ts";
import { toUnit } from "../../hypothesis/features.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import type { Symmetry } from "../../hypothesis/symmetry.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenCampaign, WrittenSymmetry } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";

const CODE = "campaign.bad-symmetry";

/** The symmetries of a campaign file, checked against its parameters. */
export function compileSymmetries(
  faults: FaultCollector,
  { symmetries = [] }: Pick<WrittenCampaign, "symmetries">,
  parameters: readonly Parameter[],
): Symmetry[] {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  return symmetries.flatMap((written, i) => {
    const path: Path = ["symmetries", i];
    const before = faults.faults.length;
    for (const name of namesOf(written)) {
      if (!byName.has(name))
        faults.add(
          CODE,
          path,
          `there is no parameter "${name}"`,
          `the parameters: ${[...byName.keys()].join(", ")}`,
        );
    }
    if (faults.faults.length > before) return [];
    const symmetry = symmetryOf(faults, path, written, byName);
    return faults.faults.length > before || symmetry === undefined ? [] : symmetry;
  });
}

function namesOf(written: WrittenSymmetry): string[] {
  if ("permute" in written) return written.permute.flat();
  if ("sign" in written) return [...written.sign];
  if ("period" in written) return Object.keys(written.period);
  return [...written.group];
}

type ByName = ReadonlyMap<string, Parameter>;

function symmetryOf(
  faults: FaultCollector,
  path: Path,
  written: WrittenSymmetry,
  byName: ByName,
): Symmetry[] | undefined {
  if ("permute" in written) {
    const blocks = written.permute.map((each) => [each].flat());
    checkBlocks(faults, path, blocks, byName);
    return [{ kind: "permutation", blocks }];
  }
  if ("sign" in written) {
    for (const name of written.sign) checkSign(faults, path, byName.get(name) as Parameter);
    return [{ kind: "sign", parameters: written.sign }];
  }
  if ("period" in written) {
    return Object.entries(written.period).flatMap(([name, period]): Symmetry[] => {
      const length = periodOf(faults, [...path, "period", name], byName.get(name) as Parameter, period);
      return length === undefined ? [] : [{ kind: "period", parameter: name, period: length }];
    });
  }
  const { group, images } = written;
  checkBlocks(
    faults,
    path,
    group.map((name) => [name]),
    byName,
  );
  for (const image of images) {
    const places = [...image].sort((a, b) => a - b);
    if (image.length !== group.length || places.some((place, k) => place !== k))
      faults.add(
        CODE,
        [...path, "images"],
        `[${image.join(", ")}] is no permutation of ${group.length} parameters`,
        `write each of 0 … ${group.length - 1} once: which parameter takes each place`,
      );
  }
  return [{ kind: "group", parameters: group, images }];
}

/** What changes places has to be of one kind, with the same limits. */
function checkBlocks(
  faults: FaultCollector,
  path: Path,
  blocks: readonly (readonly string[])[],
  byName: ByName,
): void {
  const [first = []] = blocks;
  for (const block of blocks) {
    if (block.length !== first.length) {
      faults.add(CODE, path, "blocks that change places differ in length", "give each as many parameters");
      continue;
    }
    for (const [k, name] of block.entries()) {
      const a = byName.get(first[k] as string) as Parameter;
      const b = byName.get(name) as Parameter;
      if (JSON.stringify({ ...a, name: "" }) === JSON.stringify({ ...b, name: "" })) continue;
      faults.add(
        CODE,
        path,
        `"${a.name}" and "${b.name}" can't change places: they differ in kind, unit or limits`,
        "give them the same definition, or take the symmetry out",
      );
    }
  }
}

/** A sign can change where the limits are the same on both sides of zero. */
function checkSign(faults: FaultCollector, path: Path, parameter: Parameter): void {
  const limits =
    "minimum" in parameter && !("scale" in parameter && parameter.scale === "log")
      ? [toUnit(parameter, 0), 0.5]
      : [];
  if (limits.length === 2 && Math.abs((limits[0] as number) - 0.5) < 1e-9) return;
  faults.add(
    CODE,
    path,
    `the sign of "${parameter.name}" can't change: its limits are not the same on both sides of zero`,
    "give it limits such as -5 … 5, or take the symmetry out",
  );
}

function periodOf(
  faults: FaultCollector,
  path: Path,
  parameter: Parameter,
  written: string | number,
): number | undefined {
  if (!("minimum" in parameter)) {
    faults.add(CODE, path, `"${parameter.name}" is no number between limits, so that it has no period`);
    return undefined;
  }
  const unit = unitOf(parameter.unit);
  const quantity = typeof written === "number" ? undefined : parseQuantity(written);
  const length =
    typeof written === "number"
      ? written
      : quantity?.kind === "quantity" && sameDimension(quantity.unit.dimension, unit.dimension)
        ? fromSi(toSi(quantity.value, quantity.unit), unit)
        : Number.NaN;
  if (length > 0) return length;
  faults.add(
    CODE,
    path,
    `"${written}" is no period of "${parameter.name}"`,
    `write a number in ${parameter.unit}`,
  );
  return undefined;
}
