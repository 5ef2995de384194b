import { type Declaration, declare, endState, readable, readOut } from "labloop/instrument";

/** Faults that arrive as a stable weight, by their number. */
export const HARDWARE: Readonly<Record<string, string>> = {
  "1": "boot error",
  "2": "brand error",
  "3": "checksum error",
  "9": "option fail",
  "10": "EEPROM error",
  "11": "device mismatch",
  "12": "hot plug out",
  "14": "weight module electronics mismatch",
  "15": "adjustment needed",
};

/** What a balance with the standard interface command set does. */
export const DECLARATION: Declaration & { readonly transport: "serial" } = declare({
  id: "mettler-toledo/mt-sics",
  title: "Mettler Toledo balance (MT-SICS)",
  manual: "MT-SICS reference manual 11780711, levels 0 to 2",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 },
  properties: { weight: readable("g", "net weight at this moment, flagged when it still moves") },
  actions: {
    weigh: readOut("waits until the weight is stable, and gives it", {
      readings: { weight: { unit: "g", description: "stable net weight" } },
    }),
    tare: endState("takes the stable weight for tare, so that the net weight is 0", {
      readings: { tare: { unit: "g", description: "weight that was taken for tare" } },
    }),
    zero: endState("sets the stable weight to zero"),
  },
  alarms: {
    hardware: { description: "the balance reports a fault of its own", advice: "have the balance serviced" },
  },
});
