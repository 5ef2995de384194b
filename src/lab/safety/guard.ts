import { type Clock, deadline } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { toSi } from "../../base/unit.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import type { Instrument } from "../../instrument/index.ts";
import type { PerformCommand } from "../../loop/command.ts";
import type { Approval, EventOf, LoopEvent } from "../../loop/event.ts";
import { type ExperimentDefinition, startingValues } from "../../loop/experiment-machine.ts";
import type { QuestionTerms } from "../../loop/question-terms.ts";
import { readProperty } from "../read-property.ts";
import { added, neededBy, type Supply, shortOf, usedBy } from "../stock/supply.ts";
import { approvalsNeeded, type Needed, NOTHING_SEEN, type Seen, seenAfter } from "./approval.ts";
import { breachFault, type JudgedPlan, judgedPlan, refusalsOf } from "./judge-plan.ts";
import { type Act, actOf, type SafetyRules } from "./rules.ts";
import { breachesOf, concerns, openTally, type Tally, tallied } from "./tally.ts";

/** What a campaign is guarded with. */
export interface GuardOptions {
  readonly rules: SafetyRules;
  readonly definition: ExperimentDefinition;
  /** Instrument of the lab for each role. */
  readonly roles: Readonly<Record<string, string>>;
  /** By their names in the lab file. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly clock: Clock;
  readonly supplies?: readonly Supply[];
  /** What can still be used of each supply; what the lab file declares less this campaign's use when absent. */
  readonly room?: () => Promise<readonly number[]>;
  /** Asks a person for approval, until there is an answer. */
  approve(question: string, terms?: QuestionTerms): Promise<Pick<Approval, "answer" | "by">>;
}

/** What came of the review of an experiment. */
export type Reviewed = Pick<EventOf<"experiment.reviewed">, "refused" | "approvals" | "exhausted">;

/** Milliseconds that an instrument has to give a property that a rule asks for. */
const READING_TIME = 10_000;

/**
 * Keeps the rules of safety: judges the whole plan of an experiment before it begins, and each action of it at its
 * door. What it knows is a fold over the journal.
 */
export class Guard {
  readonly #options: GuardOptions;
  readonly #tallies = new Map<number, Tally>();
  /** Actions that have begun and not ended, by their command. */
  readonly #underWay = new Map<string, { readonly experiment: number; readonly act: Act }>();
  readonly #supplies: readonly Supply[];
  /** What this campaign has used of each supply. */
  #used: readonly number[];
  /** What experiments that may begin are still going to use. */
  readonly #pledged = new Map<number, readonly number[]>();
  #seen: Seen = NOTHING_SEEN;
  /** One question after the other: what is answered to one may answer the next. */
  #turn: Promise<void> = Promise.resolve();
  readonly #ends = new Map<number, () => void>();

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#supplies = options.supplies ?? [];
    this.#used = this.#supplies.map(() => 0);
  }

  /**
   * Takes in what happened.
   *
   * @param isUnderWay - whether an experiment before the event's goes on; they are carried out one by one where absent
   */
  observe(event: LoopEvent, isUnderWay: (experiment: number) => boolean = () => false): void {
    if (event.type === "experiment.reviewed") this.#reviewed(event);
    if (event.type === "measurement.recorded") this.#pledged.delete(event.experiment);
    this.#seen = seenAfter(this.#seen, event);
    if (event.type !== "action.finished" && event.type !== "action.failed") return;
    this.#underWay.delete(event.command);
    // Experiments begin in their order: those before are over, however they ended, unless they go on at the same time.
    for (const known of [this.#tallies, this.#pledged])
      for (const each of known.keys()) if (each < event.experiment && !isUnderWay(each)) known.delete(each);
    if (event.type === "action.failed" && event.effect === "none") return;
    const { rules, roles } = this.#options;
    const act = actOf(roles, event.instrument, event.action, event.arguments);
    this.#use(event.experiment, act);
    const before = this.#tallies.get(event.experiment) ?? openTally(rules);
    this.#tallies.set(event.experiment, tallied(rules, before, act, event.type === "action.finished"));
  }

  /** Judges an experiment before it begins, and asks a person where a rule wants that. */
  async review(experiment: number, setting: Setting): Promise<Reviewed> {
    const { rules, definition } = this.#options;
    const plan = this.#plan(setting);
    const refused = refusalsOf(rules, plan);
    if (refused.length > 0 || rules.approval.length + this.#supplies.length === 0) return { refused };
    await this.#myTurn(experiment);
    const short = shortOf(this.#supplies, neededBy(this.#supplies, plan), await this.#room());
    if (short !== undefined) return { refused: [short], exhausted: true };
    const asked = { setting, parameters: definition.parameters, plan };
    const needed = approvalsNeeded(rules.approval, this.#seen, asked);
    if (needed.length === 0) return { refused };
    const approvals = await this.#ask(experiment, needed);
    const against = approvals.filter(({ answer }) => answer === "refuse");
    return { refused: against.map(refusedFault), approvals };
  }

  /**
   * Why an action may not begin; undefined when it may. From then on it counts as under way.
   *
   * @param setting - of its experiment
   */
  async permit(command: PerformCommand, setting: Setting, signal: AbortSignal): Promise<Fault | undefined> {
    const { rules, definition, roles } = this.#options;
    const act = actOf(roles, command.role, command.action, command.arguments);
    const properties = await this.#read(act, signal);
    const around = { values: startingValues(definition, setting), properties };
    const tally = this.#tallyOf(command);
    const [breach] = breachesOf(rules, tally, act, around, "at the door");
    if (breach !== undefined) return breachFault(breach, `${command.role}.${command.action} did not begin`);
    this.#underWay.set(command.id, { experiment: command.experiment, act });
    return undefined;
  }

  #plan(setting: Setting): JudgedPlan {
    const { definition, roles } = this.#options;
    return judgedPlan(definition, setting, roles);
  }

  #reviewed({ experiment, refused }: EventOf<"experiment.reviewed">): void {
    const setting = this.#seen.designed.get(experiment);
    if (refused.length === 0 && setting !== undefined && this.#supplies.length > 0)
      this.#pledged.set(experiment, neededBy(this.#supplies, this.#plan(setting)));
    this.#ends.get(experiment)?.();
  }

  #use(experiment: number, act: Act): void {
    if (this.#supplies.length === 0) return;
    const used = usedBy(this.#supplies, act);
    this.#used = added(this.#used, used);
    const needs = this.#pledged.get(experiment);
    if (needs === undefined) return;
    this.#pledged.set(
      experiment,
      needs.map((need, i) => Math.max(0, need - (used[i] ?? 0))),
    );
  }

  /** What can be used of each supply beside what experiments that may begin are going to use. */
  async #room(): Promise<number[]> {
    const { room } = this.#options;
    const here = (): number[] =>
      this.#supplies.map(({ holds, reserve }, i) => holds - reserve - (this.#used[i] ?? 0));
    const pledged = [...this.#pledged.values()].reduce<readonly number[]>(
      added,
      this.#used.map(() => 0),
    );
    return (room === undefined ? here() : await room()).map((each, i) => each - (pledged[i] ?? 0));
  }

  /** What the experiment has done, and what of it is under way beside this command. */
  #tallyOf({ id, experiment }: PerformCommand): Tally {
    const { rules } = this.#options;
    const others = [...this.#underWay].filter(
      ([key, other]) => key !== id && other.experiment === experiment,
    );
    return others.reduce(
      (tally, [, { act }]) => tallied(rules, tally, act, false),
      this.#tallies.get(experiment) ?? openTally(rules),
    );
  }

  async #read(act: Act, signal: AbortSignal): Promise<Map<string, number | undefined>> {
    const { rules, instruments, clock } = this.#options;
    const properties = rules.forbidden
      .filter(({ these }) => these.some((each) => concerns(each, act)))
      .flatMap(({ when }) => when?.properties ?? []);
    if (properties.length === 0) return new Map();
    const late = deadline(clock, READING_TIME, () => new Error("it took too long"), signal);
    const values = await Promise.all(
      properties.map(({ instrument, property }) =>
        readProperty(instruments[instrument], property, late.signal),
      ),
    );
    late.cancel();
    return new Map(
      properties.map(({ name, unit }, i) => {
        const value = values[i];
        return [name, value === undefined ? undefined : toSi(value, unit)];
      }),
    );
  }

  async #ask(experiment: number, needed: readonly Needed[]): Promise<Approval[]> {
    const approvals: Approval[] = [];
    for (const { terms, ...each } of needed) {
      const question = `may experiment ${experiment} begin? Rule "${each.rule}": ${each.what}: ${each.why}`;
      const { answer, by } = await this.#options.approve(question, terms);
      approvals.push({ ...each, answer, by });
      if (answer === "refuse") break;
    }
    return approvals;
  }

  /** Waits until earlier reviews are in the journal. */
  async #myTurn(experiment: number): Promise<void> {
    const before = this.#turn;
    this.#turn = new Promise((resolve) => {
      this.#ends.set(experiment, () => {
        this.#ends.delete(experiment);
        resolve();
      });
    });
    await before;
  }
}

function refusedFault({ rule, what, by }: Approval): Fault {
  return {
    code: "experiment.not-approved",
    message: `${by} did not approve of it: rule "${rule}": ${what}`,
    advice: "the campaign goes on with other settings; narrow its space to rule such settings out",
  };
}
