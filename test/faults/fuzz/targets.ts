import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseReply } from "../../../drivers/new-era/ne-1000/reply.ts";
import { parseAnswer } from "../../../drivers/sparks-baird/clslab-light/answer.ts";
import { checkDimensions } from "../../../src/base/expression/dimension.ts";
import { parseExpression } from "../../../src/base/expression/parse.ts";
import { parseQuantity } from "../../../src/base/quantity.ts";
import { parseUnit } from "../../../src/base/unit.ts";
import { compileProblem } from "../../../src/campaign/compile/problem.ts";
import { checkSchema } from "../../../src/campaign/file/check-schema.ts";
import { parseCsvFile } from "../../../src/campaign/file/csv-file.ts";
import { parseSourceFile } from "../../../src/campaign/file/source-file.ts";
import { campaignSchema, questionSchema } from "../../../src/campaign/schema/campaign-schema.ts";
import { readHolidays } from "../../../src/campaign/window/holidays.ts";
import { delimited } from "../../../src/instrument/codec/delimited.ts";
import { framed } from "../../../src/instrument/codec/framed.ts";
import { toBytes } from "../../../src/instrument/codec/latin1.ts";
import { modbusFrame, modbusMessages } from "../../../src/instrument/codec/modbus.ts";
import { parseNumber } from "../../../src/instrument/codec/number-text.ts";
import { parseQuantity as parseReading } from "../../../src/instrument/codec/quantity-text.ts";
import { scpiBlock, scpiFloats, scpiMessages } from "../../../src/instrument/codec/scpi.ts";
import { parseStatus } from "../../../src/instrument/transport/presence.ts";
import { describeLab } from "../../../src/lab/lab-description.ts";
import { labSchema } from "../../../src/lab/lab-schema.ts";
import { labTime } from "../../../src/lab/lab-time.ts";
import { readReply } from "../../../src/operator/http/read-reply.ts";

/** Something that reads what others wrote. */
export interface Target {
  readonly name: string;
  /** Share of all inputs. */
  readonly weight: number;
  readonly good: readonly string[];
  read(text: string): unknown;
}

const EXAMPLES = ["colour-match", "colour-carousel", "enzyme", "flow-reaction"];
const CAMPAIGNS = EXAMPLES.map((name) => readFileSync(join("examples", name, "campaign.yaml"), "utf8"));
const LABS = EXAMPLES.map((name) => readFileSync(join("examples", name, "lab.yaml"), "utf8"));

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const pdu = { unit: 1, code: 3, data: Uint8Array.of(4, 0, 1, 2, 3) };

function campaign(text: string): unknown {
  const parsed = parseSourceFile("campaign.yaml", text);
  if (parsed.kind === "faults") return parsed;
  checkSchema(parsed.source, campaignSchema);
  const checked = checkSchema(parsed.source, questionSchema);
  return checked.kind === "faults"
    ? checked
    : compileProblem(parsed.source, checked.data, { tables: new Map() });
}

/** A lab file that names another one finds none. */
const noFile = (): Promise<string> => Promise.reject(new Error("there is no such file"));

async function lab(text: string): Promise<unknown> {
  const parsed = parseSourceFile("lab.yaml", text);
  if (parsed.kind === "faults") return parsed;
  const checked = checkSchema(parsed.source, labSchema);
  return checked.kind === "faults" ? checked : describeLab(parsed.source, checked.data, noFile);
}

function expression(text: string): unknown {
  const parsed = parseExpression(text);
  return parsed.kind === "problem"
    ? parsed
    : checkDimensions(
        parsed.expression,
        () => undefined,
        (name) => name,
      );
}

/** A decoder is fed in two pieces, as a line may cut it anywhere. */
function cut(decoder: { push(bytes: Uint8Array): unknown[] }, text: string): unknown[] {
  const bytes = toBytes(text);
  const half = bytes.length >> 1;
  return [...decoder.push(bytes.subarray(0, half)), ...decoder.push(bytes.subarray(half))];
}

const HOLIDAYS: readonly string[] = [
  "DTSTART;VALUE=DATE:20301225\r\nDTEND;VALUE=DATE:20301227\r\nRRULE:FREQ=YEARLY;BYMONTH=12",
  "DTSTART;TZID=America/New_York:20300110T080000\r\nDURATION:PT2H\r\nRRULE:FREQ=SECONDLY;COUNT=1000000000",
  "DTSTART:20300110T080000Z\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU\r\nEXDATE:20300117T080000Z",
].map(
  (event) =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//lab//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20290101T000000Z\r\n${event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`,
);

/** Every parser and codec that reads what comes from outside. */
export const TARGETS: readonly Target[] = [
  { name: "campaign files", weight: 6, good: CAMPAIGNS, read: campaign },
  { name: "lab files", weight: 3, good: LABS, read: lab },
  {
    name: "expressions",
    weight: 20,
    good: [
      "300 uL - cyan - magenta",
      "sqrt((l - target.l)^2) <= 2 and not x",
      "a ? 5 degC : -20 degC * 0.2 1/s",
      'x == "DMF"',
    ],
    read: expression,
  },
  {
    name: "quantities",
    weight: 10,
    good: ["300 uL", "2.5 mL/min", "40 degC", "-1e-3 mol/L/s"],
    read: parseQuantity,
  },
  { name: "units", weight: 6, good: ["mL/min", "1/s", "mm^2", "µmol·L^-1"], read: parseUnit },
  {
    name: "times",
    weight: 4,
    good: ["2030-01-01 18:00", "2030-01-01T18:00:30"],
    read: (text) => labTime(text, "Europe/Berlin"),
  },
  {
    name: "holidays",
    weight: 6,
    good: HOLIDAYS,
    read: (text) => readHolidays(text, "Europe/Berlin", { from: 0, to: Date.UTC(2100, 0, 1) }),
  },
  {
    name: "tables",
    weight: 10,
    good: ['a,b,c\n1,2,"x, y"\n3,4,z\n', "dose,yield\r\n1 mL,0.5\r\n"],
    read: (text) => parseCsvFile("t.csv", text),
  },
  {
    name: "lines",
    weight: 6,
    good: ["OK\r\n23.5\r\n"],
    read: (text) => cut(delimited({ end: 13, drop: 10 }), text),
  },
  {
    name: "frames",
    weight: 6,
    good: ["\u000200S\u0003\u000200I\u0003"],
    read: (text) => cut(framed({ start: 2, end: 3 }), text),
  },
  {
    name: "Modbus RTU",
    weight: 4,
    good: [latin1(modbusFrame("rtu", pdu))],
    read: (text) => [cut(modbusMessages("rtu", "client"), text), cut(modbusMessages("rtu", "server"), text)],
  },
  {
    name: "Modbus TCP",
    weight: 4,
    good: [latin1(modbusFrame("tcp", pdu))],
    read: (text) => [cut(modbusMessages("tcp", "client"), text), cut(modbusMessages("tcp", "server"), text)],
  },
  {
    name: "SCPI",
    weight: 5,
    good: ["1.5,2.5\n", "#14abcd\n", "#210abcdefghij\n", "#0abc\n"],
    read: (text) =>
      (cut(scpiMessages(), text) as Uint8Array[]).map((message) => [scpiBlock(message), scpiFloats(message)]),
  },
  { name: "numbers", weight: 5, good: ["+1.25E-3", "  42 "], read: parseNumber },
  {
    name: "readings",
    weight: 4,
    good: ["12.5 mg", "3 kg"],
    read: (text) => parseReading(text, { mg: "mg", kg: "kg" }, "g"),
  },
  {
    name: "NE-1000 replies",
    weight: 4,
    good: ["00S", "00A?S", "00I0.5ML", "00S?OOR"],
    read: (text) => parseReply(text, 0),
  },
  {
    name: "CLSLab answers",
    weight: 4,
    good: ['{"ch410": 12, "ch440": 3, "_session_id": "a", "_experiment_id": "b"}'],
    read: (text) => parseAnswer(Buffer.from(text), { session: "a", experiment: "b" }),
  },
  {
    name: "replies by a link",
    weight: 3,
    good: ["answer=done", "answer=it+is+off%2C+ada", "answer=a&answer=b"],
    read: (text) => [readReply(text, undefined), readReply(text, ["done"])],
  },
  {
    name: "presence",
    weight: 3,
    good: ["online", '{"status":"online","boot":"5f3a"}'],
    read: (text) => parseStatus(Buffer.from(text)),
  },
];
