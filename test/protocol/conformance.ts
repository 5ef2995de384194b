import { modbusFrame, type VirtualClock } from "labloop/instrument";
import type { SimulatedController } from "../../simulators/instruments/alicat/mass-flow/index.ts";
import type { SimulatedTemperatureController } from "../../simulators/instruments/eurotherm/3216/index.ts";
import type { SimulatedMotion } from "../../simulators/instruments/gnea/grbl/index.ts";
import type { SimulatedHotplate } from "../../simulators/instruments/ika/namur/index.ts";
import type { SimulatedCirculator } from "../../simulators/instruments/julabo/circulator/index.ts";
import type { SimulatedSourceMeter } from "../../simulators/instruments/keithley/2400/index.ts";
import type { SimulatedMultimeter } from "../../simulators/instruments/keysight/34461a/index.ts";
import type { SimulatedSpectrometer } from "../../simulators/instruments/labloop/uv-vis/index.ts";
import type { SimulatedStage } from "../../simulators/instruments/linkam/t95/index.ts";
import type { SimulatedBalance } from "../../simulators/instruments/mettler-toledo/mt-sics/index.ts";
import type { SimulatedPump } from "../../simulators/instruments/new-era/ne-1000/index.ts";
import type { SimulatedValve } from "../../simulators/instruments/vici/valve/index.ts";
import { type Conditions, type Exchange, hex, unsteady } from "./sheets.ts";

/** The points of the sheets' conformance list that are exchanges of one kind of instrument. */
export const OWN_POINTS = {
  silence: "stays silent where the device does",
  together: "takes two commands in one chunk",
  errors: "produces each error and alarm on demand",
  power: "loses on a power cycle what the device loses, and sends what it sends then",
  panel: "lets a hand at the panel change a setting",
  settles: "runs on a virtual clock, with physics that settles",
  range: "refuses values out of range as the device does",
} as const;

/** Name of such a point. */
export type OwnPoint = keyof typeof OWN_POINTS;

/** Exchanges that show a point; what the twin is asked after a hand was at it is in them. */
export type Shown = readonly Exchange[] | { readonly why: string };

/** What shows the points of a twin that takes bytes; `settings` are the twin's. */
export type Conformance = Readonly<Record<OwnPoint, Shown>> & {
  readonly settings?: Readonly<Record<string, number | string>>;
};

const MINUTE = 60_000;
const powerFails: Conditions = {
  hand: (twin: { powerCycle(): void }) => twin.powerCycle(),
};
/** What comes by itself after the power was off and on. */
const afterPower = (said: string | RegExp): Exchange => ["", said, powerFails];
const rtu = (code: number, ...data: readonly number[]): string =>
  String.fromCharCode(...modbusFrame("rtu", { unit: 1, code, data: Uint8Array.from(data) }));
const json = (value: object): string => `${JSON.stringify(value)}\n`;
const BANNER = "\r\nGrbl 1.1h ['$' for help]\r\n[MSG:'$H'|'$X' to unlock]\r\n";
const SERIAL = 'I4 A "B123456789"\r\n';
const homed: Exchange = ["$H\n", "ok\r\n", { within: 10_000 }];
/** A report of a stage without errors, by its state. */
const reporting = (state: number, rest = "[^]{8}"): RegExp =>
  new RegExp(`^${String.fromCharCode(state, 0x80)}${rest}\r$`);
const awake: Exchange = ["T\r", reporting(0x01)];
const asked = (code: string): Exchange => ["SYST:ERR?\n", `${code}\r\n`];
/** More errors than the queue holds. */
const OVERFLOW: readonly Exchange[] = [
  ["BAD\n".repeat(25), ""],
  ["SYST:ERR?\n".repeat(20), `${'-113,"Undefined header;BAD"\r\n'.repeat(19)}-350,"Queue overflow"\r\n`],
];
const frame = (flow: string, setpoint: string, rest = "N2"): string =>
  `A +014.62 +021.89 ${flow} ${flow} ${setpoint}     ${rest}\r`;

/** What shows the points of each twin that takes bytes, by its id. */
export const CONFORMANCE: Readonly<Record<string, Conformance>> = {
  "julabo/circulator": {
    silence: [
      ["out_sp_00 30.00\r", ""],
      ["out_mode_05 1\r", ""],
      ["in_pv_99\r", ""],
    ],
    together: [["in_pv_00\rin_sp_00\r", "22.00\r\n25.00\r\n"]],
    errors: [
      ["dance\r", ""],
      ["status\r", "-08 INVALID COMMAND\r\n"],
      ["out_sp_00 -200.00\r", ""],
      ["status\r", "-10 VALUE TOO SMALL\r\n"],
      ["out_sp_00 250.00\r", ""],
      ["status\r", "-11 VALUE TOO LARGE\r\n"],
      ["out_sp_00 50.00\r", "", { hand: (twin: SimulatedCirculator) => (twin.limits.high = 30) }],
      ["status\r", "-13 VALUE EXCEEDS TEMPERATURE LIMITS\r\n"],
      [
        "status\r",
        "-01 LOW LEVEL ALARM\r\n",
        { hand: (twin: SimulatedCirculator) => (twin.alarm = "-01 LOW LEVEL ALARM") },
      ],
      ["status\r", "-01 LOW LEVEL ALARM\r\n"],
    ],
    power: [
      ["out_sp_00 37.00\r", ""],
      ["out_mode_05 1\r", ""],
      ["in_mode_05\r", "1\r\n"],
      ["out_sp_00 250.00\r", ""],
      afterPower(""),
      ["in_mode_05\r", "0\r\n"],
      ["status\r", "02 REMOTE STOP\r\n"],
      ["in_sp_00\r", "37.00\r\n"],
    ],
    panel: [
      ["status\r", "00 MANUAL STOP\r\n", { hand: (twin: SimulatedCirculator) => (twin.mode = "manual") }],
      ["out_mode_05 1\r", ""],
      ["in_mode_05\r", "0\r\n"],
      ["out_mode_05 1\r", "", { hand: (twin: SimulatedCirculator) => (twin.mode = "remote") }],
      ["in_sp_00\r", "77.00\r\n", { hand: (twin: SimulatedCirculator) => (twin.setpoint = 77) }],
      ["in_pv_00\r", "77.00\r\n", { wait: 30 * MINUTE }],
    ],
    settles: [
      ["out_sp_00 40.00\r", ""],
      ["out_mode_05 1\r", ""],
      ["in_pv_01\r", "100\r\n"],
      ["in_pv_00\r", "40.00\r\n", { wait: 20 * MINUTE }],
      ["in_pv_01\r", "0\r\n"],
    ],
    range: [
      ["out_sp_00 200.01\r", ""],
      ["status\r", "-11 VALUE TOO LARGE\r\n"],
      ["in_sp_00\r", "25.00\r\n"],
    ],
  },
  "linkam/t95": {
    silence: [["S\r", ""], awake, ["S\r", "\r"]],
    together: [["T\rR12000\r", `${hex("01 80 80 80 80 80 30 30 66 30 0D")}\r`]],
    errors: [0x01, 0x02, 0x04, 0x08, 0x20].map((bit) => [
      "T\r",
      `\x01${String.fromCharCode(0x80 | bit)}${hex("80 80 80 80 30 30 66 30 0D")}`,
      { hand: (twin: SimulatedStage) => (twin.errors = bit) },
    ]),
    power: [
      awake,
      ["R12000\r", "\r"],
      ["L1500\r", "\r"],
      ["S\r", "\r"],
      ["T\r", reporting(0x10)],
      afterPower(""),
      ["S\r", ""],
      awake,
      // Limit and rate survive.
      ["S\r", "\r"],
      ["T\r", reporting(0x10)],
      ["T\r", reporting(0x30, "[^]{4}01f[34]"), { wait: 3 * MINUTE }],
    ],
    panel: [
      awake,
      ["L1500\r", "\r"],
      ["S\r", "\r"],
      ["T\r", reporting(0x10)],
      ["T\r", reporting(0x20), { hand: (twin: SimulatedStage) => (twin.limit = -20) }],
    ],
    settles: [
      awake,
      ["R12000\r", "\r"],
      ["L1500\r", "\r"],
      ["S\r", "\r"],
      ["T\r", hex("30 80 80 80 80 80 30 31 66 34 0D"), { wait: 3 * MINUTE }],
    ],
    // It acknowledges, and goes as far as it can: 600 degC.
    range: [
      awake,
      ["R115000\r", "\r"],
      ["L19999\r", "\r"],
      ["S\r", "\r"],
      ["T\r", hex("30 80 80 80 80 80 31 37 37 30 0D"), { wait: 10 * MINUTE }],
    ],
  },
  "new-era/ne-1000": {
    settings: { port: "cyan" },
    silence: [
      ["\r", "\x0200A?R\x03"],
      ["01VER\r", ""],
    ],
    together: [["\rVER\r", "\x0200A?R\x03\x0200SNE1000V3.923\x03"]],
    errors: [
      ["\r", "\x0200A?R\x03"],
      ...(["S", "T", "E", "O"] as const).map(
        (kind): Exchange => [
          "VER\r",
          `\x0200A?${kind}\x03`,
          { hand: (twin: SimulatedPump) => twin.alarm(kind) },
        ],
      ),
      ["DANCE\r", "\x0200S?\x03"],
      ["RAT50.00MM\r", "\x0200S?OOR\x03"],
      ["RUN\r", "\x0200I\x03"],
      ["DIA20\r", "\x0200I?NA\x03"],
    ],
    power: [
      ["\r", "\x0200A?R\x03"],
      ["DIA26.59\r", "\x0200S\x03"],
      ["RUN\r", "\x0200I\x03"],
      ["DIS\r", new RegExp(`^${hex("02")}00II0\\.\\d{3}W0\\.000ML${hex("03")}$`), { wait: 6000 }],
      afterPower(""),
      ["RUN\r", "\x0200A?R\x03"],
      ["\r", "\x0200S\x03"],
      ["DIA\r", "\x0200S26.59\x03"],
      ["DIS\r", "\x0200SI0.000W0.000ML\x03"],
    ],
    panel: [
      ["\r", "\x0200A?R\x03"],
      ["DIA\r", "\x0200S26.59\x03", { hand: (twin: SimulatedPump) => (twin.program.diameter = 26.59) }],
    ],
    settles: [
      ["\r", "\x0200A?R\x03"],
      ["RAT1.000MM\r", "\x0200S\x03"],
      ["VOL0.500\r", "\x0200S\x03"],
      ["PHN2\r", "\x0200S\x03"],
      ["FUNSTP\r", "\x0200S\x03"],
      ["RUN\r", "\x0200I\x03"],
      ["\r", "\x0200S\x03", { wait: 35_000 }],
      ["DIS\r", "\x0200SI0.500W0.000ML\x03"],
    ],
    range: [
      ["\r", "\x0200A?R\x03"],
      ["DIA99\r", "\x0200S?OOR\x03"],
      ["RAT10760.0UM\r", "\x0200S?\x03"],
      ["DIA\r", "\x0200S14.43\x03"],
    ],
  },
  "mettler-toledo/mt-sics": {
    settings: { noise: 0 },
    silence: [
      ["S\r\n", "", { hand: unsteady }],
      ["@\r\n", SERIAL],
      ["", "", { within: 25_000 }],
    ],
    together: [["I4\r\nM21 0 0\r\n", `${SERIAL}M21 A\r\n`]],
    errors: [
      ["NOPE\r\n", "ES\r\n"],
      ["SI\r\n", "ET\r\n", { hand: (twin: SimulatedBalance) => (twin.refusal = "ET") }],
      ["SI\r\n", "EL\r\n", { hand: (twin: SimulatedBalance) => (twin.refusal = "EL") }],
      ["S\r\n", "S +\r\n", { hand: (twin: SimulatedBalance) => (twin.load = 500), within: 2000 }],
      ["S\r\n", "S -\r\n", { hand: (twin: SimulatedBalance) => (twin.load = -5), within: 2000 }],
      ["S\r\n", "S I\r\n", { hand: unsteady, within: 21_000 }],
      ["TA 999 g\r\n", "TA L\r\n"],
      [
        "S\r\n",
        "S S Error 10b\r\n",
        { hand: (twin: SimulatedBalance) => (twin.fault = "10b"), within: 2000 },
      ],
    ],
    power: [
      ["T\r\n", "T S    12.0000 g\r\n", { hand: (twin: SimulatedBalance) => (twin.load = 12), within: 2000 }],
      ["TA\r\n", "TA A    12.0000 g\r\n"],
      afterPower(SERIAL),
      ["TA\r\n", "TA A     0.0000 g\r\n"],
      ["SI\r\n", "S S     0.0000 g\r\n"],
    ],
    panel: [
      [
        "S\r\n",
        "S S     1500.0 mg\r\n",
        {
          hand: (twin: SimulatedBalance) => {
            twin.load = 1.5;
            twin.unit = "mg";
          },
          within: 2000,
        },
      ],
      ["M21 0 0\r\n", "M21 A\r\n"],
      ["S\r\n", "S S     1.5000 g\r\n", { within: 2000 }],
    ],
    settles: [
      [
        "SI\r\n",
        "S S     0.0000 g\r\n",
        {
          hand: (twin: SimulatedBalance, clock: VirtualClock) => {
            for (let i = 1; i <= 20; i++) clock.at(clock.now() + 100 * i, () => (twin.load = i / 4));
          },
        },
      ],
      ["SI\r\n", /^S D {5}[01]\.\d{4} g\r\n$/],
      ["S\r\n", "S S     5.0000 g\r\n", { within: 4000 }],
    ],
    range: [
      ["TA 999 g\r\n", "TA L\r\n"],
      ["M21 0 9\r\n", "M21 L\r\n"],
      ["TA\r\n", "TA A     0.0000 g\r\n"],
    ],
  },
  "ika/namur": {
    silence: [
      ["OUT_SP_4 400 \r\n", ""],
      ["START_4 \r\n", ""],
      ["STOP_4 \r\n", ""],
      ["WHATEVER \r\n", ""],
    ],
    together: [["IN_NAME \r\nIN_SP_4 \r\n", "RCT digital \r\n400.0 4 \r\n"]],
    // It never tells an error; its watchdog switches everything off, and no command changes that.
    errors: [
      ["OUT_WD1@20 \r\n", "20 \r\n"],
      ["START_4 \r\n", ""],
      ["IN_PV_4 \r\n", "400 4 \r\n", { wait: 2000 }],
      ["IN_PV_4 \r\n", "0 4 \r\n", { wait: 20_000 }],
      ["START_4 \r\n", ""],
      ["IN_PV_4 \r\n", "0 4 \r\n", { wait: 2000 }],
      ["IN_PV_1 \r\n", "-90.0 1 \r\n", { hand: (twin: SimulatedHotplate) => (twin.probe = false) }],
    ],
    power: [
      ["OUT_SP_4 500 \r\n", ""],
      ["START_4 \r\n", ""],
      ["IN_PV_4 \r\n", "500 4 \r\n", { wait: 2000 }],
      afterPower(""),
      ["IN_PV_4 \r\n", "0 4 \r\n", { wait: 2000 }],
      ["IN_SP_4 \r\n", "500.0 4 \r\n"],
    ],
    panel: [
      ["IN_SP_4 \r\n", "900.0 4 \r\n", { hand: (twin: SimulatedHotplate) => twin.turnKnob(900) }],
      ["IN_SP_3 \r\n", "60.0 3 \r\n", { hand: (twin: SimulatedHotplate) => (twin.safetyLimit = 60) }],
      ["OUT_SP_1 40 \r\n", ""],
      ["IN_SP_1 \r\n", "25.0 1 \r\n"],
    ],
    settles: [
      ["OUT_SP_1 40 \r\n", ""],
      ["START_1 \r\n", ""],
      ["IN_PV_1 \r\n", "40.0 1 \r\n", { wait: 20 * MINUTE }],
    ],
    range: [
      ["OUT_SP_4 9999 \r\n", ""],
      ["IN_SP_4 \r\n", "400.0 4 \r\n"],
      ["OUT_SP_1 350 \r\n", ""],
      ["IN_SP_1 \r\n", "25.0 1 \r\n"],
    ],
  },
  "alicat/mass-flow": {
    silence: [["B\r", ""]],
    together: [["A\rALS\r", `${frame("+000.00", "+000.00")}A +000.00 +000.00 12 SCCM\r`]],
    errors: [
      ["AXX\r", "?\r"],
      [
        "A\r",
        frame("+000.00", "+000.00", "N2 MOV LCK"),
        { hand: (twin: SimulatedController) => (twin.words = ["MOV", "LCK"]) },
      ],
    ],
    power: [
      ["AS12.50\r", frame("+000.00", "+012.50")],
      ["A$$H\r", frame("+012.50", "+012.50", "N2 HLD"), { wait: 3000 }],
      ["A\r", frame("+000.00", "+012.50"), powerFails],
    ],
    panel: [
      [
        "A\r",
        frame("+000.00", "+030.00", "Ar"),
        {
          hand: (twin: SimulatedController) => {
            twin.gas = "Ar";
            twin.set(30);
          },
        },
      ],
    ],
    settles: [
      ["AS12.50\r", frame("+000.00", "+012.50")],
      ["A\r", frame("+012.50", "+012.50"), { wait: 3000 }],
    ],
    range: [["AS999.00\r", frame("+000.00", "+100.00")]],
  },
  "gnea/grbl": {
    silence: [
      ["!", ""],
      ["~", ""],
      ["\x85", ""],
    ],
    together: [
      ["$X\n$I\n", "[MSG:Caution: Unlocked]\r\nok\r\n[VER:1.1h.20190830:]\r\n[OPT:V,15,128]\r\nok\r\n"],
    ],
    errors: [
      ["\x18", BANNER],
      ["G1X1\n", "error:9\r\n"],
      ["$X\n", "[MSG:Caution: Unlocked]\r\nok\r\n"],
      ["G1X1\n", "error:22\r\n"],
      ["5\n", "error:1\r\n"],
      ["GX\n", "error:2\r\n"],
      ["$Z\n", "error:3\r\n"],
      ["$J=A\n", "error:16\r\n"],
      homed,
      ["", "ALARM:1\r\n", { hand: (twin: SimulatedMotion) => twin.hitLimit() }],
      homed,
      ["$J=X999F100\n", "error:15\r\n"],
      ["G1X999F100\n", "ALARM:2\r\nok\r\n"],
      homed,
      ["G1X99F100\n", "ok\r\n"],
      ["$C\n", "error:8\r\n"],
      ["\x18", `ALARM:3\r\n${BANNER}`],
      ["$H\n", "error:5\r\n", { hand: (twin: SimulatedMotion) => (twin.homing = false) }],
    ],
    power: [
      homed,
      ["G1X99F300\n", "ok\r\n"],
      ["?", /^<Run\|[^]*$/],
      afterPower(BANNER),
      ["?", /^<Alarm\|[^]*$/],
      ["G1X1\n", "error:9\r\n"],
      ["$X\n", "[MSG:Caution: Unlocked]\r\nok\r\n"],
      // The feed is forgotten, too.
      ["G1X1\n", "error:22\r\n"],
    ],
    panel: { why: "it has no panel: its settings change over its line alone" },
    settles: [
      homed,
      ["G1X20F3000\n", "ok\r\n", { within: 100 }],
      ["?", /^<Run\|MPos:[4-6]\.\d{3},0\.000,0\.000\|FS:3000,0[^]*$/],
      ["?", /^<Idle\|MPos:20\.000,0\.000,0\.000\|FS:0,0[^]*$/, { wait: 1000 }],
    ],
    range: [homed, ["$J=X999F100\n", "error:15\r\n"], ["G1X999F100\n", "ALARM:2\r\nok\r\n"]],
  },
  "keithley/2400": {
    silence: [
      [":SOUR:VOLT:LEV 1\n", ""],
      ["BAD:CMD\n", ""],
    ],
    together: [["*OPC?\n*ESR?\n", "1\r\n128\r\n"]],
    errors: [
      ["BAD:CMD\n", ""],
      asked('-113,"Undefined header;BAD:CMD"'),
      [":SOUR:VOLT:LEV\n", ""],
      asked('-109,"Missing parameter"'),
      [":SENS:CURR:PROT 2\n", ""],
      asked('-222,"Data out of range"'),
      [":OUTP MAYBE\n", ""],
      asked('-224,"Illegal parameter value"'),
      ...OVERFLOW,
    ],
    power: [
      ["*ESR?\n", "128\r\n"],
      [":OUTP ON\n", ""],
      [":READ?\n", "", { within: 20 }],
      afterPower(""),
      [":OUTP?\n", "0\r\n"],
      ["*ESR?\n", "128\r\n"],
    ],
    panel: [[":OUTP?\n", "1\r\n", { hand: (twin: SimulatedSourceMeter) => (twin.output = true) }]],
    settles: [
      [":SOUR:VOLT:LEV 2\n", ""],
      [":SENS:CURR:PROT 0.01\n", ""],
      [":OUTP ON\n", ""],
      [":READ?\n", "", { within: 20 }],
      ["", "+2.000000E+0,+2.000000E-4\r\n", { within: 100 }],
    ],
    range: [
      [":SOUR:VOLT:RANG 300\n", ""],
      asked('-222,"Data out of range"'),
      [":SOUR:VOLT:LEV 300\n", ""],
      asked('-222,"Data out of range"'),
    ],
  },
  "keysight/34461a": {
    settings: { noise: 0 },
    silence: [
      ["CONF:RES\n", ""],
      ["BAD:CMD\n", ""],
    ],
    together: [["*OPC?\n*ESR?\n", "1\r\n128\r\n"]],
    errors: [
      ["BAD:CMD\n", ""],
      asked('-113,"Undefined header;BAD:CMD"'),
      ["CONF:VOLT:DC 1,2,3\n", ""],
      asked('-108,"Parameter not allowed"'),
      ["SENS:VOLT:DC:NPLC\n", ""],
      asked('-109,"Missing parameter"'),
      ["SENS:VOLT:DC:NPLC MAYBE\n", ""],
      asked('-224,"Illegal parameter value"'),
      ["READ?\n", "+9.90000000E+37\r\n", { hand: (twin: SimulatedMultimeter) => (twin.overload = true) }],
      ...OVERFLOW,
    ],
    power: [
      ["*ESR?\n", "128\r\n"],
      ["CONF:RES\n", ""],
      ["READ?\n", "+1.00000000E+03\r\n"],
      ["READ?\n", "", { within: 20 }],
      afterPower(""),
      ["READ?\n", "+1.25000000E+00\r\n"],
      ["*ESR?\n", "128\r\n"],
    ],
    panel: [
      ["READ?\n", "+1.00000000E+03\r\n", { hand: (twin: SimulatedMultimeter) => (twin.function = "RES") }],
    ],
    settles: [
      ["READ?\n", "", { within: 150 }],
      ["", "+1.25000000E+00\r\n", { within: 100 }],
    ],
    range: [["SENS:VOLT:DC:NPLC -1\n", ""], asked('-224,"Illegal parameter value"')],
  },
  "eurotherm/3216": {
    settings: { rate: 60 },
    silence: [
      [hex("02 03 00 01 00 01 D5 F9"), ""],
      [hex("01 03 00 01 00 01 00 00"), ""],
    ],
    together: [
      [`${rtu(3, 0, 2, 0, 1)}${rtu(6, 0, 2, 1, 0x90)}`, `${rtu(3, 2, 0, 200)}${rtu(6, 0, 2, 1, 0x90)}`],
    ],
    errors: [
      [rtu(0x64, 0, 0, 0, 1), rtu(0xe4, 1)],
      [rtu(3, 2, 0, 0, 1), rtu(0x83, 2)],
      [rtu(3, 0, 1, 1, 0), rtu(0x83, 3)],
      ...[4, 5, 6, 8, 10, 11].map(
        (exception): Exchange => [
          rtu(3, 0, 1, 0, 1),
          rtu(0x83, exception),
          { hand: (twin: SimulatedTemperatureController) => (twin.exception = exception) },
        ],
      ),
      [
        rtu(3, 0, 1, 0, 1),
        rtu(3, 2, 0x80, 0),
        { hand: (twin: SimulatedTemperatureController) => (twin.broken = true) },
      ],
    ],
    // The setpoint is in its memory, and it controls again.
    power: [
      [rtu(6, 0, 2, 1, 0x90), rtu(6, 0, 2, 1, 0x90)],
      afterPower(""),
      [rtu(3, 0, 2, 0, 1), rtu(3, 2, 1, 0x90)],
      [rtu(3, 0, 1, 0, 1), rtu(3, 2, 1, 0x90), { wait: 20 * MINUTE }],
    ],
    panel: [
      [
        rtu(3, 0, 2, 0, 1),
        rtu(3, 2, 2, 0x67),
        { hand: (twin: SimulatedTemperatureController) => twin.set(61.5) },
      ],
      [rtu(3, 0, 1, 0, 1), rtu(3, 2, 2, 0x67), { wait: 20 * MINUTE }],
    ],
    settles: [
      [rtu(6, 0, 2, 1, 0x90), rtu(6, 0, 2, 1, 0x90)],
      [rtu(3, 0, 1, 0, 1), rtu(3, 2, 1, 0x90), { wait: 20 * MINUTE }],
    ],
    range: [
      [
        rtu(6, 0, 2, 2, 0x58),
        rtu(0x86, 3),
        { hand: (twin: SimulatedTemperatureController) => (twin.limit = 50) },
      ],
      [rtu(3, 0, 2, 0, 1), rtu(3, 2, 0, 200)],
    ],
  },
  "vici/valve": {
    silence: [
      ["GO02\r", ""],
      ["DANCE\r", ""],
    ],
    together: [["NP\rCP\r", "NP10\rCP01\r"]],
    errors: [["GO12\r", "Bad command\r"]],
    power: [
      ["IFM1\r", ""],
      ["GO03\r", "CP03\r"],
      ["GO07\r", "", { within: 200 }],
      // It stands where it got to, and is silent about moves.
      afterPower(""),
      ["CP\r", "CP04\r", { wait: 2000 }],
      ["GO05\r", ""],
      ["CP\r", "CP05\r"],
    ],
    panel: [["CP\r", "CP07\r", { hand: (twin: SimulatedValve) => (twin.position = 7) }]],
    settles: [
      ["GO05\r", "", { within: 100 }],
      ["CP\r", "CP01\r", { within: 5 }],
      ["CP\r", "CP05\r", { wait: 1000 }],
    ],
    range: [
      ["GO12\r", "Bad command\r"],
      ["CP\r", "CP01\r"],
    ],
  },
  "labloop/uv-vis": {
    silence: [
      ["SENS:INT 50\n", ""],
      ["BAD:CMD\n", ""],
    ],
    together: [["LAMP:SHUT?\n*OPC?\n", "0\r\n1\r\n"]],
    errors: [
      ["BAD:CMD\n", ""],
      asked('-113,"Undefined header;BAD:CMD"'),
      ["SENS:INT\n", ""],
      asked('-109,"Missing parameter"'),
      ["SENS:INT 0\n", ""],
      asked('-222,"Data out of range"'),
      ...OVERFLOW,
    ],
    power: [
      ["*ESR?\n", "128\r\n"],
      ["LAMP:SHUT 1\n", ""],
      ["READ:SPEC?\n", "", { within: 20 }],
      afterPower(""),
      ["LAMP:SHUT?\n", "0\r\n"],
      ["*ESR?\n", "128\r\n"],
    ],
    panel: [["LAMP:SHUT?\n", "1\r\n", { hand: (twin: SimulatedSpectrometer) => (twin.open = true) }]],
    settles: [
      ["SENS:INT 500\n", ""],
      ["SENS:AVER 2\n", ""],
      ["READ:SPEC?\n", "", { within: 900 }],
      ["", /^#41804[^]{1804}\n$/, { within: 200 }],
    ],
    range: [["SENS:AVER 1001\n", ""], asked('-222,"Data out of range"')],
  },
  "labloop/command": {
    settings: { takes: 5 },
    silence: { why: "it answers every line" },
    together: [
      [
        json({ id: 1, call: "hello" }) + json({ id: 2, call: "check" }),
        json({ id: 1, model: "simulated program", version: "1" }) + json({ id: 2 }),
      ],
    ],
    errors: [
      [json({ id: 1, call: "dance" }), json({ id: 1, error: 'there is no call "dance"' })],
      ["dance\n", json({ error: "no JSON" })],
    ],
    power: { why: "a program has no power of its own: when it ends, its line is lost" },
    panel: { why: "it has no panel" },
    settles: [
      [json({ id: 1, call: "run", key: "a" }), "", { within: 4000 }],
      ["", json({ id: 1, readings: { value: 1 } }), { within: 2000 }],
    ],
    range: { why: "its arguments have no range but the driver's, which refuses before it is asked" },
  },
};
