import type { ExperimentContext } from "../experiment-machine.ts";
import type { Instruction, Plan } from "../plan.ts";
import type { ProcedureState, Turn } from "../procedure-state.ts";
import { blockNeeds } from "./block-needs.ts";
import { canAllFinish, type Holder } from "./can-all-finish.ts";
import { instrumentOf, resourceIndex, type Sharing } from "./sharing.ts";

/** What an experiment holds, by resource. */
type Held = ProcedureState["held"];

/** What experiments hold and use at this moment, worked out from where they stand. */
export class Reservations {
  readonly #plan: Plan;
  readonly #sharing: Sharing;
  /** Of each resource, how many are held or used. */
  readonly #taken: number[];
  /** Numbers that are held, by resource. */
  readonly #places = new Map<string, Set<number>>();
  readonly #holders = new Map<number, Holder>();
  /** Experiments and instruments of actions under way, such as "3 pump". */
  readonly #acting = new Set<string>();

  constructor(plan: Plan, sharing: Sharing, underWay: readonly ExperimentContext[]) {
    this.#plan = plan;
    this.#sharing = sharing;
    this.#taken = sharing.resources.map(() => 0);
    for (const { number, procedure } of underWay) this.#count(number, procedure);
  }

  /** Reserves what an experiment needs for the instruction at a place; undefined where that isn't there, or others could be locked out. */
  reserve(experiment: number, held: Held, at: number): Turn | undefined {
    const needs = this.#needsOf(experiment, held, at);
    if (needs === undefined) return undefined;
    for (const name of needs.names) this.#taken[this.#at(name)] = this.#takenOf(name) + 1;
    if (needs.acting !== undefined) this.#acting.add(needs.acting);
    if (needs.holder === undefined) return {};
    this.#holders.set(experiment, needs.holder);
    return Object.fromEntries(needs.names.map((name) => [name, this.#placeOf(name)]));
  }

  /** Whether it could have that. */
  couldReserve(experiment: number, held: Held, at: number): boolean {
    return this.#needsOf(experiment, held, at) !== undefined;
  }

  #needsOf(
    experiment: number,
    held: Held,
    at: number,
  ): { readonly names: readonly string[]; readonly holder?: Holder; readonly acting?: string } | undefined {
    const instruction = this.#plan[at];
    const names = this.#namesIn(instruction).filter((name) => held?.[name] === undefined);
    const there = names.every((name) => this.#takenOf(name) < this.#capacity(name));
    if (!there) return undefined;
    if (instruction?.kind === "action") {
      // Its branches don't use what an experiment holds at the same time: one of them may give it back meanwhile.
      const acting = `${experiment} ${this.#instrument(instruction.step.role)}`;
      return this.#acting.has(acting) ? undefined : { names, acting };
    }
    if (instruction?.kind !== "take") return { names };
    const before = this.#holders.get(experiment) ?? { holds: [], mayNeed: [] };
    const holder = {
      holds: [...before.holds, ...names.map((name) => this.#at(name))],
      mayNeed: [...before.mayNeed, ...this.#mayNeed(at)],
    };
    const all = [
      ...[...this.#holders].filter(([number]) => number !== experiment).map(([, each]) => each),
      holder,
    ];
    const capacities = this.#sharing.resources.map(({ places }) => places.length);
    return canAllFinish(all, capacities) ? { names, holder } : undefined;
  }

  #namesIn(instruction: Instruction | undefined): readonly string[] {
    if (instruction?.kind === "take") return instruction.resources.map(({ name }) => name);
    return instruction?.kind === "action" ? [this.#instrument(instruction.step.role)] : [];
  }

  #instrument(role: string): string {
    return instrumentOf(this.#sharing, role);
  }

  #count(experiment: number, { held = {}, threads }: ProcedureState): void {
    const names = Object.keys(held);
    for (const [name, { place }] of Object.entries(held)) {
      this.#taken[this.#at(name)] = this.#takenOf(name) + 1;
      this.#places.set(name, new Set([...(this.#places.get(name) ?? []), place]));
    }
    if (names.length > 0)
      this.#holders.set(experiment, {
        holds: names.map((name) => this.#at(name)),
        mayNeed: Object.values(held).flatMap(({ at }) => this.#mayNeed(at)),
      });
    for (const { at, waiting } of threads) {
      const instruction = waiting.kind === "command" ? this.#plan[at] : undefined;
      if (instruction?.kind !== "action") continue;
      const name = this.#instrument(instruction.step.role);
      this.#acting.add(`${experiment} ${name}`);
      if (held[name] === undefined) this.#taken[this.#at(name)] = this.#takenOf(name) + 1;
    }
  }

  #mayNeed(take: number): readonly number[] {
    return blockNeeds(this.#plan, this.#sharing, take);
  }

  #at(name: string): number {
    return resourceIndex(this.#sharing, name);
  }

  #takenOf(name: string): number {
    return this.#taken[this.#at(name)] ?? 0;
  }

  #capacity(name: string): number {
    return this.#sharing.resources[this.#at(name)]?.places.length ?? 0;
  }

  /** The first number of a resource that nobody holds. */
  #placeOf(name: string): number {
    const held = this.#places.get(name) ?? new Set();
    const places = this.#sharing.resources[this.#at(name)]?.places ?? [];
    const place = places.find((each) => !held.has(each));
    if (place === undefined) throw new RangeError(`nothing is left of "${name}"`);
    this.#places.set(name, held.add(place));
    return place;
  }
}
