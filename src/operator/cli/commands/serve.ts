import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isDriven, livesStill, thisProcess } from "../../../lab/ownership.ts";
import { type RunEnd, Steward } from "../../../lab/schedule/steward.ts";
import { openDatabase } from "../../../record/database.ts";
import { openSchedule, type ScheduleRow } from "../../../record/schedule.ts";
import { openStore } from "../../../record/store.ts";
import { EXIT } from "../exit-code.ts";
import { databaseAddress } from "../session.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";

/** Milliseconds between two looks at the schedule. */
const LOOK = 1000;

/** `labloop serve`: runs what is due, until it is ended; a campaign that runs then goes on by itself. */
export async function serve(options: CommonOptions & { readonly logs?: string }): Promise<number> {
  const terminal = openTerminal(options);
  const address = databaseAddress(options);
  const database = await openDatabase(address);
  const store = openStore(database);
  const beside = database.provider === "sqlite" ? dirname(resolve(address)) : ".labloop";
  const logs = resolve(options.logs ?? join(beside, "logs"));
  mkdirSync(logs, { recursive: true });
  const ended = new AbortController();
  const around = { terminal, address, logs, signal: ended.signal };
  const steward = new Steward({
    schedule: openSchedule(database),
    now: () => Date.now(),
    find: async (key) => (await store.find(key)).find((row) => row.key === key),
    isDriven,
    // It names this process, and is another one for each start.
    token: () => JSON.stringify({ ...(JSON.parse(thisProcess()) as object), start: randomUUID() }),
    livesStill,
    say: (text) => {
      terminal.say(text);
      if (terminal.json) terminal.emit({ event: "schedule", time: new Date().toISOString(), text });
    },
    start: (row, how, token) => runInProcess(around, row, how, token),
  });
  terminal.say(`serving the schedule of ${database.where}; what campaigns print goes to ${logs}`);
  const stop = (): void => ended.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    while (!ended.signal.aborted) {
      // Trouble with the database may be over at the next look.
      await steward.look().catch((error: unknown) => terminal.warn(`error: ${(error as Error).message}`));
      await pause(LOOK, ended.signal);
    }
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    await database.close();
  }
  return EXIT.concluded;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}

interface Around {
  readonly terminal: Terminal;
  readonly address: string;
  readonly logs: string;
  /** Aborts when this process is to end; what it has started goes on. */
  readonly signal: AbortSignal;
}

/** Runs a campaign in a process of its own, which outlives this one. */
function runInProcess(
  { terminal, address, logs, signal }: Around,
  { id, file, words, campaign }: ScheduleRow,
  how: "run" | "resume",
  token: string,
): Promise<RunEnd> {
  const main = process.argv[1] as string;
  const schedule = ["--resume", "auto", "--schedule", String(id), "--token", token];
  const order = how === "run" ? ["run", file, ...words, ...schedule] : ["resume", campaign ?? ""];
  const log = openSync(join(logs, `run-${id}.log`), "a");
  const child = spawn(process.execPath, [main, ...order, "--json", "--db", address], {
    stdio: ["ignore", log, log],
    // Ctrl-C at this terminal is not meant for it.
    detached: true,
  });
  closeSync(log);
  return new Promise((done) => {
    child.on("error", (error) => {
      terminal.warn(`error: ${error.message}`);
      done({ status: 1 });
    });
    child.on("exit", (status) => done({ status }));
    signal.addEventListener("abort", () => {
      child.unref();
      done({ status: null });
    });
  });
}
