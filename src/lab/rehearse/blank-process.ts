import { defineProcess, type ProcessDefinition } from "../../instrument/index.ts";

/**
 * A process in which nothing happens, with one port of each kind: simulated instruments work on it, at their speed, where the
 * lab file names no process.
 */
export const BLANK_PROCESS: ProcessDefinition = defineProcess({
  id: "blank",
  settings: {},
  create: () => ({
    ports: {
      flow: { kind: "flow", setFlow: () => undefined, volume: () => 0 },
      light: { kind: "light", transmittance: () => 1 },
      thermal: { kind: "thermal", couple: () => undefined, temperature: () => ROOM },
      mass: { kind: "mass", mass: () => 0 },
      stirring: { kind: "stirring", setSpeed: () => undefined, torque: () => 0 },
      motion: { kind: "motion", moveTo: () => undefined },
      electric: { kind: "electric", apply: () => undefined, voltage: () => 0, current: () => 0 },
      valve: { kind: "valve", select: () => undefined },
      picture: { kind: "picture", picture: () => ({ width: 1, height: 1, rgb: new Uint8Array(3) }) },
      answers: { kind: "answers", answer: () => 1 },
    },
    facts: () => [],
  }),
});

/** degC */
const ROOM = 22;
