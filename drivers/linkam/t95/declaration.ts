import { alarms, type Declaration, declare, endState, quantity, readable } from "labloop/instrument";

/** Bits of the error byte (T95 programmer's guide). */
export const ERRORS = [
  [0x01, "the stage cools too fast"],
  [0x02, "the circuit is open or no stage is connected"],
  [0x04, "the power surged"],
  [0x08, "the stage had to leave 300 degC first"],
  [0x20, "the serial link had an error"],
] as const;

/** What a Linkam controller of the T92 to T95 family does. */
export const DECLARATION: Declaration & { readonly transport: "serial" } = declare({
  id: "linkam/t95",
  title: "Linkam T92-T95 heating and freezing stage",
  manual: "T95 serial commands, as the Illinois MX control system and a T95 serial class have them",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 19200, dataBits: 8, parity: "none", stopBits: 1 },
  properties: { temperature: readable("degC", "the stage's temperature") },
  actions: {
    ramp: endState("goes to a temperature at a rate, waits until it is there, and holds it", {
      arguments: {
        temperature: quantity("degC", "to be reached", { minimum: -196, maximum: 600, resolution: 0.1 }),
        rate: quantity("K/min", "how fast", { minimum: 0.01, maximum: 150, resolution: 0.01 }),
      },
      readings: { temperature: { unit: "degC", description: "the stage's temperature at the end" } },
    }),
    hold: endState("holds the temperature that it has"),
    stop: endState("neither heats nor cools"),
  },
  alarms: alarms(
    Object.fromEntries(ERRORS.map(([bit, description]) => [bit.toString(16), description])),
    "check the stage's cable and cooling, then switch the controller off and on",
  ),
});
