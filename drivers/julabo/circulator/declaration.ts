import {
  choiceSetting,
  type Declaration,
  declare,
  endState,
  numberSetting,
  quantity,
  readable,
  settable,
} from "labloop/instrument";

/** Alarms by the code that `status` gives. */
export const ALARMS = {
  "-01": { description: "the bath's level is too low", advice: "fill the bath" },
  "-03": { description: "above the high warning limit", advice: "check the warning limits" },
  "-04": { description: "below the low warning limit", advice: "check the warning limits" },
  "-05": { description: "the working sensor is broken", advice: "have the circulator serviced" },
  "-06": { description: "working and safety sensor differ", advice: "have the circulator serviced" },
  "-14": { description: "the excess temperature protection tripped", advice: "let it cool, find out why" },
  "-15": { description: "the external sensor is broken", advice: "check the external sensor" },
  "-33": { description: "the safety sensor is broken", advice: "have the circulator serviced" },
  "-38": { description: "no signal of the external sensor", advice: "check the external sensor" },
  "-40": { description: "the level will soon be too low", advice: "fill the bath" },
  "-41": { description: "the level will soon be too high", advice: "take bath fluid out" },
  "-63": { description: "the watchdog responded", advice: "connect again" },
  "-1501": { description: "nothing came over the line in time", advice: "connect again" },
} as const;

/** What every Julabo circulator with the present commands does. */
export const DECLARATION: Declaration & { readonly transport: "serial" } = declare({
  id: "julabo/circulator",
  title: "Julabo circulator (CORIO, MAGIO, DYNEO)",
  manual: "CORIO CD/CP, MAGIO MS and DYNEO DD operating manuals, chapter 11",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 4800, dataBits: 7, parity: "even", stopBits: 1 },
  settings: {
    minimum: numberSetting("degC", "lowest temperature that the bath fluid is good for", { default: 5 }),
    letters: choiceSetting(["small", "capital"], "letters that its commands are written in", {
      default: "small",
    }),
    maximum: numberSetting("degC", "highest temperature that the bath fluid is good for", { default: 95 }),
  },
  properties: {
    temperature: readable("degC", "the bath's temperature"),
    setpoint: settable("degC", "the temperature to hold", { minimum: -90, maximum: 300, resolution: 0.01 }),
    power: readable("%", "heating power, negative for cooling"),
  },
  actions: {
    start: endState("circulates and holds the setpoint"),
    stop: endState("neither circulates nor heats"),
    reach: endState("holds a temperature, and waits until the bath has had it for a while", {
      arguments: {
        temperature: quantity("degC", "to be reached", { minimum: -90, maximum: 300 }),
        tolerance: quantity("K", "how near is near enough; 0.1 K without it", {
          minimum: 0.02,
          maximum: 5,
          required: false,
        }),
      },
      readings: { temperature: { unit: "degC", description: "the bath's temperature at the end" } },
    }),
  },
  alarms: ALARMS,
});
