import type { ArgumentDeclaration, Declaration, Settings } from "labloop/instrument";
import { fieldStep } from "./number-field.ts";
import { ALARMS } from "./reply.ts";

/** Plunger speed of the NE-1000 in cm/min (manual #1200-01, appendix: 0.004205 cm/h to 5.1005 cm/min). */
const SLOWEST = 0.004205 / 60;
const FASTEST = 5.1005;

/** Diameter above which the pump counts in mL, below in µL (manual #1200-01, section 10.4). */
const WIDE = 14;

const volume: ArgumentDeclaration = {
  kind: "number",
  unit: "uL",
  minimum: 0,
  description: "volume to move",
};

const rate: ArgumentDeclaration = {
  kind: "number",
  unit: "mL/min",
  minimum: 0,
  required: false,
  description: "speed; without it the lab file's rate, or half of the fastest",
};

const READINGS = {
  volume: { unit: "uL", description: "volume that the motor moved" },
  rate: { unit: "mL/min", description: "speed that the pump was set to" },
} as const;

const RESOLVES =
  "the pump keeps a mark of the command and the volume moved since it began; neither survives a power failure";

/** What is the same for every NE-1000. */
export const DECLARATION: Declaration & { readonly transport: "serial" } = {
  id: "new-era/ne-1000",
  title: "New Era NE-1000 syringe pump",
  manual: "NE-1000 User Manual #1200-01, section 10 (firmware 3.9), basic mode",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 19200, dataBits: 8, parity: "none", stopBits: 1 },
  settings: {
    diameter: {
      kind: "number",
      unit: "mm",
      minimum: 0.1,
      maximum: 50,
      required: true,
      description: "inner diameter of the syringe",
    },
    "syringe-volume": {
      kind: "number",
      unit: "mL",
      minimum: 0.001,
      maximum: 1000,
      required: true,
      description: "what the syringe holds; the most that one command may move",
    },
    rate: {
      kind: "number",
      unit: "mL/min",
      minimum: 0,
      description: "speed of a command that names none; half of the fastest when absent",
    },
    address: {
      kind: "number",
      unit: "1",
      minimum: 0,
      maximum: 99,
      default: 0,
      description: "the pump's address on the line",
    },
  },
  properties: {
    rate: { unit: "mL/min", description: "speed that is set", readable: true, settable: false },
    diameter: { unit: "mm", description: "syringe diameter that is set", readable: true, settable: false },
  },
  actions: {
    dispense: {
      description: "pushes a volume out of the syringe",
      effect: "once",
      arguments: { volume, rate },
      readings: READINGS,
      resolves: RESOLVES,
    },
    withdraw: {
      description: "draws a volume into the syringe",
      effect: "once",
      arguments: { volume, rate },
      readings: READINGS,
      resolves: RESOLVES,
    },
    stop: { description: "stands still", effect: "end-state", arguments: {}, readings: {} },
    dispensed: {
      description: "tells what the latest commands moved",
      effect: "read",
      arguments: {},
      readings: {
        infused: { unit: "uL", description: "pushed out since the latest dispense began" },
        withdrawn: { unit: "uL", description: "drawn in since the latest withdraw began" },
      },
    },
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
  const most = settings["syringe-volume"] as number;
  const { slowest, fastest } = rateLimits(diameter);
  const step = diameter > WIDE ? fieldStep(most) * 1000 : fieldStep(most * 1000);
  const readings = { ...READINGS, volume: { ...READINGS.volume, resolution: step } };
  const narrowed = {
    volume: {
      ...volume,
      maximum: diameter > WIDE ? most * 1000 : Math.min(most * 1000, 9999),
      resolution: step,
    },
    rate: { ...rate, minimum: slowest, maximum: fastest },
  };
  const { dispense, withdraw, ...others } = DECLARATION.actions;
  return {
    ...DECLARATION,
    actions: {
      dispense: { ...dispense, arguments: narrowed, readings } as typeof dispense & {},
      withdraw: { ...withdraw, arguments: narrowed, readings } as typeof withdraw & {},
      ...others,
    },
  };
}
