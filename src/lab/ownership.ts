import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Fault } from "../base/fault.ts";
import type { CampaignRow, Store } from "../record/store.ts";

/** Milliseconds that a claim holds without being renewed. */
const LEASE = 15_000;
/** A third of the lease: two renewals may fail before the claim is lost. */
const RENEWAL = LEASE / 3;

/** Milliseconds that a process may take to end. */
const END_WITHIN = 2000;

/** A claim on a campaign, renewed until it is released. */
export interface Claim {
  readonly epoch: number;
  release(): Promise<void>;
}

/** A claim, or who holds the campaign. */
export type Claiming =
  | { readonly kind: "claimed"; readonly claim: Claim }
  | { readonly kind: "held"; readonly fault: Fault };

interface ProcessMark {
  readonly pid: number;
  /** When the process began, so that a reused pid isn't taken for it; "" where that can't be known. */
  readonly began: string;
}

interface Owner extends ProcessMark {
  readonly host: string;
  /** Drives the instruments when the owner no longer can. */
  readonly watchdog?: ProcessMark;
}

/**
 * Takes a campaign over, unless a living process drives it; waits for a watchdog that makes its instruments safe.
 *
 * @param watchdog - pid of the watchdog that looks after this process
 */
export async function claimCampaign(store: Store, row: CampaignRow, watchdog?: number): Promise<Claiming> {
  const fault = (await untilMadeSafe(row)) ?? (isHeld(row) ? held(row) : undefined);
  if (fault !== undefined) return { kind: "held", fault };
  const me: Owner = {
    host: hostname(),
    ...markOf(process.pid),
    ...(watchdog !== undefined && { watchdog: markOf(watchdog) }),
  };
  const epoch = await store.claim(row.key, row.epoch, JSON.stringify(me), Date.now() + LEASE);
  if (epoch === undefined) return { kind: "held", fault: held(row) };
  const renewal = setInterval(() => {
    // A failed renewal is retried by the next one; a lost claim shows at the next append, which is fenced.
    store.renew(row.key, epoch, Date.now() + LEASE).catch(() => {});
  }, RENEWAL);
  renewal.unref();
  return {
    kind: "claimed",
    claim: {
      epoch,
      release: async () => {
        clearInterval(renewal);
        await store.release(row.key, epoch);
      },
    },
  };
}

function held(row: CampaignRow): Fault {
  const owner = ownerOf(row);
  return {
    code: "campaign.held",
    message: `campaign ${row.key} is driven by another process${owner === undefined ? "" : ` (${owner.pid} on ${owner.host})`}`,
    advice: `follow it with \`labloop watch ${row.key}\`, or end it with \`labloop stop ${row.key}\``,
  };
}

/** Whether a living process drives the campaign, or its watchdog the instruments. */
export function isHeld(row: CampaignRow): boolean {
  const owner = ownerOf(row);
  if (owner === undefined) return false;
  return isDriven(row) || (owner.host === hostname() && watchdogLeftBy(owner) !== undefined);
}

/** What a campaign is at; one that no process drives is interrupted. */
export function standingOf(row: CampaignRow): string {
  return row.state === "concluded" || isHeld(row) ? row.state : "interrupted";
}

/** Whether the process that drives a campaign lives, and not only the watchdog that it left. */
export function isDriven(row: CampaignRow): boolean {
  const owner = ownerOf(row);
  if (owner === undefined) return false;
  return owner.host === hostname() ? isAlive(owner) : row.leaseUntil > Date.now();
}

/** Milliseconds; each instrument has ten seconds, and the record another ten. */
const WATCHDOG_PATIENCE = 30_000;
const WATCHDOG_LOOK = 50;

/** Waits until the watchdog of a process that is gone has made the instruments safe; what to do when it doesn't end. */
export async function untilMadeSafe(row: CampaignRow): Promise<Fault | undefined> {
  const owner = ownerOf(row);
  const watchdog = owner?.host === hostname() ? watchdogLeftBy(owner) : undefined;
  if (watchdog === undefined) return undefined;
  for (let waited = 0; waited < WATCHDOG_PATIENCE; waited += WATCHDOG_LOOK) {
    if (!isAlive(watchdog)) return undefined;
    await new Promise((resolve) => setTimeout(resolve, WATCHDOG_LOOK));
  }
  return {
    code: "campaign.being-made-safe",
    message: `the watchdog of campaign ${row.key} (process ${watchdog.pid}) is still making its instruments safe`,
    advice: `look at the bench and try again; if it never ends, end process ${watchdog.pid}`,
  };
}

function watchdogLeftBy(owner: Owner): ProcessMark | undefined {
  const { watchdog } = owner;
  return watchdog !== undefined && !isAlive(owner) && isAlive(watchdog) ? watchdog : undefined;
}

/**
 * Ends the process that drives a campaign, which doesn't answer any more.
 *
 * @returns whether it could be ended from here
 */
export async function endOwner(row: CampaignRow): Promise<boolean> {
  const owner = ownerOf(row);
  if (owner === undefined) return true;
  if (owner.host !== hostname()) return false;
  const until = Date.now() + END_WITHIN;
  while (isAlive(owner)) {
    if (Date.now() > until) return false;
    try {
      // A process that is stopped takes no other signal.
      process.kill(owner.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") return false;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  return true;
}

/** This process, so that another one can tell whether it still lives. */
export function thisProcess(): string {
  return JSON.stringify({ host: hostname(), ...markOf(process.pid) });
}

/** Whether a process that {@link thisProcess} named lives; one on another computer is taken to. */
export function livesStill(text: string): boolean {
  try {
    const owner = JSON.parse(text) as Owner;
    return owner.host !== hostname() || isAlive(owner);
  } catch {
    return false;
  }
}

function ownerOf(row: CampaignRow): Owner | undefined {
  return row.owner === null ? undefined : (JSON.parse(row.owner) as Owner);
}

function isAlive({ pid, began }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user is alive too.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const [state = "", begin = ""] = kernelStatus(pid);
  // One that ended stays as a zombie where nobody collects it.
  return state !== "Z" && (began === "" || begin === began);
}

function markOf(pid: number): ProcessMark {
  const [, began = ""] = kernelStatus(pid);
  return { pid, began };
}

/** State and begin of a process, in the kernel's letters and ticks; nothing where there is no /proc. */
function kernelStatus(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // Fields 3 and 22, counted behind the name, which may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [fields[0] ?? "", fields[19] ?? ""];
  } catch {
    return [];
  }
}
