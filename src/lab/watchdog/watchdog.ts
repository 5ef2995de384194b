import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Fault } from "../../base/fault.ts";
import type { FromWatchdog, Orders, ToWatchdog } from "./orders.ts";

/** A process that makes the instruments safe when this one no longer can. */
export interface Watchdog {
  /** Undefined when it couldn't be started. */
  readonly pid: number | undefined;
  /** Settles when it has loaded the lab; why it can't watch. */
  readonly ready: Promise<Fault | undefined>;
  /** From here on a stall or the end of this process makes the instruments safe; each campaign on the lab is told of it. */
  arm(campaign: string): void;
  /** One of several campaigns is over. */
  disarm(campaign: string): void;
  /** Ends it; nothing is made safe. */
  dismiss(): Promise<void>;
}

/** Most milliseconds between two beats. */
const BEAT = 200;
/** Beats that may be missed before the silence is a stall. */
const MISSES = 5;
/** Milliseconds; loading the drivers of a lab takes one second on a slow computer. */
const READY_WITHIN = 30_000;
/** Milliseconds that a watchdog gets to end by itself. */
const LEAVE_WITHIN = 2000;

/**
 * Starts a watchdog. It has a session of its own, so that Ctrl-C and a closed terminal don't end it.
 *
 * @param note - is told when the watchdog ends without being dismissed
 */
export function postWatchdog(orders: Omit<Orders, "kind">, note: (text: string) => void): Watchdog {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./guard.js", import.meta.url))], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const tell = teller(child);
  let beats: NodeJS.Timeout | undefined;
  let dismissed = false;
  void ended.then(() => {
    clearInterval(beats);
    if (!dismissed && beats !== undefined)
      note("THE WATCHDOG HAS ENDED: if labloop stalls now, the instruments stay as they are");
  });
  const ready = readiness(child, ended);
  tell({ kind: "orders", ...orders });
  return {
    pid: child.pid,
    ready: ready.finally(() => {
      child.unref();
      child.channel?.unref();
    }),
    arm: (campaign) => {
      tell({ kind: "arm", campaign });
      beats ??= setInterval(() => tell({ kind: "beat" }), Math.min(BEAT, orders.after / MISSES));
      beats.unref();
    },
    disarm: (campaign) => tell({ kind: "disarm", campaign }),
    dismiss: async () => {
      dismissed = true;
      clearInterval(beats);
      child.ref();
      tell({ kind: "goodbye" });
      const kill = setTimeout(() => child.kill("SIGKILL"), LEAVE_WITHIN);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** Sends messages; a beat that finds another one unsent is left out, so that a watchdog that reads nothing costs no memory. */
function teller(child: ChildProcess): (message: ToWatchdog) => void {
  let unsent = 0;
  return (message) => {
    if (!child.connected || (message.kind === "beat" && unsent > 0)) return;
    unsent += 1;
    child.send(message, () => {
      unsent -= 1;
    });
  };
}

function readiness(child: ChildProcess, ended: Promise<void>): Promise<Fault | undefined> {
  const failed = (why: string): Fault => ({
    code: "lab.no-watchdog",
    message: `the watchdog of the lab can't be started: ${why}`,
    advice: "mend that, or write `watchdog: off` into the lab file to go without",
  });
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(failed("it was not ready in time")), READY_WITHIN);
    child.once("error", (error) => resolve(failed(error.message)));
    child.once("message", (answer: FromWatchdog) => {
      clearTimeout(late);
      resolve(answer.kind === "ready" ? undefined : failed(answer.fault.message));
    });
    void ended.then(() => {
      clearTimeout(late);
      resolve(failed("it ended at once"));
    });
  });
}
