import {
  type ActionDeclaration,
  type Declaration,
  endState,
  narrowed,
  numberSetting,
  quantity,
  readable,
  readOut,
  type Settings,
} from "labloop/instrument";
import { fieldStep } from "./fields.ts";
import { ALARMS } from "./reply.ts";

/** Plunger speed of the NE-1000 in cm/min (manual #1200-01, appendix: 0.004205 cm/h to 5.1005 cm/min). */
const SLOWEST = 0.004205 / 60;
const FASTEST = 5.1005;

/** Diameter above which the pump counts in mL, below in µL (manual #1200-01, section 10.4). */
const WIDE = 14;

const moves = (description: string): ActionDeclaration => ({
  description,
  effect: "once",
  arguments: {
    volume: quantity("uL", "volume to move", { minimum: 0 }),
    rate: quantity("mL/min", "speed; without it the lab file's rate, or half of the fastest", {
      minimum: 0,
      required: false,
    }),
  },
  readings: {
    volume: { unit: "uL", description: "volume that the motor moved" },
    rate: { unit: "mL/min", description: "speed that the pump was set to" },
  },
  resolves:
    "the pump keeps a mark of the command and the volume moved since it began; neither survives a power failure",
});

/** What is the same for every NE-1000. */
export const DECLARATION: Declaration & { readonly transport: "serial" } = {
  id: "new-era/ne-1000",
  title: "New Era NE-1000 syringe pump",
  manual: "NE-1000 User Manual #1200-01, section 10 (firmware 3.9), basic mode",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 19200, dataBits: 8, parity: "none", stopBits: 1 },
  settings: {
    diameter: numberSetting("mm", "inner diameter of the syringe", {
      minimum: 0.1,
      maximum: 50,
      required: true,
    }),
    "syringe-volume": numberSetting("mL", "what the syringe holds; the most that one command may move", {
      minimum: 0.001,
      maximum: 1000,
      required: true,
    }),
    rate: numberSetting("mL/min", "speed of a command that names none; half of the fastest when absent", {
      minimum: 0,
    }),
    address: numberSetting("1", "the pump's address on the line", { minimum: 0, maximum: 99, default: 0 }),
  },
  properties: {
    rate: readable("mL/min", "speed that is set"),
    diameter: readable("mm", "syringe diameter that is set"),
  },
  actions: {
    dispense: moves("pushes a volume out of the syringe"),
    withdraw: moves("draws a volume into the syringe"),
    stop: endState("stands still"),
    dispensed: readOut("tells what the latest commands moved", {
      readings: {
        infused: { unit: "uL", description: "pushed out since the latest dispense began" },
        withdrawn: { unit: "uL", description: "drawn in since the latest withdraw began" },
      },
    }),
  },
  alarms: ALARMS,
};

/** Speeds in mL/min that a syringe of a diameter in mm can be driven at. */
export function rateLimits(diameter: number): { slowest: number; fastest: number } {
  const area = (Math.PI / 4) * (diameter / 10) ** 2;
  return { slowest: SLOWEST * area, fastest: floorDigits(FASTEST * area) };
}

/** Rounded down to four digits, so that the pump, too, finds it in range. */
function floorDigits(value: number): number {
  const step = 10 ** (Math.floor(Math.log10(value)) - 3);
  return Number((Math.floor(value / step) * step).toPrecision(4));
}

/** The declaration with the limits of one syringe. */
export function declareFor(settings: Settings): Declaration & { readonly transport: "serial" } {
  const diameter = settings["diameter"] as number;
  const most = (settings["syringe-volume"] as number) * 1000;
  const { slowest, fastest } = rateLimits(diameter);
  const volume =
    diameter > WIDE
      ? { maximum: most, resolution: fieldStep(most / 1000) * 1000 }
      : { maximum: Math.min(most, 9999), resolution: fieldStep(most) };
  const rate = { minimum: slowest, maximum: fastest };
  return narrowed(DECLARATION, {
    "dispense.volume": volume,
    "dispense.rate": rate,
    "withdraw.volume": volume,
    "withdraw.rate": rate,
  });
}
