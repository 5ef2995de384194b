import { expect, it } from "vitest";
import { driver } from "../../../drivers/julabo/circulator/index.ts";
import { narrowed } from "./narrowed.ts";

it.each([
  ["setpiont", 'did you mean "setpoint"?'],
  ["reach.temprature", 'did you mean "reach.temperature"?'],
  ["colour", "it has: temperature, setpoint, power, set-setpoint.setpoint, reach.temperature"],
])("a limit of %s, which the declaration hasn't, is told with what it has", (name, told) => {
  expect(() => narrowed(driver.declaration, { [name]: { maximum: 50 } })).toThrow(
    `julabo/circulator has no property or argument "${name}"; ${told}`,
  );
});

it("a resolution holds for the reading of the same name, too", () => {
  const { actions } = narrowed(driver.declaration, { "reach.temperature": { maximum: 50, resolution: 0.1 } });
  expect(actions["reach"]?.arguments["temperature"]).toMatchObject({ maximum: 50, resolution: 0.1 });
  expect(actions["reach"]?.readings["temperature"]).toMatchObject({ resolution: 0.1 });
});
