import { fc } from "@fast-check/vitest";
import type { Simulator } from "labloop/instrument";
import { describe, expect, it } from "vitest";
import { simulator as alicat } from "../../simulators/instruments/alicat/mass-flow/index.ts";
import { simulator as eurotherm } from "../../simulators/instruments/eurotherm/3216/index.ts";
import { simulator as grbl } from "../../simulators/instruments/gnea/grbl/index.ts";
import { simulator as ika } from "../../simulators/instruments/ika/namur/index.ts";
import { simulator as julabo } from "../../simulators/instruments/julabo/circulator/index.ts";
import { simulator as keysight } from "../../simulators/instruments/keysight/34461a/index.ts";
import { simulator as linkam } from "../../simulators/instruments/linkam/t95/index.ts";
import { simulator as balance } from "../../simulators/instruments/mettler-toledo/mt-sics/index.ts";
import { simulator as valve } from "../../simulators/instruments/vici/valve/index.ts";
import { twinLine } from "./twin-line.ts";

interface Sheet {
  readonly id: string;
  readonly simulator: Simulator<"serial" | "tcp">;
  readonly settings?: Readonly<Record<string, number | string>>;
  /** What is sent, and what the sheet says comes back; "" is silence. */
  readonly exchanges: readonly (readonly [send: string, answer: string | RegExp])[];
}

const hex = (text: string): string =>
  String.fromCharCode(...text.split(" ").map((pair) => Number.parseInt(pair, 16)));

const SHEETS: readonly Sheet[] = [
  {
    id: "julabo/circulator",
    simulator: julabo,
    exchanges: [
      ["version\r", "JULABO MAGIO MS-1000F VERSION 1.1.2\r\n"],
      ["out_sp_00 250.00\r", ""],
      ["status\r", "-11 VALUE TOO LARGE\r\n"],
      ["status\r", "02 REMOTE STOP\r\n"],
      ["out_sp_00 -10.00\r", ""],
      ["in_sp_00\r", "-10.00\r\n"],
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
      ["T\r", new RegExp(`^${hex("10 80 80 80 80 80")}[0-9a-f]{4}\r$`)],
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
    ],
  },
  {
    id: "ika/namur",
    simulator: ika,
    exchanges: [
      ["IN_NAME \r\n", "RCT digital \r\n"],
      ["OUT_SP_4 400 \r\n", ""],
      ["IN_SP_4 \r\n", "400.0 4 \r\n"],
      ["OUT_WD1@30 \r\n", "30 \r\n"],
      ["WHATEVER \r\n", ""],
    ],
  },
  {
    id: "alicat/mass-flow",
    simulator: alicat,
    exchanges: [
      ["A\r", "A +014.62 +021.89 +000.00 +000.00 +000.00     N2\r"],
      ["AS12.50\r", /^A \+014\.62 \+021\.89 \+\d{3}\.\d\d \+\d{3}\.\d\d \+012\.50 {5}N2\r$/],
      ["AS999.00\r", /^A .*\+100\.00 {5}N2\r$/],
      ["B\r", ""],
      ["AXX\r", "?\r"],
    ],
  },
  {
    id: "gnea/grbl",
    simulator: grbl,
    exchanges: [
      ["\x18", "\r\nGrbl 1.1h ['$' for help]\r\n[MSG:'$H'|'$X' to unlock]\r\n"],
      ["G1X1\n", "error:9\r\n"],
      ["$X\n", "[MSG:Caution: Unlocked]\r\nok\r\n"],
      ["G1X1\n", "error:22\r\n"],
      ["G1X200F300\n", "ok\r\n"],
      ["!", ""],
      [
        "?",
        /^<Hold:[01]\|MPos:-?\d+\.\d{3},-?\d+\.\d{3},-?\d+\.\d{3}\|FS:0,0(\|WCO:0\.000,0\.000,0\.000)?>\r\n$/,
      ],
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
      ["*OPC?;*OPC?\n", "1;1\r\n"],
      ["SYSTEM:ERR?\n", '0,"No error"\r\n'],
    ],
  },
  {
    id: "eurotherm/3216 (RTU)",
    simulator: eurotherm,
    settings: { ambient: 18.4 },
    exchanges: [
      [hex("01 06 00 02 01 90 29 F6"), hex("01 06 00 02 01 90 29 F6")],
      [hex("01 03 00 02 00 01 25 CA"), hex("01 03 02 01 90 B9 B8")],
      [hex("02 03 00 01 00 01 D5 F9"), ""],
    ],
  },
  {
    id: "eurotherm/3216 (TCP)",
    simulator: eurotherm,
    settings: { framing: "tcp" },
    exchanges: [
      [hex("00 03 00 00 00 02 01 64"), hex("00 03 00 00 00 03 01 E4 01")],
      [hex("00 01 00 00 00 06 01 03 00 02 00 01"), hex("00 01 00 00 00 05 01 03 02 00 C8")],
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
      ["GO02\r", ""],
      ["CP\r", "CP02\r"],
    ],
  },
];

/** What the sheet says when it fits, else what came. */
function fitting(answer: string | RegExp, came: string): string {
  return typeof answer === "string" ? answer : (answer.exec(came)?.[0] ?? String(answer));
}

describe.each(SHEETS)("$id", ({ simulator, settings, exchanges }) => {
  it("answers the literal exchanges of its sheet byte for byte", async () => {
    const line = await twinLine(simulator as Simulator<"serial">, settings);
    for (const [send, answer] of exchanges) {
      const came = await line.say(send);
      expect([send, came]).toEqual([send, fitting(answer, came)]);
    }
    line.twin.close();
  });

  it("takes a command that is cut at any byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (at) => {
        const line = await twinLine(simulator as Simulator<"serial">, settings);
        for (const [send, answer] of exchanges) {
          const cut = at % (send.length + 1);
          const came = await line.say(send.slice(0, cut), send.slice(cut));
          expect([send, came]).toEqual([send, fitting(answer, came)]);
        }
        line.twin.close();
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});
