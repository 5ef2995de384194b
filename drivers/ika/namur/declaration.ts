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

/** What an IKA hotplate stirrer does over NAMUR commands. */
export const DECLARATION: Declaration & { readonly transport: "serial" } = declare({
  id: "ika/namur",
  title: "IKA hotplate stirrer or overhead stirrer (NAMUR)",
  manual: "RCT digital, C-MAG HS 7 and EUROSTAR 60/100 operating manuals, NAMUR commands",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 9600, dataBits: 7, parity: "even", stopBits: 1 },
  settings: {
    sensor: choiceSetting(["plate", "probe"], "where the temperature is measured", { default: "plate" }),
    watchdog: numberSetting("s", "silence after which it switches heater and motor off by itself", {
      minimum: 20,
      maximum: 1500,
      default: 60,
    }),
    maximum: numberSetting("degC", "hottest setpoint", { minimum: 20, maximum: 340, default: 200 }),
  },
  properties: {
    speed: readable("rpm", "the stirrer's speed"),
    "speed-setpoint": settable("rpm", "the speed to stir at", { minimum: 50, maximum: 1700, resolution: 1 }),
    temperature: readable("degC", "the temperature of plate or probe"),
    "temperature-setpoint": settable("degC", "the temperature to hold", {
      minimum: 0,
      maximum: 340,
      resolution: 0.1,
    }),
  },
  actions: {
    stir: endState("stirs at a speed", {
      arguments: { speed: quantity("rpm", "to be reached", { minimum: 50, maximum: 1700, resolution: 1 }) },
      readings: { speed: { unit: "rpm", description: "the stirrer's speed at the end" } },
    }),
    heat: endState("heats towards a temperature, and doesn't wait until it is reached", {
      arguments: {
        temperature: quantity("degC", "to be held", { minimum: 0, maximum: 340, resolution: 0.1 }),
      },
      readings: { "temperature-setpoint": { unit: "degC", description: "the setpoint that was read back" } },
    }),
    stop: endState("neither stirs nor heats"),
  },
  alarms: {
    watchdog: {
      description: "the watchdog switched it off, since nothing came in time",
      advice: "switch it off and on, and find out why labloop was silent",
    },
  },
});
