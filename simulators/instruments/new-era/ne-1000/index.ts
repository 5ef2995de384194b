import { defineSimulator, type Simulator } from "labloop/instrument";
import { SimulatedPump } from "./simulated-pump.ts";

export { SimulatedPump };

/**
 * A simulated New Era NE-1000: the same bytes at 19,200 baud, and a motor whose volume really flows into the
 * process. It raises the power alarm at its first command, stalls at the end of its syringe, and carries a
 * random error in every dispense.
 */
export const simulator: Simulator<"serial", SimulatedPump> = defineSimulator({
  id: "new-era/ne-1000",
  transport: "serial",
  settings: {
    port: {
      kind: "text",
      required: true,
      description: "flow port of the process that the syringe is connected to",
    },
    address: {
      kind: "number",
      unit: "1",
      minimum: 0,
      maximum: 99,
      default: 0,
      description: "address of the pump",
    },
    "syringe-volume": {
      kind: "number",
      unit: "mL",
      minimum: 0.001,
      default: 60,
      description: "what the syringe holds",
    },
    contents: {
      kind: "number",
      unit: "mL",
      minimum: 0,
      description: "what is in it at first; full when absent",
    },
    supply: {
      kind: "choice",
      choices: ["syringe", "endless"],
      default: "syringe",
      description: "whether the syringe comes to an end, or somebody always refills it in time",
    },
    cv: {
      kind: "number",
      unit: "%",
      minimum: 0,
      maximum: 50,
      default: 0.5,
      description: "standard deviation of the volume that really flows, relative",
    },
  },
  troubles: ["power"],
  attach: (context) => new SimulatedPump(context),
});
