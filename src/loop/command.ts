import type { Setting } from "../hypothesis/parameter.ts";
import type { Effect } from "./plan.ts";
import type { QuestionTerms } from "./question-terms.ts";

/** An effect that a machine asks for, as data; its result is an event that names `id`. */
export type Command =
  | { readonly kind: "decide"; readonly id: string; readonly decision: number; readonly count: number }
  | { readonly kind: "review"; readonly id: string; readonly experiment: number; readonly setting: Setting }
  | PerformCommand
  | {
      readonly kind: "wait";
      readonly id: string;
      readonly experiment: number;
      /** Milliseconds since 1970, on the campaign's clock. */
      readonly until: number;
    }
  | {
      readonly kind: "ask";
      readonly id: string;
      readonly experiment: number;
      readonly text: string;
      readonly confirm: boolean;
      readonly terms?: QuestionTerms;
    }
  /** Waits until the campaign may use its instruments for one more experiment, in a lab that it shares with others. */
  | { readonly kind: "lease"; readonly id: string; readonly experiment: number }
  /** Waits for a span in which actions may happen. */
  | { readonly kind: "open"; readonly id: string; readonly least: number }
  /** Waits for the moment at which what runs is discarded, or everything is to be safe. */
  | { readonly kind: "close"; readonly id: string; readonly at: number; readonly ends: "experiments" | "all" }
  /** Waits for the moment at which a step that was put off on purpose may begin. */
  | { readonly kind: "look"; readonly id: string; readonly at: number }
  /** Brings every instrument to its safe state until the next window. */
  | { readonly kind: "rest"; readonly id: string }
  | { readonly kind: "measure"; readonly id: string; readonly experiment: number }
  | { readonly kind: "update"; readonly id: string; readonly experiment: number }
  /** Brings every instrument to its safe state; `urgent` doesn't wait for what is running. */
  | {
      readonly kind: "park";
      readonly id: string;
      readonly urgent: boolean;
      /** What is carried out before. */
      readonly procedure?: string;
    }
  | { readonly kind: "conclude"; readonly id: string };

/** One command to one instrument. */
export interface PerformCommand {
  readonly kind: "perform";
  readonly id: string;
  readonly experiment: number;
  readonly role: string;
  readonly action: string;
  readonly arguments: Readonly<Record<string, number | string>>;
  readonly effect: Effect;
  /** Deadline in milliseconds. */
  readonly within: number;
}

/** Whether a command may be given again, so that it need not be durable before it starts. */
export function mayRepeat(command: Command): boolean {
  return command.kind !== "perform" || command.effect !== "once";
}
