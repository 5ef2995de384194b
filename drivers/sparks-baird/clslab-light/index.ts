import {
  type ActionBehaviour,
  type Driver,
  defineDriverOver,
  type Settlement,
  unusable,
  type Value,
} from "labloop/instrument";
import { CHANNELS, type Channel } from "./channels.ts";
import { DECLARATION } from "./declaration.ts";
import { duration, exposureOf, fullCount } from "./exposure.ts";
import { colourSensorNode, type Reading } from "./node.ts";

/**
 * CLSLab-Light: a network node with an eight-channel colour sensor (AS7341) and a red, green and blue light.
 *
 * Source: self-driving-lab-demo (public MQTT demo) and the AS7341 data sheet. Answers are matched by the ids
 * that the node repeats, and over MQTT 5 by correlation data; answers to others, late ones and repeated ones are
 * skipped. A saturated channel gives a flag and no number.
 */
export const driver: Driver<"mqtt"> = defineDriverOver({
  declaration: DECLARATION,
  open: async (opening, topics) => {
    const { settings } = opening;
    const node = await colourSensorNode(opening, topics);
    const { nickname } = await node.glance(opening, "connect");
    opening.note("the driver for the colour sensor node was tried with a simulated node only");
    const read: ActionBehaviour = {
      takes: (given) => duration(exposureOf(given, settings)),
      perform: async (device, given, { key }) => {
        await node.look(device);
        const exposure = exposureOf(given, settings);
        return counts(await node.expose(device, exposure, key), fullCount(exposure));
      },
      settle: nothingHappened,
    };
    const follow: ActionBehaviour = {
      takes: (given) => (given["interval"] as number) * 1000 + duration(exposureOf(given, settings)),
      perform: async (device, given, { key }) => {
        await node.look(device);
        const exposure = exposureOf(given, settings);
        const began = device.clock.now();
        const first = await node.expose(device, exposure, key);
        const due = began + (given["interval"] as number) * 1000;
        await device.rest(Math.max(0, due - device.clock.now()));
        const seconds = (device.clock.now() - began) / 1000;
        const second = await node.expose(device, exposure, key);
        return changes(first, second, seconds, fullCount(exposure), (flag) => device.flag(flag));
      },
      settle: nothingHappened,
    };
    return {
      identity: { model: "CLSLab-Light", ...(nickname !== "" && { serial: nickname }) },
      actions: { read, follow },
      check: async (device) => void (await node.glance(device, "check")),
      safe: async (device) => {
        // The node switches its light off after every reading, and at the beginning of the next.
        await node.glance(device, "make safe");
        return { light: "off" };
      },
      close: () => node.close(),
    };
  },
});

/** A reading changes nothing: it may be taken again. */
async function nothingHappened(): Promise<Settlement> {
  return { kind: "not done" };
}

function counts({ lit, background }: Reading, full: number): Record<string, Value> {
  const value = (count: number): Value => (count >= full ? unusable("saturated") : count);
  return Object.fromEntries(
    CHANNELS.flatMap((channel) => [
      [channel, value(lit[channel])],
      [channel.replace("ch", "background"), value(background[channel])],
    ]),
  );
}

/** Change of absorbance per second of every channel: log10 of the ratio of the net counts. */
function changes(
  first: Reading,
  second: Reading,
  seconds: number,
  full: number,
  flag: (text: string) => void,
): Record<string, number> {
  const readings: Record<string, number> = {};
  for (const channel of CHANNELS) {
    const name = channel.replace("ch", "change");
    const [before, after] = [net(first, channel, full), net(second, channel, full)];
    if (before === undefined || after === undefined) flag(`unusable:${name}`);
    else readings[name] = Math.log10(before / after) / seconds;
  }
  return readings;
}

/** Counts above the background; undefined when saturated, or too few to take a logarithm of. */
function net({ lit, background }: Reading, channel: Channel, full: number): number | undefined {
  if (lit[channel] >= full) return undefined;
  const counts = lit[channel] - background[channel];
  return counts > 0 ? counts : undefined;
}
