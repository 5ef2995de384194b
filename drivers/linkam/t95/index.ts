import { type Driver, defineLineDriver, fixedLength, type LineDevice, reaching } from "labloop/instrument";
import { DECLARATION, ERRORS } from "./declaration.ts";

const CR = 0x0d;
const STOPPED = 0x01;
/** First bytes of a status report. */
const STATES: ReadonlySet<number> = new Set([STOPPED, 0x10, 0x20, 0x30, 0x40, 0x50]);
/** Bytes of a status report with its end. */
const REPORT = 11;
/** Longest of all other answers, which mean no more than that something came. */
const LINE = 64;
/** Milliseconds that the controller needs after its port was opened. */
const WAKING = 500;
/** K that the stage may be away from its limit. */
const NEAR = 0.3;

interface Report {
  readonly state: number;
  /** degC */
  readonly temperature: number;
}

/**
 * Linkam T92 to T95. Commands are acknowledged without saying whether they were obeyed, so that only the report of `T`
 * counts. The first command after power-up has to be `T`.
 */
export const driver: Driver<"serial"> = defineLineDriver({
  declaration: DECLARATION,
  framing: () => ({
    decoder: fixedLength(lengthOf, (message) => message.at(-1) === CR),
    end: "\r",
    timeout: 500,
    strangers: 5,
    resynchronise: { send: "T\r", answer: reportIn },
  }),
  open: async (opening) => {
    await opening.rest(WAKING);
    let last = await report(opening, 3);
    const look = async (device: LineDevice<Uint8Array>): Promise<Report> => {
      last = await report(device);
      return last;
    };
    const stop = async (device: LineDevice<Uint8Array>): Promise<undefined> => {
      await command(device, "E");
      await device.until(async () => ((await look(device)).state === STOPPED ? true : undefined), {
        every: 200,
        within: 2000,
        what: "stopping",
      });
    };
    return {
      identity: { model: "Linkam T95 family" },
      read: { temperature: async (device) => (await look(device)).temperature },
      actions: {
        ramp: reaching({
          value: "temperature",
          unit: "degC",
          takes: ({ temperature, rate }) =>
            (Math.abs((temperature as number) - last.temperature) / (rate as number)) * 60_000 + 10_000,
          set: async (device, wanted, { rate }) => {
            await command(device, `R1${Math.round((rate as number) * 100)}`);
            await command(device, `L1${Math.round(wanted * 10)}`);
            await command(device, "S");
            if ((await look(device)).state === STOPPED)
              device.notSet("it doesn't start", "check the stage and the controller's panel");
          },
          read: async (device) => {
            const { state, temperature } = await look(device);
            if (state === STOPPED)
              device.fail("instrument.stopped-early", "it stopped", "find out who stopped it");
            return temperature;
          },
          near: () => NEAR,
          every: 500,
          within: 60_000,
          slowest: ({ rate }) => (rate as number) / 1.5,
        }),
        hold: async (device) => {
          await command(device, "O");
          if ((await look(device)).state === STOPPED)
            device.notSet("it holds nothing, since it is stopped", "ramp to a temperature first");
        },
        stop,
      },
      check: async (device) => void (await look(device)),
      safe: async (device) => {
        await stop(device);
        return { state: "stopped", temperature: last.temperature };
      },
    };
  },
});

/** Bytes of the message that begins so; 0 when none does. */
function lengthOf(start: Uint8Array): number | undefined {
  if (STATES.has(start[0] as number)) return REPORT;
  const end = start.indexOf(CR);
  if (end >= 0) return end + 1;
  return start.length > LINE ? 0 : undefined;
}

/** Reads state, error, pump, status, two spare bytes and four hexadecimal digits of a tenth of a degree. */
function reportIn(message: Uint8Array): (Report & { readonly errors: number }) | undefined {
  const [state = 0, errors = 0] = message;
  const digits = String.fromCharCode(...message.subarray(6, 10));
  if (message.length !== REPORT || (errors & 0x80) === 0 || !/^[\da-fA-F]{4}$/.test(digits)) return undefined;
  const tenths = Number.parseInt(digits, 16);
  return { state, errors: errors & 0x7f, temperature: (tenths >= 0x8000 ? tenths - 0x10000 : tenths) / 10 };
}

/** The report; ends with a fault when it tells an error. */
async function report(device: LineDevice<Uint8Array>, attempts = 2): Promise<Report> {
  const found = await device.ask("T", reportIn, { attempts });
  const words = ERRORS.filter(([bit]) => (found.errors & bit) !== 0).map(([, text]) => text);
  if (words.length > 0)
    device.alarmed(words.join("; "), "check the stage's cable and cooling, then switch it off and on");
  return found;
}

/** Any short line acknowledges. */
async function command(device: LineDevice<Uint8Array>, text: string): Promise<void> {
  await device.ask(text, (message) => (message.length < REPORT ? true : undefined));
}
