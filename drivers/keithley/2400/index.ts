import {
  choiceSetting,
  type Driver,
  declare,
  defineScpiDriver,
  endState,
  narrowed,
  numberSetting,
  quantity,
  readable,
  readOut,
  type ScpiDevice,
  type Settings,
  taking,
  unusable,
} from "labloop/instrument";

/** Bit of the status word that says that the compliance limit holds. */
const COMPLIANCE = 1 << 3;
/** Longest measurement: 10 power line cycles and the settling of a range, in ms. */
const LONGEST = 10_000;

const DECLARATION = declare({
  id: "keithley/2400",
  title: "Keithley 2400 source-measure unit (SCPI)",
  manual: "Series 2400 SourceMeter user's manual, sections 17 and 18",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 },
  settings: {
    compliance: numberSetting("mA", "current that is never exceeded", {
      minimum: 1e-6,
      maximum: 1050,
      default: 10,
    }),
    "highest-voltage": numberSetting("V", "voltage that is never exceeded, both signs", {
      minimum: 0.001,
      maximum: 210,
      default: 20,
    }),
    integration: choiceSetting(["0.1", "1", "10"], "power line cycles of a measurement", { default: "1" }),
  },
  properties: { output: readable("1", "1 while the output is on") },
  actions: {
    source: endState("applies a voltage and keeps it", {
      arguments: {
        voltage: quantity("V", "to be applied", { minimum: -210, maximum: 210, resolution: 5e-6 }),
      },
    }),
    measure: readOut("measures voltage and current while the output is on", {
      readings: {
        voltage: { unit: "V", description: "across the output" },
        current: { unit: "mA", description: "through it; absent in compliance" },
      },
    }),
    off: endState("switches the output off"),
  },
});

/** Keithley 2400 and relatives: a voltage source that measures current, limited before its output is on. */
export const driver: Driver<"serial"> = defineScpiDriver({
  declaration: DECLARATION,
  narrow: (settings: Settings) => {
    const most = settings["highest-voltage"] as number;
    return narrowed(DECLARATION, { "source.voltage": { minimum: -most, maximum: most } });
  },
  model: /KEITHLEY.*24\d\d/i,
  open: async (opening) => {
    const { compliance, integration, "highest-voltage": most } = opening.settings;
    await opening.command("*CLS");
    const on = await output(opening);
    // A running output is left alone: the sample may hang on it. Everything else is set before it can be switched on.
    if (!on)
      for (const line of [
        "*RST",
        ":SOUR:FUNC VOLT",
        `:SOUR:VOLT:RANG ${most}`,
        ":SENS:FUNC 'CURR'",
        `:SENS:CURR:PROT ${((compliance as number) / 1000).toExponential(6)}`,
        `:SENS:CURR:NPLC ${integration}`,
        ":SENS:CURR:RANG:AUTO 1",
      ])
        await opening.command(line);
    await opening.command(":FORM:ELEM VOLT,CURR,RES,TIME,STAT");
    await opening.complete(5000);
    if (on) opening.note("its output was on already, and was left so");
    return {
      read: { output: async (device) => ((await output(device)) ? 1 : 0) },
      actions: {
        source: async (device, { voltage }) => {
          device.begin();
          await device.command(`:SOUR:VOLT:LEV ${(voltage as number).toExponential(6)}`);
          await device.command(":OUTP ON");
          if (!(await output(device))) device.notSet("the output stays off", "check its interlock");
        },
        measure: taking(500, async (device) => {
          if (!(await output(device))) device.wrongState("its output is off", "apply a voltage first");
          const [voltage, current, , , status] = await device.numbers(":READ?", 5, LONGEST);
          const limited = typeof status === "number" && (status & COMPLIANCE) !== 0;
          const amperes = limited ? unusable("in-compliance") : (current as number);
          return {
            voltage: voltage as number,
            current: typeof amperes === "number" ? amperes * 1000 : amperes,
          };
        }),
        off: switchOff,
      },
      check: async (device) => void (await output(device)),
      safe: async (device) => {
        await switchOff(device);
        return { output: "off" };
      },
    };
  },
});

const output = (device: ScpiDevice): Promise<boolean> => device.isOn(":OUTP?");

async function switchOff(device: ScpiDevice): Promise<undefined> {
  device.begin();
  // The voltage goes first, for what is inductive.
  await device.tell(":SOUR:VOLT:LEV 0");
  await device.tell(":OUTP OFF");
  if (await output(device)) device.notSet("the output is still on", "press OUTPUT at its panel");
}
