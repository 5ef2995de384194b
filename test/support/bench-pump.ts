import { createServer, connect as dial, type Socket } from "node:net";
import { simulator } from "../../simulators/instruments/new-era/ne-1000/index.ts";
import { emulateOverTcp, readSettings, type SimulatedProcess } from "../../src/instrument/index.ts";
import { SystemClock } from "../../src/lab/system-clock.ts";

/** When a connection is watched: before the pump gets the n-th order to run, or after it has acknowledged it. */
export interface KillMoment {
  readonly moment: "before" | "after";
  readonly number: number;
  kill(): void;
}

/** A simulated pump that lives in this process, with what it really did. */
export interface BenchPump {
  readonly port: number;
  /** Microlitres that flowed, one entry for each time that the motor ran. */
  doses(): readonly number[];
  /** Settles when the motor runs, or stands, from now on or already; with the moment on the clock of `performance`. */
  until(motor: "runs" | "stands"): Promise<number>;
  /** How often the pump was told to run. */
  orders(): number;
  /** It is switched off and on, and remembers nothing. */
  losePower(): void;
  /** Ends whoever drives the pump at a moment. */
  watch(moment: KillMoment): void;
  close(): Promise<void>;
}

/** What counts as a dose that was not begun, mL. */
const NOTHING = 1e-9;

/** Starts a pump that answers at a port of this computer, through a relay that sees every byte. */
export async function benchPump(): Promise<BenchPump> {
  const clock = new SystemClock();
  const doses: number[] = [];
  let [rate, since] = [0, clock.now()];
  const waiting = new Set<() => void>();
  const process: SimulatedProcess = {
    ports: {
      vial: {
        kind: "flow",
        setFlow: (flow: number) => {
          const moved = (rate * (clock.now() - since)) / 1000;
          if (moved > NOTHING) doses.push(1000 * moved);
          [rate, since] = [flow, clock.now()];
          for (const look of waiting) look();
        },
        volume: () => doses.reduce((sum, dose) => sum + dose, 0) / 1000,
      },
    },
    facts: () => [],
  };
  const read = readSettings("pump", simulator.settings, { port: "vial", supply: "endless" });
  if (read.kind === "refused") throw new Error("the pump's settings are refused");
  const emulation = await emulateOverTcp(
    { name: "pump", clock, seed: 1, simulator, settings: read.settings, process },
    0,
  );
  const state = { orders: 0, watched: undefined as KillMoment | undefined };
  const relay = createServer((client) => pass(client, emulation.port, state));
  await new Promise<void>((resolve) => {
    relay.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (relay.address() as { port: number }).port,
    doses: () => doses,
    until: (motor) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (rate > 0 !== (motor === "runs")) return;
          waiting.delete(look);
          resolve(performance.now());
        };
        waiting.add(look);
        look();
      }),
    orders: () => state.orders,
    losePower: () => emulation.twin.powerCycle?.(),
    watch: (moment) => {
      state.watched = { ...moment, number: state.orders + moment.number };
    },
    close: async () => {
      relay.close();
      await emulation.close();
    },
  };
}

interface Relayed {
  orders: number;
  watched: KillMoment | undefined;
}

function pass(client: Socket, port: number, state: Relayed): void {
  const pump = dial(port, "127.0.0.1");
  let answering: KillMoment | undefined;
  client.on("data", (bytes) => {
    if (bytes.toString("latin1").includes("RUN")) {
      const { watched } = state;
      const isDue = watched !== undefined && watched.number === state.orders + 1;
      if (isDue && watched.moment === "before") {
        state.watched = undefined;
        watched.kill();
        return;
      }
      state.orders += 1;
      if (isDue) answering = watched;
    }
    pump.write(bytes);
  });
  pump.on("data", (bytes) => {
    if (answering === undefined) client.write(bytes);
    else {
      state.watched = undefined;
      answering.kill();
      answering = undefined;
    }
  });
  for (const [one, other] of [
    [client, pump],
    [pump, client],
  ] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
}
