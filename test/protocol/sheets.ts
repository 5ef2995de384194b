import type { ProcessDefinition, SimulatedInstrument, Simulator, VirtualClock } from "labloop/instrument";
import {
  simulator as alicat,
  type SimulatedController,
} from "../../simulators/instruments/alicat/mass-flow/index.ts";
import { simulator as eurotherm } from "../../simulators/instruments/eurotherm/3216/index.ts";
import { simulator as grbl, type SimulatedMotion } from "../../simulators/instruments/gnea/grbl/index.ts";
import { simulator as ika, type SimulatedHotplate } from "../../simulators/instruments/ika/namur/index.ts";
import { simulator as julabo } from "../../simulators/instruments/julabo/circulator/index.ts";
import { simulator as keithley } from "../../simulators/instruments/keithley/2400/index.ts";
import { simulator as keysight } from "../../simulators/instruments/keysight/34461a/index.ts";
import { simulator as program } from "../../simulators/instruments/labloop/command/index.ts";
import { simulator as spectrometer } from "../../simulators/instruments/labloop/uv-vis/index.ts";
import { simulator as linkam } from "../../simulators/instruments/linkam/t95/index.ts";
import {
  simulator as balance,
  type SimulatedBalance,
} from "../../simulators/instruments/mettler-toledo/mt-sics/index.ts";
import { simulator as pump } from "../../simulators/instruments/new-era/ne-1000/index.ts";
import { simulator as valve } from "../../simulators/instruments/vici/valve/index.ts";
import { process as mixing } from "../../simulators/processes/colour-mixing/index.ts";
import type { TwinLine } from "./twin-line.ts";

/** Under which an exchange takes place. */
export interface Conditions {
  /** Milliseconds that pass before. */
  readonly wait?: number;
  /** What somebody does before. */
  readonly hand?: (twin: never, clock: VirtualClock) => void;
  /** Milliseconds that the answer has; 400 when absent. */
  readonly within?: number;
  /** The answer where bytes come a little later than in the sheet, and it tells of the moment. */
  readonly moment?: RegExp;
}

/** What is sent, and what the sheet says comes back; "" is silence. */
export type Exchange = readonly [send: string, answer: string | RegExp, conditions?: Conditions];

/** The exchanges of a protocol with a twin. */
export interface Sheet {
  readonly id: string;
  readonly simulator: Simulator<"serial" | "tcp" | "program">;
  readonly settings?: Readonly<Record<string, number | string>>;
  readonly process?: ProcessDefinition;
  readonly exchanges: readonly Exchange[];
}

/** Bytes in hexadecimal, as latin1. */
export const hex = (text: string): string =>
  String.fromCharCode(...text.split(" ").map((pair) => Number.parseInt(pair, 16)));

/** A weight that doesn't come to rest for 20 s. */
export function unsteady(twin: SimulatedBalance, clock: VirtualClock): void {
  for (let i = 0; i < 200; i++)
    clock.at(clock.now() + 100 * i, () => {
      twin.load = 10 + 0.01 * i;
    });
}

const BANNER = "\r\nGrbl 1.1h ['$' for help]\r\n";
const UNLOCK = "[MSG:'$H'|'$X' to unlock]\r\n";
const KEITHLEY = "KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C30   Mar 17 2006 09:29:29/A02  /K/J";
const NUMBER = String.raw`[+-]\d\.\d{6}E[+-]?\d+`;

/** Every literal exchange of the sheets that a twin can have. */
export const SHEETS: readonly Sheet[] = [
  {
    id: "julabo/circulator",
    simulator: julabo,
    settings: { ambient: 24.02 },
    exchanges: [
      ["version\r", "JULABO MAGIO MS-1000F VERSION 1.1.2\r\n"],
      ["in_pv_00\r", "24.02\r\n"],
      ["in_pv_02\r", "24.02\r\n"],
      ["in_pv_03\r", "24.0\r\n"],
      ["in_pv_04\r", "120\r\n"],
      ["out_sp_00 250.00\r", ""],
      ["status\r", "-11 VALUE TOO LARGE\r\n"],
      ["status\r", "02 REMOTE STOP\r\n"],
      ["out_sp_00 -10.00\r", ""],
      ["in_sp_00\r", "-10.00\r\n"],
      ["out_sp_00 37.00\r", ""],
      ["in_sp_00\r", "37.00\r\n"],
      ["in_sp_03\r", "200.00\r\n"],
      ["in_mode_05\r", "0\r\n"],
      ["out_mode_05 1\r", ""],
      ["in_mode_05\r", "1\r\n"],
      ["status\r", "03 REMOTE START\r\n"],
      ["in_pv_99\r", ""],
      ["status\r", "-08 INVALID COMMAND\r\n"],
    ],
  },
  {
    id: "linkam/t95",
    simulator: linkam,
    exchanges: [
      ["E\r", ""],
      ["T\r", hex("01 80 80 80 80 80 30 30 66 30 0D")],
      ["R12000\r", "\r"],
      ["L1500\r", "\r"],
      ["S\r", "\r"],
      // 26.3 degC, after 6.9 s at 20 K/min.
      ["T\r", hex("10 80 80 80 80 80 30 31 30 37 0D"), { wait: 6495 }],
      ["PN\r", "\r"],
      ["E\r", "\r"],
      ["T\r", new RegExp(`^${hex("01 80 9E 80 80 80")}010[6-c]\r$`)],
    ],
  },
  {
    id: "linkam/t95 (below zero)",
    simulator: linkam,
    settings: { ambient: -20 },
    exchanges: [["T\r", hex("01 80 80 80 80 80 66 66 33 38 0D")]],
  },
  {
    id: "new-era/ne-1000",
    simulator: pump,
    settings: { port: "cyan" },
    process: mixing,
    exchanges: [
      ["\r", "\x0200A?R\x03"],
      ["\r", "\x0200S\x03"],
      ["VER\r", "\x0200SNE1000V3.923\x03"],
      ["DIA\r", "\x0200S14.43\x03"],
      ["RAT50.00MM\r", "\x0200S?OOR\x03"],
      ["RAT1.000MM\r", "\x0200S\x03"],
      ["RAT\r", "\x0200S1.000MM\x03"],
      ["VOL0.500\r", "\x0200S\x03"],
      ["VOL\r", "\x0200S0.500ML\x03"],
      ["DIR\r", "\x0200SINF\x03"],
      ["PHN2\r", "\x0200S\x03"],
      ["FUNSTP\r", "\x0200S\x03"],
      ["RUN\r", "\x0200I\x03"],
      ["DIA20\r", "\x0200I?NA\x03"],
      ["RAT\r", "\x0200I1.000MM\x03"],
      // Half of it, 15 s at 1 mL/min.
      ["STP\r", "\x0200P\x03", { wait: 15_000 - 1215 }],
      ["DIS\r", "\x0200PI0.250W0.000ML\x03"],
      ["STP\r", "\x0200S\x03"],
      ["01VER\r", ""],
    ],
  },
  {
    id: "mettler-toledo/mt-sics",
    simulator: balance,
    settings: { noise: 0 },
    exchanges: [
      ["@\r\n", 'I4 A "B123456789"\r\n'],
      ["I4\r\n", 'I4 A "B123456789"\r\n'],
      ["NOPE\r\n", "ES\r\n"],
      ["SI\r\n", "S S     0.0000 g\r\n"],
      ["M21 0 0\r\n", "M21 A\r\n"],
      ["SI\r\n", "S D    52.1871 g\r\n", { hand: (twin: SimulatedBalance) => (twin.load = 52.1871) }],
      [
        "S\r\n",
        "S S    52.1873 g\r\n",
        { hand: (twin: SimulatedBalance) => (twin.load = 52.1873), within: 2000 },
      ],
      ["S\r\n", "S +\r\n", { hand: (twin: SimulatedBalance) => (twin.load = 500), within: 2000 }],
      ["S\r\n", "S -\r\n", { hand: (twin: SimulatedBalance) => (twin.load = -5), within: 2000 }],
      ["S\r\n", "S I\r\n", { hand: unsteady, within: 21_000 }],
      [
        "T\r\n",
        "S S    12.0000 g\r\nT S    25.0000 g\r\n",
        {
          hand: (twin: SimulatedBalance, clock: VirtualClock) => {
            twin.load = 12;
            clock.at(clock.now() + 300, () => {
              twin.print();
              twin.load = 25;
            });
          },
          within: 3000,
        },
      ],
      ["TAC\r\n", "TAC A\r\n"],
      ["TA 10.5 g\r\n", "TA A    10.5000 g\r\n"],
      ["TI\r\n", "TI D    25.0000 g\r\n"],
      ["ZI\r\n", "ZI S\r\n"],
      ["Z\r\n", "Z A\r\n", { within: 2000 }],
      ['D "text"\r\n', "D A\r\n"],
      ["C3\r\n", "C3 B\r\nC3 A\r\n", { within: 100_000 }],
      [
        "S\r\n",
        "S S Error 10b\r\n",
        { hand: (twin: SimulatedBalance) => (twin.fault = "10b"), within: 2000 },
      ],
    ],
  },
  {
    id: "ika/namur",
    simulator: ika,
    settings: { ambient: 25.3 },
    exchanges: [
      ["IN_NAME \r\n", "RCT digital \r\n"],
      ["IN_PV_2 \r\n", "25.3 2 \r\n"],
      ["OUT_SP_4 400 \r\n", ""],
      ["IN_SP_4 \r\n", "400.0 4 \r\n"],
      ["OUT_WD1@30 \r\n", "30 \r\n"],
      ["WHATEVER \r\n", ""],
      ["IN_PV_1 \r\n", "-90.0 1 \r\n", { hand: (twin: SimulatedHotplate) => (twin.probe = false) }],
    ],
  },
  {
    id: "alicat/mass-flow",
    simulator: alicat,
    exchanges: [
      [
        "A\r",
        "A +014.62 +021.89 +000.00 +000.00 +078.95     N2\r",
        {
          hand: (twin: SimulatedController) => {
            twin.supply = 0;
            twin.set(78.95);
          },
        },
      ],
      ["ALS 12.5\r", "A +012.50 +012.50 12 SCCM\r"],
      ["ALS\r", "A +012.50 +012.50 12 SCCM\r"],
      ["AR122\r", "A 122 = 37\r"],
      ["A$$W46=8\r", "A +014.62 +021.89 +000.00 +000.00 +012.50     N2\r"],
      [
        "AS12.50\r",
        "A +014.62 +021.89 +000.00 +000.00 +012.50     N2 HLD\r",
        { hand: (twin: SimulatedController) => (twin.words = ["HLD"]) },
      ],
      ["A$$C\r", "A +014.62 +021.89 +000.00 +000.00 +012.50     N2\r"],
      ["AS999.00\r", "A +014.62 +021.89 +000.00 +000.00 +100.00     N2\r"],
      ["B\r", ""],
      ["AXX\r", "?\r"],
    ],
  },
  {
    id: "gnea/grbl",
    simulator: grbl,
    exchanges: [
      ["\x18", `${BANNER}${UNLOCK}`],
      ["G1X1\n", "error:9\r\n"],
      ["$H\n", "ok\r\n", { within: 10_000 }],
      ["?", "<Idle|MPos:0.000,0.000,0.000|FS:0,0|WCO:0.000,0.000,0.000>\r\n"],
      ["G1X1\n", "error:22\r\n"],
      ["$I\n", "[VER:1.1h.20190830:]\r\n[OPT:V,15,128]\r\nok\r\n"],
      // 0.120 mm, after 24 ms at 300 mm/min.
      ["G1X10F300\n", "ok\r\n", { within: 19 }],
      ["!", "", { within: 0 }],
      [
        "?",
        /^<Hold:1\|MPos:0\.120,0\.000,0\.000\|FS:0,0(\|.*)?>\r\n$/,
        { within: 5, moment: /^<Hold:1\|MPos:0\.1\d\d,0\.000,0\.000\|FS:0,0(\|.*)?>\r\n$/ },
      ],
      ["\x18", `ALARM:3\r\n${BANNER}${UNLOCK}`],
      ["$X\n", "[MSG:Caution: Unlocked]\r\nok\r\n"],
      ["$J=X5F200\n", "ok\r\n"],
      ["?", /^<Jog\|MPos:.*\|FS:200,0.*>\r\n$/],
      ["\x85", ""],
      ["?", /^<Idle\|MPos:[0-4]\.\d{3},0\.000,0\.000\|FS:0,0.*>\r\n$/],
      ["$H\n", "error:5\r\n", { hand: (twin: SimulatedMotion) => (twin.homing = false) }],
      ["$C\n", "[MSG:Enabled]\r\nok\r\n"],
      ["$C\n", `[MSG:Disabled]\r\nok\r\n${BANNER}`],
    ],
  },
  {
    id: "keysight/34461a (IEEE 488.2)",
    simulator: keysight,
    exchanges: [
      ["*CLS\n", ""],
      ["BAD:CMD\n", ""],
      ["SYST:ERR?\n", '-113,"Undefined header;BAD:CMD"\r\n'],
      ["*ESR?\n", "32\r\n"],
      ["*ESR?\n", "0\r\n"],
      ["CONF:VOLT:DC 1,2,3\n", ""],
      ["syst:error?\n", '-108,"Parameter not allowed"\r\n'],
      ["SENS:VOLT:DC:NPLC MAYBE\n", ""],
      ["SYST:ERR?\n", '-224,"Illegal parameter value"\r\n'],
      ["*IDN?;*OPC?\n", "Keysight Technologies,34461A,MY53220001,A.02.14-02.40-02.14-00.49-03-01;1\r\n"],
      ["*OPC?;*OPC?\n", "1;1\r\n"],
      ["SYSTEM:ERR?\n", '0,"No error"\r\n'],
    ],
  },
  {
    id: "keithley/2400",
    simulator: keithley,
    exchanges: [
      ["*IDN?;*OPC?\n", `${KEITHLEY};1\r\n`],
      ["*RST\n", ""],
      ["*CLS\n", ""],
      [":FORM:ELEM VOLT,CURR,RES,TIME,STAT\n", ""],
      [":SOUR:FUNC VOLT\n", ""],
      [":SOUR:VOLT:RANG 20\n", ""],
      [":SOUR:VOLT:LEV 2\n", ""],
      [":SOUR:DEL 0.1\n", ""],
      [":SENS:CURR:PROT 0.01\n", ""],
      [":SENS:FUNC 'CURR'\n", ""],
      [":SENS:CURR:NPLC 1\n", ""],
      [":SENS:CURR:RANG:AUTO 1\n", ""],
      [":OUTP ON\n", ""],
      [
        ":READ?\n",
        new RegExp(`^\\+2\\.000000E\\+0,\\+2\\.000000E-4,\\+9\\.910000E\\+37,${NUMBER},${NUMBER}\r\n$`),
      ],
      [":OUTP OFF\n", ""],
      [":OUTP?\n", "0\r\n"],
      [":OUTP MAYBE\n", ""],
      ["SYST:ERR?\n", '-224,"Illegal parameter value"\r\n'],
      ["SYST:ERR?\n", '0,"No error"\r\n'],
    ],
  },
  {
    id: "eurotherm/3216 (RTU)",
    simulator: eurotherm,
    settings: { ambient: 0 },
    exchanges: [
      [hex("01 03 00 01 00 01 D5 CA"), hex("01 03 02 00 00 B8 44")],
      [hex("01 06 00 02 01 90 29 F6"), hex("01 06 00 02 01 90 29 F6")],
      [hex("01 03 00 02 00 01 25 CA"), hex("01 03 02 01 90 B9 B8")],
      [hex("02 03 00 01 00 01 D5 F9"), ""],
    ],
  },
  {
    id: "eurotherm/3216 (TCP)",
    simulator: eurotherm,
    settings: { framing: "tcp", ambient: 25 },
    exchanges: [
      [hex("00 02 00 00 00 06 01 06 00 02 00 FB"), hex("00 02 00 00 00 06 01 06 00 02 00 FB")],
      [hex("00 01 00 00 00 06 01 03 00 01 00 02"), hex("00 01 00 00 00 07 01 03 04 00 FA 00 FB")],
      [hex("00 03 00 00 00 02 01 64"), hex("00 03 00 00 00 03 01 E4 01")],
    ],
  },
  {
    id: "vici/valve",
    simulator: valve,
    settings: { positions: 10 },
    exchanges: [
      ["NP\r", "NP10\r"],
      ["CP\r", "CP01\r"],
      ["GO12\r", "Bad command\r"],
      ["GO05\r", ""],
      ["CP\r", "CP05\r", { wait: 300 }],
      ["IFM1\r", ""],
      ["GO4\r", "CP04\r"],
      ["HM\r", "CP01\r", { within: 2000 }],
    ],
  },
  {
    id: "vici/valve (long replies)",
    simulator: valve,
    settings: { positions: 10, replies: "long" },
    exchanges: [
      ["GO05\r", ""],
      ["CP\r", "Position is  = 5\r", { wait: 300 }],
    ],
  },
  {
    id: "labloop/uv-vis",
    simulator: spectrometer,
    exchanges: [
      ["*IDN?\n", "LABLOOP,UV-VIS 451,0042,1.0\r\n"],
      ["SENS:INT 50\n", ""],
      ["SENS:AVER 4\n", ""],
      ["LAMP:SHUT?\n", "0\r\n"],
      ["LAMP:SHUT 1\n", ""],
      ["LAMP:SHUT?\n", "1\r\n"],
      // A definite-length block of 451 numbers, the first of them 200 nm.
      ["CAL:WAV?\n", new RegExp(`^#41804${hex("43 48 00 00")}[^]{1800}\n$`)],
      ["SENS:INT 0\n", ""],
      ["SYST:ERR?\n", '-222,"Data out of range"\r\n'],
      ["SYST:ERR?\n", '0,"No error"\r\n'],
    ],
  },
  {
    id: "labloop/command",
    simulator: program,
    settings: { readings: "yield %", takes: 0.2 },
    exchanges: [
      ['{"id":1,"call":"hello"}\n', '{"id":1,"model":"simulated program","version":"1"}\n'],
      ['{"id":2,"call":"check"}\n', '{"id":2}\n'],
      [
        '{"id":3,"call":"run","arguments":{"temperature":40},"key":"a"}\n',
        '{"id":3,"readings":{"yield":1}}\n',
      ],
      ['{"id":4,"call":"settle","key":"a"}\n', '{"id":4,"done":true,"readings":{"yield":1}}\n'],
      ['{"id":5,"call":"settle","key":"b"}\n', '{"id":5,"done":false}\n'],
      ['{"id":6,"call":"safe"}\n', '{"id":6,"state":"idle"}\n'],
      ['{"id":7,"call":"dance"}\n', '{"id":7,"error":"there is no call \\"dance\\""}\n'],
    ],
  },
];

/** A literal exchange of the sheets that no twin has. */
export interface LeftOut {
  readonly sheet: string;
  readonly sent: string;
  readonly answered: string;
  readonly why: string;
}

const MOMENT = "a number of one moment: the same reply is tested with the twin's number";
const PARSER = "of scpi-parser's example:";
const NO_TWIN = "labloop has neither driver nor twin of it";

/** Literal exchanges of the sheets that no twin has, and why. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    sheet: "Julabo",
    sent: "in_pv_01\r",
    answered: "-35\r\n",
    why: "a bath under ideal control: conformance.test.ts reads 100 and 0",
  },
  { sheet: "Julabo", sent: "in_pv_02\r", answered: "23.80\r\n", why: MOMENT },
  { sheet: "Julabo", sent: "in_pv_03\r", answered: "24.3\r\n", why: MOMENT },
  {
    sheet: "Julabo",
    sent: "in_sp_03\r",
    answered: "150.00\r\n",
    why: "a limit of one model: the twin's is 200",
  },
  {
    sheet: "SCPI",
    sent: "TEST:BOOL MAYBE\n",
    answered: "",
    why: `${PARSER} NPLC and OUTP raise the same error`,
  },
  {
    sheet: "SCPI",
    sent: "*IDN?;*OPC?\n",
    answered: "MANUFACTURE,INSTR2013,0,01-02;1\r\n",
    why: `${PARSER} the twins join their own names in the same way`,
  },
  {
    sheet: "SCPI",
    sent: "TEST:ARB? #15ABCDE\n",
    answered: "#15ABCDE\r\n",
    why: `${PARSER} the block is tested in the codec and with the spectrometer`,
  },
  {
    sheet: "Modbus TCP",
    sent: hex("00 01 00 00 00 06 01 03 00 00 00 02"),
    answered: hex("00 01 00 00 00 07 01 03 04 00 FA 00 FB"),
    why: "register 0 of the server that was observed: a controller gives the same bytes from 1 and 2",
  },
  {
    sheet: "VICI",
    sent: "CP\r",
    answered: "CPA\r",
    why: "of two-position actuators: the twin has several positions",
  },
  { sheet: "Knauer", sent: "T\r\n", answered: "VALVE LI\r", why: NO_TWIN },
  { sheet: "Runze", sent: hex("CC 01 3E 00 00 DD E8 01"), answered: "", why: NO_TWIN },
];

/** What the sheet says when it fits, else what came. */
function fitting(answer: string | RegExp, came: string): string {
  return typeof answer === "string" ? answer : (answer.exec(came)?.[0] ?? String(answer));
}

/** Sends what an exchange sends, in one piece or cut at a byte: what came, and what should have. */
export async function play<I extends SimulatedInstrument>(
  line: TwinLine<I>,
  [send, answer, conditions = {}]: Exchange,
  cut?: number,
): Promise<{ readonly came: readonly string[]; readonly expected: readonly string[] }> {
  const { wait, hand, within = 400, moment } = conditions;
  if (wait !== undefined) await line.wait(wait);
  hand?.(line.twin as never, line.clock);
  const at = cut === undefined ? undefined : cut % (send.length + 1);
  const pieces = at === undefined ? [send] : [send.slice(0, at), send.slice(at)];
  const came = await line.ask(within, ...pieces);
  const expected = fitting(cut === undefined ? answer : (moment ?? answer), came);
  return { came: [send, came], expected: [send, expected] };
}
