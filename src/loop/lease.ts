import type { Account } from "./account.ts";
import type { Command } from "./command.ts";

/** What a campaign that shares its lab with others has asked for, so that it may begin an experiment. */
export interface Lease {
  /** Leases that were asked for so far. */
  readonly asked: number;
  /** Of the latest: nothing once an experiment began with it, or it was given back unused. */
  readonly standing: "none" | "asked" | "given";
  /** Since when nothing goes on but waiting for it, milliseconds since 1970; null otherwise. */
  readonly waitsSince: number | null;
}

/** The lease of a campaign that has asked for none. */
export const NO_LEASE: Lease = { asked: 0, standing: "none", waitsSince: null };

/** What of a campaign's memory has to do with leases. */
interface Leasing {
  readonly account: Account;
  readonly performing: readonly number[];
  /** Absent where the campaign has the lab for itself. */
  readonly lease?: Lease;
}

/** Books a lease that was given; one that isn't asked for any more counts for nothing. */
export function withLease<C extends Leasing>(context: C, command: string): C {
  const { lease } = context;
  if (lease?.standing !== "asked" || command !== idOf(lease)) return context;
  return { ...context, lease: { ...lease, standing: "given" } };
}

/** Uses the lease up: an experiment has begun with it. */
export function leaseUsed<C extends Leasing>(context: C): C {
  return context.lease === undefined
    ? context
    : { ...context, lease: { ...context.lease, standing: "none" } };
}

/** Gives back a lease with which nothing is begun; one that is only asked for stays asked for. */
export function leaseUnused<C extends Leasing>(context: C): C {
  return context.lease?.standing === "given" ? leaseUsed(context) : context;
}

/** Time in which a campaign could only wait for others is no time of its budget. */
export function waitedForLease<C extends Leasing>(context: C, now: number): C {
  const { lease, account } = context;
  if (lease === undefined || lease.waitsSince === null) return context;
  const startedAt = account.startedAt + now - lease.waitsSince;
  return { ...context, account: { ...account, startedAt }, lease: { ...lease, waitsSince: null } };
}

/** Asks for a lease, unless that was done; waits for it where the campaign has nothing else under way. */
export function askLease<C extends Leasing>(
  context: C,
  experiment: number,
  now: number,
): { readonly context: C; readonly orders: readonly Command[] } {
  const { lease = NO_LEASE, performing } = context;
  const waitsSince = performing.length === 0 ? now : null;
  if (lease.standing === "asked")
    return { context: { ...context, lease: { ...lease, waitsSince } }, orders: [] };
  const asked: Lease = { asked: lease.asked + 1, standing: "asked", waitsSince };
  return {
    context: { ...context, lease: asked },
    orders: [{ kind: "lease", id: idOf(asked), experiment }],
  };
}

function idOf({ asked }: Lease): string {
  return `lease.${asked}`;
}
