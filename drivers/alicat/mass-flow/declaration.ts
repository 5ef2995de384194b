import {
  alarms,
  choiceSetting,
  type Declaration,
  declare,
  endState,
  numberSetting,
  quantity,
  readable,
  settable,
  textSetting,
} from "labloop/instrument";

/** Words behind the gas that make a reading a lower bound, or say that something is set otherwise than labloop thinks. */
export const STATUS: Readonly<Record<string, string>> = {
  ADC: "the analogue-digital converter failed",
  EXH: "the exhaust valve is open",
  GTA: "the gas's temperature is out of range",
  HLD: "the valve is held",
  LCK: "the keypad is locked",
  MOV: "the mass flow is over range",
  OPL: "the pressure is over its limit",
  OVR: "the totalizer ran over",
  POV: "the pressure is over range",
  TMF: "totalizer data were missed",
  TOV: "the temperature is over range",
  VOV: "the volumetric flow is over range",
  COM: "the link to the sensor failed",
};

/** What an Alicat mass-flow controller does. */
export const DECLARATION: Declaration & { readonly transport: "serial" } = declare({
  id: "alicat/mass-flow",
  title: "Alicat mass-flow controller",
  manual: "Alicat serial primer, as numat/alicat has it",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 19200, dataBits: 8, parity: "none", stopBits: 1 },
  settings: {
    unit: textSetting("letter of the controller on its bus", { default: "A" }),
    "full-scale": numberSetting("mL/min", "largest flow, at the gas's standard conditions", {
      minimum: 0.1,
      required: true,
    }),
    "flow-unit": choiceSetting(["SCCM", "SLPM"], "unit that the controller was ordered with", {
      default: "SCCM",
    }),
    pressure: choiceSetting(["psi", "bar"], "unit that its pressure was ordered with", { default: "psi" }),
    totalizer: choiceSetting(["no", "yes"], "whether it shows a total", { default: "no" }),
  },
  properties: {
    flow: readable("mL/min", "mass flow at the gas's standard conditions"),
    setpoint: settable("mL/min", "the mass flow to hold", { minimum: 0, maximum: 1e6, resolution: 0.01 }),
    pressure: readable("kPa", "absolute pressure of the gas"),
    temperature: readable("degC", "temperature of the gas"),
  },
  actions: {
    flow: endState("lets a mass flow through, and waits until it is steady", {
      arguments: {
        flow: quantity("mL/min", "to be reached", { minimum: 0, maximum: 1e6 }),
      },
      readings: { flow: { unit: "mL/min", description: "mass flow at the end" } },
    }),
    close: endState("sets the flow to 0"),
  },
  alarms: alarms(STATUS, "look at the controller's display"),
});
