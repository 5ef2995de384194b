import {
  choice,
  choiceSetting,
  type Driver,
  declare,
  defineScpiDriver,
  readOut,
  taking,
} from "labloop/instrument";

/** What is measured, by the word of the lab: the SCPI function, the reading, and what it is multiplied with. */
const FUNCTIONS = {
  voltage: { scpi: "VOLT:DC", unit: "V" },
  current: { scpi: "CURR:DC", unit: "A" },
  resistance: { scpi: "RES", unit: "Ohm" },
  temperature: { scpi: "TEMP", unit: "degC" },
} as const;

const DECLARATION = declare({
  id: "keysight/34461a",
  title: "Keysight 34461A multimeter and relatives (SCPI over TCP)",
  manual: "Truevolt series operating and service guide, SCPI reference",
  verified: "emulator only",
  transport: "tcp",
  settings: {
    integration: choiceSetting(["0.02", "0.2", "1", "10", "100"], "power line cycles of a measurement", {
      default: "10",
    }),
  },
  actions: {
    measure: readOut("measures once", {
      arguments: { what: choice(Object.keys(FUNCTIONS), "what is measured") },
      readings: Object.fromEntries(
        Object.entries(FUNCTIONS).map(([name, { unit }]) => [
          name,
          { unit, description: `${name}, when it is what was measured; absent at overload` },
        ]),
      ),
    }),
  },
});

/** Keysight Truevolt multimeters. Each measurement is configured anew, since somebody may turn at the panel. */
export const driver: Driver<"tcp"> = defineScpiDriver({
  declaration: DECLARATION,
  model: /(Keysight|Agilent).*344\d\d/i,
  open: async (opening) => {
    await opening.command("*CLS");
    const cycles = Number(opening.settings["integration"]);
    return {
      actions: {
        measure: taking(500 + cycles * 25, async (device, { what }) => {
          const { scpi } = FUNCTIONS[what as keyof typeof FUNCTIONS];
          await device.command(`CONF:${scpi} AUTO`);
          if (what !== "temperature") await device.command(`SENS:${scpi}:NPLC ${cycles}`);
          const [value] = await device.numbers("READ?", 1, 3000 + cycles * 100);
          return { [what as string]: value as number };
        }),
      },
      // It applies nothing that could do harm.
      safe: async (device) => {
        await device.noErrors();
        return { state: "idle" };
      },
    };
  },
});
