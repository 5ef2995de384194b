import type { Window } from "../../campaign/window/window.ts";
import type { AlarmPriority } from "../../loop/event.ts";
import type { SecretPlace } from "../secret.ts";

/** What can be told: alarms of all or of one kind, how a campaign ended, and how things stand in the morning. */
export const OCCASIONS = ["alarm", "trip", "question", "help", "failed", "done", "morning"] as const;

/** One of {@link OCCASIONS}. */
export type Occasion = (typeof OCCASIONS)[number];

/** A way to a person. */
export type Channel =
  | { readonly kind: "email"; readonly address: string; readonly mail: MailServer }
  | { readonly kind: "ntfy"; readonly server: string; readonly topic: string; readonly token: SecretPlace }
  | { readonly kind: "webhook"; readonly url: string; readonly secret: SecretPlace };

/** The server through which mail is sent. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly user?: string;
  readonly password: SecretPlace;
  readonly encryption: "required" | "from the start" | "none";
}

/** Who is told of what. */
export interface NotifyRule {
  readonly on: ReadonlySet<Occasion>;
  readonly least: AlarmPriority;
  /** Who is told in turn: the first group at once, then the others. */
  readonly chain: readonly (readonly string[])[];
  /** Milliseconds after which it is told again; once only when absent. */
  readonly repeat?: number;
  /** How often a group is told before the next one. */
  readonly times: number;
  /** Hours in which only what is critical is told. */
  readonly quiet?: Window;
  /** Time of day of the morning's summary. */
  readonly at?: string;
}

/** Where links in messages are answered. */
export interface ReplyPolicy {
  readonly host: string;
  readonly port: number;
  /** What links begin with, without a slash at its end. */
  readonly url: string;
  /** Milliseconds for which a link can be used. */
  readonly valid: number;
}

/** Who is told of what in a lab, and how. */
export interface NotifyPolicy {
  readonly people: Readonly<Record<string, readonly Channel[]>>;
  readonly rules: readonly NotifyRule[];
  /** Messages have no links when absent. */
  readonly replies?: ReplyPolicy;
}
