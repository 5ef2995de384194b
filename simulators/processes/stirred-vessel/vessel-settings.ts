import type { SettingDeclaration } from "labloop/instrument";

/** Settings that every process in a stirred vessel has. */
export const VESSEL_SETTINGS: Readonly<Record<string, SettingDeclaration>> = {
  capacity: {
    kind: "number",
    unit: "mL",
    minimum: 0.1,
    default: 20,
    description: "volume at which the vessel runs over",
  },
  residual: {
    kind: "number",
    unit: "mL",
    minimum: 0,
    default: 0.2,
    description: "volume that no outlet can reach; carries over into the next sample",
  },
  "mixing-time": {
    kind: "number",
    unit: "s",
    minimum: 0.01,
    default: 2,
    description: "time constant of the stirring",
  },
  path: {
    kind: "number",
    unit: "cm",
    minimum: 0.01,
    default: 1,
    description: "way of the light through the vessel",
  },
};
