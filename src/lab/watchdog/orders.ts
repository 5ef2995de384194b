import type { Fault } from "../../base/fault.ts";

/** What a watchdog must know before the campaign begins. */
export interface Orders {
  readonly kind: "orders";
  readonly labFile: string;
  /** The lab file as the campaign runs with it. */
  readonly labText: string;
  /** Names of the instruments that the campaign uses. */
  readonly instruments: readonly string[];
  /** Milliseconds of silence that are a stall. */
  readonly after: number;
  /** Of the database; it may hold a password. */
  readonly database: string;
}

/** What the process of a campaign tells its watchdog. */
export type ToWatchdog =
  | Orders
  /** From here on a silence or the end of the process makes the instruments safe. */
  | { readonly kind: "arm"; readonly campaign: string }
  /** One of several campaigns is over. */
  | { readonly kind: "disarm"; readonly campaign: string }
  | { readonly kind: "beat" }
  /** The process ends in an orderly way. */
  | { readonly kind: "goodbye" };

/** What a watchdog answers to its orders. */
export type FromWatchdog = { readonly kind: "ready" } | { readonly kind: "failed"; readonly fault: Fault };
