import { defineSimulator, type Simulator } from "labloop/instrument";
import { SimulatedNode } from "./simulated-node.ts";

export { SimulatedNode };

/**
 * A simulated CLSLab-Light node: the same topics and messages, an eight-channel sensor with shot noise, offset
 * and saturation, and red, green and blue light that shines through the process.
 */
export const simulator: Simulator<"mqtt", SimulatedNode> = defineSimulator({
  id: "sparks-baird/clslab-light",
  transport: "mqtt",
  settings: {
    port: {
      kind: "text",
      default: "",
      description:
        "light port of the process that the sensor looks through; not needed where there is only one",
    },
    node: { kind: "text", required: true, description: "the node's id, as in its topics" },
    status: {
      kind: "text",
      description: "topic on which the node tells whether it is online; none when absent",
    },
    ambient: {
      kind: "number",
      unit: "1",
      minimum: 0,
      default: 1,
      description: "light of the room, in counts per second at gain 1",
    },
    dark: { kind: "number", unit: "counts", minimum: 0, default: 4, description: "counts without any light" },
    "read-noise": {
      kind: "number",
      unit: "counts",
      minimum: 0,
      default: 2,
      description: "standard deviation of one reading beside the shot noise",
    },
    overhead: {
      kind: "number",
      unit: "s",
      minimum: 0,
      default: 0.06,
      description: "time that the node needs besides its two integrations",
    },
  },
  async attach(context) {
    const node = new SimulatedNode(context);
    await node.begin();
    return node;
  },
});
