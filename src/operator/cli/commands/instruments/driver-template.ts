/** Names of a driver that is to be written. */
export interface DriverNames {
  readonly vendor: string;
  readonly model: string;
}

/** A language of the files: TypeScript inside a checkout of labloop, plain modules elsewhere. */
export type Language = "typescript" | "javascript";

/** The driver: an imaginary heater that speaks lines of text. */
export function driverText({ vendor, model }: DriverNames, language: Language): string {
  const ts = only(language);
  return `import {
  ${ts("type Driver,\n  ")}declare,
  defineLineDriver,
  delimited,
  endState,
  numberText,
  parseNumber,
  readable,
  settable,
} from "labloop/instrument";
${language === "javascript" ? '\nexport { simulator } from "./twin.mjs";\n' : ""}
const DECLARATION = declare({
  id: "${vendor}/${model}",
  title: "${vendor} ${model}",
  manual: "name and revision of the manual",
  verified: "emulator only"${ts(" as const")},
  transport: "serial"${ts(" as const")},
  line: { baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 },
  settings: {},
  properties: {
    temperature: readable("degC", "the temperature at this moment"),
    setpoint: settable("degC", "the temperature to hold", { minimum: 0, maximum: 100, resolution: 0.1 }),
  },
  actions: {
    start: endState("heats towards the setpoint"),
    stop: endState("doesn't heat"),
  },
  alarms: {},
});

/** Say here what the instrument is, and which section of the manual tells its commands. */
export const driver${ts(': Driver<"serial">')} = defineLineDriver({
  declaration: DECLARATION,
  framing: () => ({
    decoder: delimited({ end: 0x0a, drop: 0x0d }),
    end: "\\r\\n",
    timeout: 1000,
    strangers: 5,
    // A question whose answer is known, asked after an answer did not come.
    resynchronise: { send: "ID?\\r\\n", answer: (line) => (line.startsWith("ID ") ? line.slice(3) : undefined) },
  }),
  open: async (opening) => {
    const id = await opening.ask("ID?", (line) => (line.startsWith("ID ") ? line.slice(3) : undefined));
    if (!id.startsWith("${model.toUpperCase()}"))
      opening.fail("instrument.other-instrument", \`"\${id}" answers\`, "check which instrument is on this line");
    // An answer begins with its command, so that a late one is never taken for the next.
    const ask = (device${ts(": typeof opening")}, name${ts(": string")})${ts(": Promise<string>")} =>
      device.ask(\`\${name}?\`, (line) => (line.startsWith(\`\${name} \`) ? line.slice(name.length + 1) : undefined));
    const number = async (device${ts(": typeof opening")}, name${ts(": string")})${ts(": Promise<number>")} => {
      const text = await ask(device, name);
      return parseNumber(text) ?? device.unreadable(name, text);
    };
    const switchTo = async (device${ts(": typeof opening")}, on${ts(": 0 | 1")})${ts(": Promise<undefined>")} => {
      device.begin();
      await device.tell(\`ON \${on}\`, { pause: 50 });
      device.confirm("the heater", await number(device, "ON"), { wanted: on, near: 0 });
    };
    return {
      identity: { model: id },
      read: {
        temperature: (device) => number(device, "T"),
        setpoint: (device) => number(device, "SP"),
      },
      set: { setpoint: (device, value) => device.tell(\`SP \${numberText(value, 1)}\`, { pause: 50 }) },
      actions: {
        start: (device) => switchTo(device, 1),
        stop: (device) => switchTo(device, 0),
      },
      check: async (device) => void (await number(device, "T")),
      safe: async (device) => {
        await switchTo(device, 0);
        return { heater: "off" };
      },
    };
  },
});
`;
}

/** The same instrument, simulated. */
export function twinText({ vendor, model }: DriverNames, language: Language): string {
  const ts = only(language);
  return `import {
  answering,
  ${ts("type AttachContext,\n  ")}defineSimulator,
  delimited,
  numberSetting,${ts("\n  type SimulatedInstrument,\n  type Simulator,")}
} from "labloop/instrument";

/** Time constant of the heater in ms. */
const SETTLING = 20_000;

/** The instrument at the other end of the line. */
export class Simulated${pascal(model)}${ts(" implements SimulatedInstrument")} {
  ${ts("readonly ")}#context${ts(': AttachContext<"serial">')};
  #setpoint = 20;
  #on = false;
  #from${ts(": { temperature: number; at: number }")};

  constructor(context${ts(': AttachContext<"serial">')}) {
    this.#context = context;
    this.#from = { temperature: this.#ambient(), at: context.clock.now() };
    answering(context.transport, delimited({ end: 0x0a, drop: 0x0d }), (line) => {
      const answer = this.#answer(line);
      return answer === undefined ? undefined : \`\${answer}\\r\\n\`;
    });
  }

  close()${ts(": void")} {
    void this.#context.transport.close();
  }

  #ambient()${ts(": number")} {
    return this.#context.settings${ts('["ambient"] as number')}${language === "javascript" ? ".ambient" : ""};
  }

  #temperature()${ts(": number")} {
    const goal = this.#on ? this.#setpoint : this.#ambient();
    const { temperature, at } = this.#from;
    return goal + (temperature - goal) * Math.exp(-(this.#context.clock.now() - at) / SETTLING);
  }

  /** From here on the temperature goes another way. */
  #turn(change${ts(": () => void")})${ts(": undefined")} {
    this.#from = { temperature: this.#temperature(), at: this.#context.clock.now() };
    change();
  }

  #answer(line${ts(": string")})${ts(": string | undefined")} {
    const [, command, value] = /^(ID|T|SP|ON)(?:\\?| ([-\\d.]+))$/.exec(line) ?? [];
    if (value !== undefined)
      return this.#turn(() => {
        if (command === "SP") this.#setpoint = Number(value);
        if (command === "ON") this.#on = value === "1";
      });
    switch (command) {
      case "ID":
        return "ID ${model.toUpperCase()} 1.0";
      case "T":
        return \`T \${this.#temperature().toFixed(1)}\`;
      case "SP":
        return \`SP \${this.#setpoint.toFixed(1)}\`;
      case "ON":
        return \`ON \${this.#on ? 1 : 0}\`;
      default:
        return undefined;
    }
  }
}

/** A simulated ${vendor} ${model}. */
export const simulator${ts(`: Simulator<"serial", Simulated${pascal(model)}>`)} = defineSimulator({
  id: "${vendor}/${model}",
  transport: "serial",
  settings: { ambient: numberSetting("degC", "temperature of the room", { default: 22 }) },
  attach: (context) => new Simulated${pascal(model)}(context),
});
`;
}

/** What the contract of all instruments is tried with, as labloop keeps it for its own drivers. */
export function subjectText({ vendor, model }: DriverNames): string {
  return `import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/${vendor}/${model}/index.ts";
import { simulator } from "../../../simulators/instruments/${vendor}/${model}/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: {},
  twin: {},
  examples: ${EXAMPLES},
};
`;
}

/** The contract as tests of Node's own runner. */
export function testText(): string {
  return `import { test } from "node:test";
import { instrumentContract, oversOf } from "labloop/instrument/testing";
import { driver, simulator } from "./index.mjs";

const description = {
  driver,
  simulator,
  settings: {},
  twin: {},
  examples: ${EXAMPLES},
};

for (const over of oversOf(description))
  for (const kept of instrumentContract(description, over)) test(\`\${kept.name}, over \${over}\`, () => kept.run());
`;
}

const EXAMPLES = `{ read: {}, "set-setpoint": { setpoint: 40 }, start: {}, stop: {} }`;

function only(language: Language): (text: string) => string {
  return (text) => (language === "typescript" ? text : "");
}

function pascal(name: string): string {
  return name
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}
