import {
  choiceSetting,
  type Driver,
  declare,
  defineLineDriver,
  endState,
  type LineDevice,
  type ModbusFraming,
  type ModbusMessage,
  modbusMessages,
  modbusUnit,
  narrowed,
  numberSetting,
  quantity,
  reaching,
  readable,
  type Settings,
  settable,
  signed16,
  unusable,
} from "labloop/instrument";

/** Holding registers, counted as in the manual. */
const PROCESS_VALUE = 1;
const SETPOINT = 2;
const OUTPUT = 3;
/** What a broken sensor reads. */
const NO_SENSOR: ReadonlySet<number> = new Set([-32768, 32767, -1]);
/** degC per minute below which it is taken for stuck. */
const SLOWEST = 0.5;

const DECLARATION = declare({
  id: "eurotherm/3216",
  title: "Temperature controller over Modbus (Eurotherm 2400/3200 registers)",
  manual: "Eurotherm 3200 series engineering handbook HA028651, Modbus address table",
  verified: "emulator only",
  transport: "serial",
  line: { baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 },
  settings: {
    framing: choiceSetting(["rtu", "tcp"], "RTU over a serial line, or Modbus TCP", { default: "rtu" }),
    unit: numberSetting("1", "address on the bus", { minimum: 1, maximum: 247, default: 1 }),
    decimals: numberSetting("1", "decimals that the panel shows; they scale every number", {
      minimum: 0,
      maximum: 3,
      required: true,
    }),
    base: choiceSetting(["0", "1"], "number of the wire's first register in the manual", { default: "0" }),
    echo: choiceSetting(["none", "strip", "verify"], "whether the RS-485 adapter repeats what is sent", {
      default: "none",
    }),
    maximum: numberSetting("degC", "hottest setpoint", { minimum: 0, maximum: 1400, default: 200 }),
    safe: numberSetting("degC", "setpoint when it is made safe", {
      minimum: -100,
      maximum: 100,
      default: 20,
    }),
  },
  properties: {
    temperature: readable("degC", "the temperature that is controlled"),
    setpoint: settable("degC", "the temperature to hold", { minimum: -100, maximum: 1400 }),
    output: readable("%", "power of the heater"),
  },
  actions: {
    reach: endState("holds a temperature, and waits until it is reached", {
      arguments: { temperature: quantity("degC", "to be reached", { minimum: -100, maximum: 1400 }) },
      readings: { temperature: { unit: "degC", description: "at the end" } },
    }),
  },
});

/** Temperature controllers with Eurotherm's registers. A setpoint is written when it differs only: it wears memory out. */
export const driver: Driver<"serial"> = defineLineDriver({
  declaration: DECLARATION,
  narrow: (settings: Settings) => {
    const limit = { maximum: settings["maximum"] as number };
    const resolution = 10 ** -(settings["decimals"] as number);
    return narrowed(DECLARATION, {
      setpoint: { ...limit, resolution },
      "reach.temperature": limit,
    });
  },
  framing: ({ framing, echo }: Settings) => ({
    decoder: modbusMessages(framing as ModbusFraming, "client"),
    timeout: 1000,
    gap: 50,
    strangers: 5,
    echo: echo as "none" | "strip" | "verify",
  }),
  open: async (opening) => {
    const { framing, unit, decimals, base, safe } = opening.settings;
    const modbus = modbusUnit(framing as ModbusFraming, unit as number);
    const scale = 10 ** (decimals as number);
    const register = (number: number): number => number - Number(base);
    const read = async (device: LineDevice<ModbusMessage>, number: number): Promise<number> =>
      signed16((await modbus.read(device, register(number)))[0] as number);
    const set = async (device: LineDevice<ModbusMessage>, temperature: number): Promise<void> => {
      const wanted = Math.round(temperature * scale);
      if (Math.abs(wanted) > 32767)
        device.refused(`${temperature} degC needs more than 16 bits`, "show fewer decimals at the panel");
      if ((await read(device, SETPOINT)) === wanted) return;
      await modbus.write(device, register(SETPOINT), wanted);
      device.confirm("the setpoint", (await read(device, SETPOINT)) / scale, {
        wanted: temperature,
        near: 0.51 / scale,
      });
    };
    const temperature = async (device: LineDevice<ModbusMessage>) => {
      const raw = await read(device, PROCESS_VALUE);
      return NO_SENSOR.has(raw) ? unusable("no-sensor") : raw / scale;
    };
    await read(opening, PROCESS_VALUE);
    return {
      identity: { model: "Modbus temperature controller", serial: String(unit) },
      read: {
        temperature,
        setpoint: async (device) => (await read(device, SETPOINT)) / scale,
        output: async (device) => (await read(device, OUTPUT)) / 10,
      },
      set: { setpoint: set },
      actions: {
        reach: reaching({
          value: "temperature",
          unit: "degC",
          set,
          read: temperature,
          near: () => Math.max(0.5, 2 / scale),
          every: 2000,
          within: 300_000,
          slowest: () => SLOWEST,
          takes: () => 600_000,
        }),
      },
      check: async (device) => {
        if (typeof (await temperature(device)) !== "number")
          device.fail("instrument.no-sensor", "its sensor is broken", "check the thermocouple");
      },
      safe: async (device) => {
        await set(device, safe as number);
        return { setpoint: (await read(device, SETPOINT)) / scale };
      },
    };
  },
});
