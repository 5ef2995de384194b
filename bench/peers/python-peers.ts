import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Asked, Optimiser, Space, Told } from "./optimiser.ts";

/** An optimiser in Python that is there, or why it is not. */
export type Peer =
  | { readonly kind: "present"; readonly name: string; readonly version: string }
  | { readonly kind: "absent"; readonly name: string; readonly why: string };

/** How a campaign of a peer begins. */
export interface PeerCampaign {
  readonly peer: string;
  readonly seed: number;
  readonly space: Space;
  /** BoTorch's: logarithmic expected improvement, or the one that reckons with noise. */
  readonly acquisition: "logei" | "lognei";
  readonly objectives?: number;
  /** Worst value of each objective that counts in a hypervolume. */
  readonly reference?: readonly number[];
}

/** Names of the peers that optimisers.py knows. */
export const PEERS: readonly string[] = ["optuna", "botorch"];

const script = fileURLToPath(new URL("../../../bench/peers/optimisers.py", import.meta.url));

/** The process of optimisers.py: one campaign at a time, one answer for each request. */
export class PythonPeers {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;

  constructor(python: string) {
    this.#child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.on("error", () => this.#reader.close());
    this.#reader = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  /** What can be imported. */
  async peers(): Promise<Peer[]> {
    const { peers } = await this.#request<{ peers: { name: string; version?: string; absent?: string }[] }>({
      op: "hello",
    });
    return peers.map(({ name, version, absent = "" }) =>
      version === undefined ? { kind: "absent", name, why: absent } : { kind: "present", name, version },
    );
  }

  /** Begins a campaign; the one before it is over. */
  async begin<Place>(campaign: PeerCampaign): Promise<Optimiser<Place>> {
    await this.#request({ op: "begin", objectives: 1, ...campaign });
    return {
      tell: async ({ values, ...told }: Told<Place>) => {
        await this.#request({ op: "tell", values: values ?? null, ...told });
      },
      ask: () => this.#request<Asked<Place>>({ op: "ask" }),
    };
  }

  end(): void {
    this.#child.stdin?.end();
    this.#reader.close();
  }

  async #request<Answer>(request: object): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("optimisers.py ended without an answer");
    const answer = JSON.parse(value) as Answer & { error?: string };
    if (answer.error !== undefined) throw new Error(`optimisers.py: ${answer.error}`);
    return answer;
  }
}

/** The peers in the Python that LABLOOP_BENCH_PYTHON names; each is said to be absent where there is none. */
export async function openPeers(
  wanted: readonly string[],
): Promise<{ readonly process?: PythonPeers; readonly peers: readonly Peer[] }> {
  const python = process.env["LABLOOP_BENCH_PYTHON"];
  const absent = (why: string): Peer[] => wanted.map((name) => ({ kind: "absent", name, why }));
  if (python === undefined) return { peers: absent("LABLOOP_BENCH_PYTHON names no Python") };
  const peers = new PythonPeers(python);
  try {
    return { process: peers, peers: (await peers.peers()).filter(({ name }) => wanted.includes(name)) };
  } catch (error) {
    return { peers: absent(String(error)) };
  }
}
