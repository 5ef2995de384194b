import {
  type ArgumentDeclaration,
  choice,
  choiceSetting,
  type Declaration,
  declare,
  numberSetting,
  quantity,
  type ReadingDeclaration,
  readOut,
  textSetting,
} from "labloop/instrument";
import { CHANNELS } from "./channels.ts";
import { ASTEP, STEP } from "./exposure.ts";

/** Gains of the AS7341. */
const GAINS = ["0.5", "1", "2", "4", "8", "16", "32", "64", "128", "256", "512"] as const;

/** Shortest and longest integration in s, rounded inwards. */
const SHORTEST = 0.00278;
const LONGEST = 0.711;

const light = (colour: string) =>
  quantity("1", `${colour} light; the lab file's when absent`, {
    minimum: 0,
    maximum: 255,
    resolution: 1,
    required: false,
  });

const EXPOSURE: Readonly<Record<string, ArgumentDeclaration>> = {
  red: light("red"),
  green: light("green"),
  blue: light("blue"),
  integration: quantity("s", "time of each of the two integrations; the lab file's when absent", {
    minimum: SHORTEST,
    maximum: LONGEST,
    resolution: STEP * (ASTEP + 1),
    required: false,
  }),
  gain: choice(GAINS, "amplification; the lab file's when absent", { required: false }),
};

const lightSetting = (colour: string) =>
  numberSetting("1", `${colour} light of readings that name none`, { minimum: 0, maximum: 255, default: 30 });

/** Readings for every channel. */
function perChannel(
  prefix: string,
  unit: string,
  describe: (nm: string) => string,
): Record<string, ReadingDeclaration> {
  return Object.fromEntries(
    CHANNELS.map((channel) => {
      const nm = channel.slice(2);
      return [
        `${prefix}${nm}`,
        { unit, description: describe(nm), ...(unit === "counts" ? { resolution: 1 } : {}) },
      ];
    }),
  );
}

/** The colour sensor node. */
export const DECLARATION: Declaration & { readonly transport: "mqtt" } = declare({
  id: "sparks-baird/clslab-light",
  title: "CLSLab-Light colour sensor node (AS7341, red, green and blue light)",
  manual: "self-driving-lab-demo, public_mqtt_sdl_demo; ams AS7341 data sheet DS000504",
  verified: "emulator only",
  transport: "mqtt",
  settings: {
    node: textSetting("the node's id, as in its topics (PICO_ID)", { required: true }),
    status: textSetting(
      'topic of a node that tells, retained and as its last will, whether it is "online" or "offline", and its boot id',
    ),
    "maximum-age": numberSetting(
      "s",
      "how old a reading may be by the node's clock; only for nodes whose clock is set. Any age when absent",
      { minimum: 1 },
    ),
    red: lightSetting("red"),
    green: lightSetting("green"),
    blue: lightSetting("blue"),
    integration: numberSetting("s", "integration time of readings that name none", {
      minimum: SHORTEST,
      maximum: LONGEST,
      default: 0.2808,
    }),
    gain: choiceSetting(GAINS, "gain of readings that name none", { default: "128" }),
  },
  actions: {
    read: readOut("reads all channels, first in the dark, then with the light on", {
      arguments: EXPOSURE,
      readings: {
        ...perChannel("ch", "counts", (nm) => `counts at ${nm} nm with the light on; absent when saturated`),
        ...perChannel(
          "background",
          "counts",
          (nm) => `counts at ${nm} nm in the dark; absent when saturated`,
        ),
      },
    }),
    follow: readOut("reads all channels twice and gives the change of absorbance between", {
      arguments: {
        interval: quantity("s", "time between the beginnings of the two readings", {
          minimum: 2,
          maximum: 3600,
        }),
        ...EXPOSURE,
      },
      readings: perChannel(
        "change",
        "AU/s",
        (nm) => `change of absorbance at ${nm} nm per second; absent when a reading was saturated or dark`,
      ),
    }),
  },
  alarms: {
    error: {
      description: "the node reported an error in place of a reading",
      advice: "read the node's message; it starts again by itself",
    },
  },
});
