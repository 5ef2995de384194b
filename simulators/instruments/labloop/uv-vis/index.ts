import {
  type AttachContext,
  defineSimulator,
  type LightPort,
  portIfAny,
  type Random,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
  toBytes,
} from "labloop/instrument";
import { ScpiCommands } from "../../parts/scpi-commands.ts";

/** nm */
const FIRST = 200;
const STEP = 2;
const POINTS = 451;
/** Counts in the dark, and their standard deviation. */
const DARK = 120;
const READ_NOISE = 8;
const FULL = 65535;
/** Counts per millisecond at the lamp's brightest. */
const BRIGHT = 800;

/** A spectrometer with lamp and shutter at the other end of the line. */
export class SimulatedSpectrometer implements SimulatedInstrument {
  /** Whether light falls through. */
  open = false;
  readonly #line: AttachContext<"tcp">["transport"];
  readonly #random: Random;
  readonly #port: LightPort | undefined;
  readonly #commands: ScpiCommands;
  #integration = 50;
  #averages = 1;

  constructor({ clock, settings, process, transport, random }: AttachContext<"tcp">) {
    this.#line = transport;
    this.#random = random("spectrometer");
    this.#port = portIfAny(process, "light", settings["port"] as string);
    const number =
      (low: number, high: number, use: (value: number) => void) =>
      ([text]: readonly string[]) => {
        if (text === undefined) return -109;
        const value = Number(text);
        if (!(value >= low && value <= high)) return -222;
        use(value);
        return undefined;
      };
    this.#commands = new ScpiCommands(transport, {
      clock,
      identity: "LABLOOP,UV-VIS 451,0042,1.0",
      reset: () => this.#reset(),
      handlers: {
        "SENSe:INTegration": number(1, 10_000, (value) => {
          this.#integration = value;
        }),
        "SENSe:AVERage": number(1, 1000, (value) => {
          this.#averages = value;
        }),
        "LAMP:SHUTter": number(0, 1, (value) => {
          this.open = value === 1;
        }),
        "LAMP:SHUTter?": () => (this.open ? "1" : "0"),
        "CALibrate:WAVelength?": () => block(Array.from({ length: POINTS }, (_, i) => FIRST + STEP * i)),
        "READ:SPECtrum?": () => {
          this.#commands.later(this.#integration * this.#averages, () => block(this.#spectrum()));
          return undefined;
        },
      },
    });
  }

  /** Switches it off and on. */
  powerCycle(): void {
    this.#reset();
    this.#integration = 50;
    this.#averages = 1;
    this.#commands.powerOn();
  }

  close(): void {
    void this.#line.close();
  }

  #reset(): void {
    this.open = false;
  }

  #spectrum(): number[] {
    return Array.from({ length: POINTS }, (_, i) => {
      const wavelength = FIRST + STEP * i;
      const light = this.open ? lamp(wavelength) * (this.#port?.transmittance(wavelength) ?? 1) : 0;
      const counts = DARK + BRIGHT * this.#integration * light;
      const noise = Math.hypot(READ_NOISE, Math.sqrt(counts) / 4) / Math.sqrt(this.#averages);
      return Math.max(0, Math.min(FULL, counts + noise * this.#random.normal()));
    });
  }
}

/** A deuterium lamp below 350 nm and a halogen lamp above, relative to the brightest. */
function lamp(wavelength: number): number {
  const uv = 0.6 * Math.exp(-(((wavelength - 230) / 60) ** 2));
  const visible = Math.exp(-(((wavelength - 650) / 260) ** 2));
  return Math.min(1, uv + visible);
}

function block(values: readonly number[]): Uint8Array {
  const data = new DataView(new ArrayBuffer(4 * values.length));
  for (const [i, value] of values.entries()) data.setFloat32(4 * i, value);
  const length = String(data.byteLength);
  return Uint8Array.of(...toBytes(`#${length.length}${length}`), ...new Uint8Array(data.buffer), 0x0a);
}

/** A simulated UV-vis spectrometer; it may look through a process. */
export const simulator: Simulator<"tcp", SimulatedSpectrometer> = defineSimulator({
  id: "labloop/uv-vis",
  transport: "tcp",
  settings: {
    port: textSetting("light port of the process that it looks through", { default: "" }),
  },
  troubles: ["power"],
  attach: (context) => new SimulatedSpectrometer(context),
});
