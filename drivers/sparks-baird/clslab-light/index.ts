import { type ConnectContext, type Connected, type Driver, defineDriver } from "labloop/instrument";
import { DECLARATION } from "./declaration.ts";
import { ColourSensorNode } from "./node.ts";

/**
 * CLSLab-Light: a network node with an eight-channel colour sensor (AS7341) and a red, green and blue light.
 *
 * Source: self-driving-lab-demo (public MQTT demo) and the AS7341 data sheet. Answers are matched by the ids
 * that the node repeats, and over MQTT 5 by correlation data; answers to others, late ones and repeated ones are
 * skipped. A saturated channel gives a flag and no number.
 */
export const driver: Driver<"mqtt"> = defineDriver({ declaration: DECLARATION, connect });

async function connect(context: ConnectContext<"mqtt">): Promise<Connected> {
  const instrument = new ColourSensorNode(context);
  const failure = await instrument.begin(context.signal);
  if (failure !== undefined) {
    await instrument.close();
    return failure;
  }
  context.note(`${context.name}: the driver for the colour sensor node was tried with a simulated node only`);
  return { kind: "connected", instrument };
}
