import { constants } from "node:fs";
import { access, mkdir, statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname, resolve } from "node:path";
import type { Fault } from "../../../base/fault.ts";
import { listSerialPorts } from "../../../instrument/transport/serial-ports.ts";
import { isHeld } from "../../../lab/ownership.ts";
import { openDatabase } from "../../../record/database.ts";
import { openStore } from "../../../record/store.ts";
import { EXIT } from "../exit-code.ts";
import { databaseAddress } from "../session.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

/** One thing that was looked at. */
interface Finding {
  readonly what: string;
  readonly state: "good" | "mind" | "bad";
  readonly text: string;
  readonly advice?: string;
}

const COLOURS = { good: "green", mind: "yellow", bad: "red" } as const;

/** `labloop doctor`: whether this computer is fit for a night. */
export async function doctor(options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  const address = databaseAddress(options);
  const findings = [
    node(),
    memory(),
    clock(),
    await disk(address),
    ...(await database(address)),
    ...(await serialPorts()),
  ];
  for (const finding of findings) {
    if (terminal.json) terminal.emit({ event: "finding", ...finding });
    else {
      terminal.print(
        `${terminal.paint(COLOURS[finding.state], finding.state.padEnd(4))}  ${finding.what.padEnd(12)}  ${finding.text}`,
      );
      if (finding.advice !== undefined) terminal.print(`                    → ${finding.advice}`);
    }
  }
  return findings.some(({ state }) => state === "bad") ? EXIT.badInput : EXIT.concluded;
}

/** The oldest Node.js that labloop is tested with. */
const OLDEST_NODE = [20, 19] as const;

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const good = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const text = `Node.js ${process.versions.node}`;
  return good
    ? { what: "node", state: "good", text }
    : { what: "node", state: "bad", text, advice: `install Node.js ${OLDEST_NODE.join(".")} or newer` };
}

const GIGABYTE = 2 ** 30;
/** Fits and simulations of one campaign need a fraction of it. */
const LEAST_MEMORY = GIGABYTE;

function memory(): Finding {
  const text = `${(totalmem() / GIGABYTE).toFixed(1)} GB`;
  return totalmem() >= LEAST_MEMORY
    ? { what: "memory", state: "good", text }
    : { what: "memory", state: "mind", text, advice: "close other programs while campaigns run" };
}

/** No clock that is right shows a time before this version was made. */
const EARLIEST = Date.UTC(2026, 0, 1);

function clock(): Finding {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const text = `${new Date().toISOString()}, zone ${timeZone}`;
  return Date.now() > EARLIEST
    ? { what: "clock", state: "good", text }
    : { what: "clock", state: "bad", text, advice: "set the clock of this computer" };
}

/** A night's journal takes some megabytes; spectra take more. */
const LEAST_DISK = GIGABYTE;

async function disk(address: string): Promise<Finding> {
  if (/^postgres(ql)?:/.test(address))
    return { what: "disk", state: "good", text: "the journal is on a database server" };
  const folder = dirname(resolve(address));
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const text = `${(free / GIGABYTE).toFixed(1)} GB free in ${folder}`;
    return free >= LEAST_DISK
      ? { what: "disk", state: "good", text }
      : { what: "disk", state: "mind", text, advice: "make room before a long campaign" };
  } catch (error) {
    return {
      what: "disk",
      state: "bad",
      text: `${folder} can't be written: ${(error as Error).message}`,
      advice: "choose another place with --db",
    };
  }
}

async function database(address: string): Promise<Finding[]> {
  try {
    const opened = await openDatabase(address);
    try {
      const rows = await openStore(opened).campaigns();
      const open = rows.filter((row) => row.state !== "concluded");
      const interrupted = open.filter((row) => !isHeld(row));
      const text = `${rows.length} campaigns, ${open.length - interrupted.length} running, ${interrupted.length} interrupted`;
      return [
        interrupted.length === 0
          ? { what: "database", state: "good", text }
          : {
              what: "database",
              state: "mind",
              text,
              advice: `go on with \`labloop resume ${interrupted[0]?.key}\``,
            },
      ];
    } finally {
      await opened.close();
    }
  } catch (error) {
    const { fault } = error as { fault?: Fault };
    const text = fault?.message ?? (error as Error).message;
    return [
      {
        what: "database",
        state: "bad",
        text,
        ...(fault?.advice === undefined ? {} : { advice: fault.advice }),
      },
    ];
  }
}

async function serialPorts(): Promise<Finding[]> {
  const ports = await listSerialPorts().catch(() => []);
  if (ports.length === 0)
    return [
      {
        what: "serial",
        state: "mind",
        text: "no serial port",
        advice: "plug in an adapter, if one is needed",
      },
    ];
  return Promise.all(
    ports.map(async ({ path, manufacturer }): Promise<Finding> => {
      const text = manufacturer === undefined ? path : `${path} (${manufacturer})`;
      const allowed = await access(path, constants.R_OK | constants.W_OK).then(
        () => true,
        () => false,
      );
      return allowed || process.platform === "win32"
        ? { what: "serial", state: "good", text }
        : {
            what: "serial",
            state: "bad",
            text: `${text} is not open to this user`,
            advice: `sudo usermod -aG dialout ${process.env["USER"] ?? "$USER"}, then log in again`,
          };
    }),
  );
}
