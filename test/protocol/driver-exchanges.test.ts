import { printable, type SimulatedInstrument, toBytes } from "labloop/instrument";
import type { ContractDescription } from "labloop/instrument/testing";
import { describe, expect, it } from "vitest";
import type { SimulatedCirculator } from "../../simulators/instruments/julabo/circulator/index.ts";
import type { SimulatedBalance } from "../../simulators/instruments/mettler-toledo/mt-sics/index.ts";
import { subject as alicat } from "../contract/subjects/alicat.mass-flow.ts";
import { subject as eurotherm } from "../contract/subjects/eurotherm.3216.ts";
import { subject as grbl } from "../contract/subjects/gnea.grbl.ts";
import { subject as ika } from "../contract/subjects/ika.namur.ts";
import { subject as julabo } from "../contract/subjects/julabo.circulator.ts";
import { subject as keithley } from "../contract/subjects/keithley.2400.ts";
import { subject as keysight } from "../contract/subjects/keysight.34461a.ts";
import { subject as linkam } from "../contract/subjects/linkam.t95.ts";
import { subject as balance } from "../contract/subjects/mettler-toledo.mt-sics.ts";
import { subject as pump } from "../contract/subjects/new-era.ne-1000.ts";
import { subject as valve } from "../contract/subjects/vici.valve.ts";
import { type DriverBench, driverBench } from "./driver-bench.ts";
import { hex } from "./sheets.ts";

interface Driven {
  readonly id: string;
  readonly description: ContractDescription;
  /** What is asked of the driver once it is connected. */
  act(bench: DriverBench<SimulatedInstrument>): Promise<unknown>;
  /** What then has gone over the line, in this order, whatever else went between. */
  readonly exchanges: readonly (readonly [send: string, answer: string])[];
}

const performing =
  (...calls: readonly (readonly [string, Readonly<Record<string, number | string>>?])[]): Driven["act"] =>
  async (bench) => {
    for (const [action, given] of calls) await bench.perform(action, given);
  };

/** Literal exchanges of the sheets that a driver makes. */
const DRIVEN: readonly Driven[] = [
  {
    id: "julabo/circulator",
    description: { ...julabo, settings: { minimum: -20, maximum: 300 } },
    act: async (bench) => {
      await bench.perform("set-setpoint", { setpoint: 250 });
      await bench.perform("set-setpoint", { setpoint: 37 });
      await bench.perform("start");
      (bench.twin as SimulatedCirculator).alarm = "-01 LOW LEVEL ALARM";
      await bench.instrument.check(new AbortController().signal);
    },
    exchanges: [
      ["version\r", "JULABO MAGIO MS-1000F VERSION 1.1.2\r\n"],
      ["out_sp_00 250.00\r", ""],
      ["status\r", "-11 VALUE TOO LARGE\r\n"],
      ["out_sp_00 37.00\r", ""],
      ["in_sp_00\r", "37.00\r\n"],
      ["out_mode_05 1\r", ""],
      ["in_mode_05\r", "1\r\n"],
      ["status\r", "-01 LOW LEVEL ALARM\r\n"],
    ],
  },
  {
    id: "linkam/t95",
    description: linkam,
    act: performing(["ramp", { temperature: 50, rate: 20 }], ["stop"]),
    exchanges: [
      ["T\r", hex("01 80 80 80 80 80 30 30 66 30 0D")],
      ["R12000\r", "\r"],
      ["L1500\r", "\r"],
      ["S\r", "\r"],
      ["T\r", hex("10 80 80 80 80 80 30 30 66 30 0D")],
      ["E\r", "\r"],
    ],
  },
  {
    id: "new-era/ne-1000",
    description: {
      ...pump,
      settings: { diameter: 14.43, "syringe-volume": 10 },
      twin: { port: "cyan", cv: 0 },
    },
    act: performing(["dispense", { volume: 500, rate: 1 }]),
    exchanges: [
      ["VER\r", "\x0200A?R\x03"],
      ["VER\r", "\x0200SNE1000V3.923\x03"],
      ["VOL0.500\r", "\x0200S\x03"],
      ["RUN\r", "\x0200I\x03"],
    ],
  },
  {
    id: "mettler-toledo/mt-sics",
    description: { ...balance, twin: { noise: 0 } },
    act: async (bench) => {
      const twin = bench.twin as SimulatedBalance;
      twin.load = 500;
      await bench.perform("weigh");
      twin.load = 12;
      bench.clock.at(bench.clock.now() + 300, () => {
        twin.print();
        twin.load = 25;
      });
      await bench.perform("tare");
    },
    exchanges: [
      ["@\r\n", 'I4 A "B123456789"\r\n'],
      ["M21 0 0\r\n", "M21 A\r\n"],
      ["S\r\n", "S +\r\n"],
      ["T\r\n", "S S    12.0000 g\r\nT S    25.0000 g\r\n"],
    ],
  },
  {
    id: "ika/namur",
    description: { ...ika, settings: { maximum: 300, watchdog: 30 } },
    act: performing(["set-speed-setpoint", { "speed-setpoint": 400 }]),
    exchanges: [
      ["IN_NAME \r\n", "RCT digital \r\n"],
      ["OUT_WD1@30 \r\n", "30 \r\n"],
      ["OUT_SP_4 400 \r\n", ""],
      ["IN_SP_4 \r\n", "400.0 4 \r\n"],
    ],
  },
  {
    id: "alicat/mass-flow",
    description: alicat,
    act: performing(["set-setpoint", { setpoint: 12.5 }]),
    exchanges: [
      ["A\r", "A +014.62 +021.89 +000.00 +000.00 +000.00     N2\r"],
      ["AS12.50\r", "A +014.62 +021.89 +000.00 +000.00 +012.50     N2\r"],
    ],
  },
  {
    id: "gnea/grbl",
    description: grbl,
    act: async (bench) => {
      await bench.perform("home");
      const moving = bench.perform("move-to", { x: 100, y: 0, z: 0 });
      bench.clock.at(
        bench.clock.now() + 400,
        () => void bench.instrument.makeSafe(new AbortController().signal),
      );
      await moving;
    },
    exchanges: [
      ["\x18", "\r\nGrbl 1.1h ['$' for help]\r\n"],
      // The rest of the banner comes when the driver has gone on; a reset is no line, and has no "ok".
      ["$H\n", "[MSG:'$H'|'$X' to unlock]\r\nok\r\n"],
      ["G90 G53 G1 X100.000 Y0.000 Z0.000 F3000\n", "ok\r\n"],
      ["!", ""],
      ["\x18", "\r\nGrbl 1.1h ['$' for help]\r\n"],
    ],
  },
  {
    id: "keysight/34461a",
    description: keysight,
    act: performing(["measure", { what: "voltage" }]),
    exchanges: [
      ["*IDN?\n", "Keysight Technologies,34461A,MY53220001,A.02.14-02.40-02.14-00.49-03-01\r\n"],
      ["SYST:ERR?\n", '0,"No error"\r\n'],
    ],
  },
  {
    id: "keithley/2400",
    description: keithley,
    act: performing(["source", { voltage: 2 }], ["off"]),
    exchanges: [
      [":OUTP?\n", "1\r\n"],
      [":OUTP OFF\n", ""],
      [":OUTP?\n", "0\r\n"],
    ],
  },
  {
    id: "eurotherm/3216 (RTU)",
    description: { ...eurotherm, twin: { ambient: 0 } },
    act: async (bench) => {
      await bench.read("temperature");
      await bench.perform("set-setpoint", { setpoint: 40 });
    },
    exchanges: [
      [hex("01 03 00 01 00 01 D5 CA"), hex("01 03 02 00 00 B8 44")],
      [hex("01 06 00 02 01 90 29 F6"), hex("01 06 00 02 01 90 29 F6")],
      [hex("01 03 00 02 00 01 25 CA"), hex("01 03 02 01 90 B9 B8")],
    ],
  },
  {
    id: "vici/valve",
    description: valve,
    act: performing(["select", { position: 5 }]),
    exchanges: [
      ["IFM1\r", ""],
      ["NP\r", "NP10\r"],
      ["CP\r", "CP01\r"],
      ["CP\r", "CP05\r"],
    ],
  },
];

interface Gone {
  readonly send: string;
  readonly answer: string;
}

/** What was sent, and all that came before the next was. */
function pairs(transcript: readonly string[]): Gone[] {
  return transcript.reduce<Gone[]>((all, entry) => {
    const text = entry.slice(2);
    if (entry.startsWith("> ")) return [...all, { send: text, answer: "" }];
    const last = all.at(-1);
    return last === undefined ? all : [...all.slice(0, -1), { ...last, answer: last.answer + text }];
  }, []);
}

/** The exchanges of a list that didn't take place in its order. */
function missing(transcript: readonly string[], exchanges: Driven["exchanges"]): Gone[] {
  let rest = pairs(transcript);
  return exchanges.flatMap(([sent, answered]) => {
    const [send, answer] = [printable(toBytes(sent)), printable(toBytes(answered))];
    const at = rest.findIndex((each) => each.send === send && each.answer === answer);
    if (at < 0) return [{ send, answer }];
    rest = rest.slice(at + 1);
    return [];
  });
}

describe.each(DRIVEN)("the driver of $id", ({ description, act, exchanges }) => {
  it("makes the literal exchanges of its sheet", async () => {
    const bench = await driverBench(description);
    await act(bench);
    expect(missing(bench.transcript, exchanges)).toEqual([]);
    await bench.instrument.close();
  });
});
