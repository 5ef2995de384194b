/** The process of a watchdog: loads the lab, listens to the process that started it, and makes the instruments safe. */
import { describeFault } from "../../base/fault.ts";
import type { EventOf } from "../../loop/event.ts";
import { openDatabase } from "../../record/database.ts";
import { openStore } from "../../record/store.ts";
import type { LabDescription } from "../lab-description.ts";
import { loadLab } from "../load-campaign.ts";
import { SystemClock } from "../system-clock.ts";
import { makeLabSafe } from "./make-lab-safe.ts";
import type { FromWatchdog, Orders, ToWatchdog } from "./orders.ts";
import { LOOK, Vigil } from "./vigil.ts";

type Firing = EventOf<"watchdog.fired">;

/** Milliseconds in which a killed process is gone, unless a disk holds it. */
const GONE_WITHIN = 300;
/** Milliseconds after which a database that doesn't answer is given up. */
const RECORD_WITHIN = 10_000;

const runtime = process.ppid;
const clock = new SystemClock();
const disconnected = new Promise<void>((resolve) => {
  process.once("disconnect", () => resolve());
});

let orders: Orders | undefined;
let lab: LabDescription | undefined;
let vigil: Vigil | undefined;
const campaigns = new Set<string>();
let fired = false;

// A system that shuts down, a closed terminal and Ctrl-C end the runtime; who looks after it stays until then.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
// Nobody may be left who reads what is said.
process.stderr.on("error", () => undefined);
// A fault of one driver must not keep the other instruments from being made safe.
process.on("uncaughtException", (error) => {
  process.stderr.write(`watchdog: ${error.stack ?? error.message}\n`);
  if (!fired) process.exit(1);
});

process.on("message", (message: ToWatchdog) => {
  switch (message.kind) {
    case "orders":
      orders = message;
      void load(message);
      return;
    case "arm":
      campaigns.add(message.campaign);
      if (vigil !== undefined) return;
      vigil = new Vigil((orders as Orders).after, performance.now());
      setInterval(look, LOOK);
      return;
    case "disarm":
      campaigns.delete(message.campaign);
      return;
    case "beat":
      vigil?.hear(performance.now());
      return;
    case "goodbye":
      // What has begun to be made safe is made safe to the end.
      if (!fired) process.exit(0);
  }
});

void disconnected.then(() => {
  if (vigil === undefined) process.exit(0);
  void fire("ended");
});

async function load({ labFile, labText }: Orders): Promise<void> {
  const loading = await loadLab(labFile, async () => labText);
  if (loading.kind === "faults") {
    const [fault] = loading.faults;
    if (fault !== undefined) answer({ kind: "failed", fault });
    return;
  }
  lab = loading.lab;
  answer({ kind: "ready" });
}

function answer(message: FromWatchdog): void {
  process.send?.(message);
}

function look(): void {
  if (vigil?.isStalled(performance.now()) === true) void fire("stalled");
}

/**
 * Ends the runtime, so that it can't act later and its ports are free, makes the instruments safe, and only then tells and
 * records it: neither a terminal nor a disk that hangs may come in between.
 */
async function fire(why: Firing["why"]): Promise<void> {
  if (fired || orders === undefined || lab === undefined) return;
  fired = true;
  const at = Date.now();
  const gone = why === "ended" || (await end(runtime));
  // A process that a disk holds never runs again once it is killed: its ports can be opened beside it.
  const made = await makeLabSafe({ lab, instruments: orders.instruments, clock, beside: !gone });
  const unknown = Object.values(made.unknown);
  const firing: Firing = { type: "watchdog.fired", at, why, states: made.safe, unknown };
  tell(firing);
  await record(firing, orders.database);
  process.exit(0);
}

/** Kills a process; whether it is gone. */
async function end(pid: number): Promise<boolean> {
  // Once the runtime is gone its watchdog is the child of another process.
  if (process.ppid === pid) process.kill(pid, "SIGKILL");
  const waited = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), GONE_WITHIN);
  });
  return Promise.race([disconnected.then(() => true), waited]);
}

function tell({ why, states, unknown }: Firing): void {
  const happened =
    why === "stalled"
      ? `labloop (process ${runtime}) had stalled and was ended`
      : `labloop (process ${runtime}) ended without a goodbye`;
  const lines = [
    `\u0007watchdog: ${happened}; the instruments were made safe`,
    ...Object.entries(states).map(([name, state]) => `  ${name}: ${state}`),
    ...unknown.map((fault) => `  MAY NOT BE SAFE, go and look: ${describeFault(fault)}`),
    ...[...campaigns].map((each) => `  go on with \`labloop resume ${each}\``),
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
}

async function record(firing: Firing, address: string): Promise<void> {
  const given = setTimeout(() => {
    process.stderr.write("watchdog: the database doesn't answer; it doesn't know of this\n");
    process.exit(1);
  }, RECORD_WITHIN);
  try {
    const database = await openDatabase(address);
    for (const each of campaigns) await openStore(database).keepFiring(each, firing);
    await database.close();
  } catch (error) {
    process.stderr.write(`watchdog: this can't be written to the database: ${(error as Error).message}\n`);
  }
  clearTimeout(given);
}
