import type { Fault } from "../../base/fault.ts";

/** One thing that a person is asked for. */
export interface Asked {
  readonly name: string;
  readonly description: string;
  /** Of the number; absent for a text. */
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What a person is to do or to tell. */
export interface PersonQuestion {
  /** The instrument's name in the lab file. */
  readonly instrument: string;
  readonly text: string;
  readonly asked: readonly Asked[];
  /** What the question is about, for whoever answers without reading: arguments by name. */
  readonly given: Readonly<Record<string, number | string>>;
}

/** What a person said; numbers are in the units that were asked for. */
export type PersonAnswer =
  | {
      readonly kind: "answered";
      readonly values: Readonly<Record<string, number | string>>;
      readonly note?: string;
    }
  | { readonly kind: "not answered"; readonly fault: Fault };

/** Somebody who can be asked. */
export interface Person {
  ask(question: PersonQuestion, signal: AbortSignal): Promise<PersonAnswer>;
  close(): Promise<void>;
}
