import type { ExpressionType } from "../../base/expression/dimension.ts";
import { isUnitProblem, parseUnit, type Unit } from "../../base/unit.ts";
import type { MeasurementDefinition } from "../../loop/definition.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenCampaign, WrittenMeasurement } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";
import { readExpression, readIn } from "./values.ts";

/** A measurement but for its expression. */
export type QuantityOfMeasurement = Omit<MeasurementDefinition, "expression">;

/** Unit, noise and limits of the measurements of a file; what is wrong with them goes to the faults. */
export function compileMeasuredQuantities(
  faults: FaultCollector,
  measurements: Readonly<Record<string, Omit<WrittenMeasurement, "expression">>>,
): QuantityOfMeasurement[] {
  return Object.entries(measurements).flatMap(([name, written]) => {
    const path = ["measurements", name];
    const unit = readUnit(faults, [...path, "unit"], written.unit ?? "1");
    if (unit === undefined) {
      faults.giveUp(name);
      return [];
    }
    const number = (key: "noise" | "min" | "max"): number | undefined => {
      const value = written[key];
      return value === undefined ? undefined : readIn(faults, [...path, key], value, unit, key === "noise");
    };
    const [noise, minimum, maximum] = [number("noise"), number("min"), number("max")];
    if (noise !== undefined && noise <= 0)
      faults.add(
        "campaign.bad-quantity",
        [...path, "noise"],
        `the noise of "${name}" has to be above 0`,
        "write a standard deviation, or leave it away when it isn't known",
      );
    if (minimum !== undefined && maximum !== undefined && minimum >= maximum)
      faults.add(
        "campaign.empty-range",
        path,
        `no result of "${name}" is usable: min is not below max`,
        "exchange min and max",
      );
    return [
      {
        name,
        unit,
        ...(noise === undefined ? {} : { noise }),
        ...(minimum === undefined ? {} : { minimum }),
        ...(maximum === undefined ? {} : { maximum }),
      },
    ];
  });
}

function readUnit(faults: FaultCollector, path: Path, symbol: string): Unit | undefined {
  const unit = parseUnit(symbol);
  if (!isUnitProblem(unit)) return unit;
  const hint =
    unit.nearest === undefined
      ? "write a unit such as uL, degC, mM/min or AU, or 1 for a plain number"
      : `did you mean "${unit.nearest}"?`;
  faults.add("campaign.wrong-unit", path, `"${unit.symbol}" is no unit that labloop knows`, hint);
  return undefined;
}

/** The measurements of a campaign file; what is wrong with them goes to the faults. */
export function compileMeasurements(
  faults: FaultCollector,
  file: WrittenCampaign,
  scope: ReadonlyMap<string, ExpressionType>,
): MeasurementDefinition[] {
  return compileMeasuredQuantities(faults, file.measurements).flatMap((quantity): MeasurementDefinition[] => {
    const { name, unit } = quantity;
    const written = file.measurements[name] as WrittenMeasurement;
    const read = readExpression(faults, ["measurements", name, "expression"], written.expression, scope, {
      kind: "dimension",
      dimension: unit.dimension,
      unit,
    });
    if (read === undefined) faults.giveUp(name);
    return read === undefined ? [] : [{ ...quantity, expression: read.expression }];
  });
}
