import {
  openMemoryBroker,
  openSimulation,
  parseStatus,
  randomStream,
  readSettings,
  sleep,
  type TopicClient,
  VirtualClock,
  WELL_BEHAVED,
} from "labloop/instrument";
import {
  type SimulatedNode,
  simulator,
} from "../../simulators/instruments/sparks-baird/clslab-light/index.ts";
import { process } from "../../simulators/processes/colour-mixing/index.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Milliseconds within which the node has measured and answered. */
const ANSWERED = 3000;

/** The node of a colour sensor by itself, and a client of its broker. */
export interface TwinNode {
  readonly twin: SimulatedNode;
  readonly clock: VirtualClock;
  readonly topics: TopicClient;
  /** Publishes commands; gives the results that came within so many milliseconds, 3000 when absent. */
  say(commands: readonly string[], options?: { retain?: boolean; within?: number }): Promise<string[]>;
  /** What its status topic told since it was asked last, with the boot. */
  told(): string[];
  close(): Promise<void>;
}

/** Attaches the node to a broker in memory. */
export async function twinNode(
  between: (topics: TopicClient, clock: VirtualClock) => TopicClient = (topics) => topics,
): Promise<TwinNode> {
  const clock = new VirtualClock(0, turn);
  const broker = await openMemoryBroker(clock);
  const opened = openSimulation({ clock, seed: 1, process, settings: {} });
  const read = readSettings("node", simulator.settings, { node: "n1", status: "s" });
  if (opened.kind === "refused" || read.kind === "refused") throw new Error("the twin's settings are wrong");
  const topics = between(await broker.connect("client", { protocolVersion: 5 }), clock);
  const results: string[] = [];
  let statuses: string[] = [];
  await topics.subscribe("sdl-demo/picow/n1/as7341/", ({ payload }) => {
    results.push(new TextDecoder().decode(payload));
  });
  await topics.subscribe("s", ({ payload }) => {
    const status = parseStatus(payload);
    statuses.push(`${status?.status} ${status?.boot}`);
  });
  const twin = await simulator.attach({
    name: "node",
    clock,
    random: (purpose) => randomStream(1, 0, purpose),
    settings: read.settings,
    process: opened.simulation.process,
    misbehaviour: WELL_BEHAVED,
    transport: { connect: (options) => broker.connect("node", { protocolVersion: 5, ...options }) },
  });
  await sleep(clock, 10);
  return {
    twin,
    clock,
    topics,
    async say(commands, { retain = false, within = ANSWERED } = {}) {
      for (const command of commands)
        await topics.publish("sdl-demo/picow/n1/GPIO/28", command, { qos: 2, retain });
      await sleep(clock, within);
      return results.splice(0);
    },
    told: () => {
      const all = statuses;
      statuses = [];
      return all;
    },
    async close() {
      twin.close();
      await broker.close();
    },
  };
}
