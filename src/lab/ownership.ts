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

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, so that a reused pid isn't taken for it; "" where that can't be known. */
  readonly began: string;
}

/** Takes a campaign over, unless a living process drives it. */
export async function claimCampaign(store: Store, row: CampaignRow): Promise<Claiming> {
  if (isHeld(row)) return { kind: "held", fault: held(row) };
  const me: Owner = { host: hostname(), pid: process.pid, began: statusOf(process.pid).began };
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

/** Whether a living process drives the campaign. */
export function isHeld(row: CampaignRow): boolean {
  const owner = ownerOf(row);
  if (owner === undefined) return false;
  if (owner.host === hostname()) return isAlive(owner);
  return row.leaseUntil > Date.now();
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

function ownerOf(row: CampaignRow): Owner | undefined {
  return row.owner === null ? undefined : (JSON.parse(row.owner) as Owner);
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // A process of another user is alive too.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const { began, state } = statusOf(owner.pid);
  // What has ended and waits to be reaped does nothing any more.
  return state !== "Z" && (owner.began === "" || began === owner.began);
}

/** When a process began, in the kernel's ticks, and its state; "" where there is no /proc. */
function statusOf(pid: number): { readonly began: string; readonly state: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // Fields 3 and 22, counted behind the name, which may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { began: fields[19] ?? "", state: fields[0] ?? "" };
  } catch {
    return { began: "", state: "" };
  }
}
