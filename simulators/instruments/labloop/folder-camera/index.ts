import { encode } from "fast-png";
import {
  type AttachContext,
  type Cancel,
  defineSimulator,
  numberSetting,
  type PicturePort,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
} from "labloop/instrument";

/** Milliseconds that the camera takes to write a file. */
const WRITING = 300;

/** A camera that takes a picture now and then, and writes it in two pieces. */
export class SimulatedCamera implements SimulatedInstrument {
  readonly #context: AttachContext<"folder">;
  readonly #port: PicturePort | undefined;
  #next: Cancel;
  #count = 0;

  constructor(context: AttachContext<"folder">) {
    this.#context = context;
    this.#port = portIfAny(context.process, "picture", context.settings["port"] as string);
    this.#take();
    this.#next = this.#schedule();
  }

  close(): void {
    this.#next();
    void this.#context.transport.close();
  }

  #schedule(): Cancel {
    const { clock, settings } = this.#context;
    return clock.at(clock.now() + (settings["interval"] as number) * 1000, () => {
      this.#take();
      this.#next = this.#schedule();
    });
  }

  #take(): void {
    const { clock, transport } = this.#context;
    const { width, height, rgb } = this.#port?.picture() ?? grey();
    const bytes = encode({ width, height, data: rgb, channels: 3, depth: 8 });
    const name = `picture-${String(this.#count++).padStart(6, "0")}.png`;
    const half = bytes.length >> 1;
    transport.put(name, bytes.subarray(0, half));
    clock.at(clock.now() + WRITING, () => transport.put(name, bytes.subarray(half)));
  }
}

function grey(): { width: number; height: number; rgb: Uint8Array } {
  return { width: 32, height: 24, rgb: new Uint8Array(32 * 24 * 3).fill(128) };
}

/** A simulated camera; it may look at a process. */
export const simulator: Simulator<"folder", SimulatedCamera> = defineSimulator({
  id: "labloop/folder-camera",
  transport: "folder",
  settings: {
    port: textSetting("picture port of the process", { default: "" }),
    interval: numberSetting("s", "time between two pictures", { minimum: 1, default: 10 }),
  },
  attach: (context) => new SimulatedCamera(context),
});
