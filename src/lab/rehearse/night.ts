import type { ConcludedReason, LoopEvent } from "../../loop/event.ts";
import { openMemoryDatabase } from "../../record/database.ts";
import { commandsOf, type JournalEntry } from "../../record/journal-entry.ts";
import { inlineCompute } from "../compute/inline-compute.ts";
import type { LoadedCampaign } from "../load-campaign.ts";
import { startCampaign } from "../run-campaign.ts";
import { actOf } from "../safety/rules.ts";
import { added, usedBy } from "../stock/supply.ts";
import { drawnOutcomes } from "./drawn-outcomes.ts";
import type { LearnedDurations } from "./learned-durations.ts";
import { outcomeModelOf } from "./outcome-model.ts";
import { withoutTargets } from "./without-targets.ts";

/** An action of a rehearsed night; times are milliseconds since 1970. */
export interface RehearsedAction {
  readonly experiment: number;
  readonly role: string;
  readonly action: string;
  readonly from: number;
  readonly to: number;
  readonly failed: boolean;
}

/** Something that went wrong, or that would have woken a person. */
export interface Incident {
  readonly at: number;
  readonly what: string;
}

/** What came of one rehearsal. */
export interface Night {
  readonly seed: number;
  readonly from: number;
  /** When everything was parked. */
  readonly to: number;
  readonly reason: ConcludedReason;
  readonly experiments: number;
  readonly measured: number;
  /** The best outcome, by measurement, in its unit; absent where there is none. */
  readonly best?: Readonly<Record<string, number>>;
  /** What was used of each consumable of the campaign's budget, in coherent SI units. */
  readonly used: Readonly<Record<string, number>>;
  /** What was used of each supply of the lab, in their order, in coherent SI units. */
  readonly supplies: readonly number[];
  /** Milliseconds in which each instrument was at work, by role. */
  readonly busy: Readonly<Record<string, number>>;
  readonly troubles: readonly Incident[];
  readonly questions: readonly Incident[];
  readonly actions: readonly RehearsedAction[];
}

/**
 * Plays a whole campaign on the simulated lab in virtual time; nothing of it is kept. Where instruments can't be simulated, the
 * outcomes are drawn.
 *
 * @param durations - what actions take; as long as the simulated instruments take where absent
 * @throws Error when the lab can't be simulated, or labloop itself fails
 */
export async function rehearseNight(
  loaded: LoadedCampaign,
  source: string,
  durations?: LearnedDurations,
): Promise<Night> {
  const { campaign } = loaded;
  const model = await outcomeModelOf(loaded);
  const outcomes = drawnOutcomes(model, campaign.definition, campaign.seed);
  const played =
    model.kind === "prior"
      ? { ...loaded, campaign: { ...campaign, definition: withoutTargets(campaign.definition) } }
      : loaded;
  const database = await openMemoryDatabase();
  const diary = new Diary(loaded);
  try {
    const started = await startCampaign({
      loaded: played,
      source,
      mode: "virtual",
      ...(durations && { durations }),
      ...(outcomes && { outcomes }),
      database,
      compute: inlineCompute(),
      observer: {
        onEntry: (entry, event) => diary.take(entry, event),
        onState: ({ campaign }) => diary.uses(campaign.context.account.used),
        note: () => undefined,
        ask: async (text) => {
          diary.asked(text);
          return "simulated";
        },
      },
    });
    if (started.kind === "refused") throw new Error(started.faults.map(({ message }) => message).join("; "));
    const end = await started.running.ended;
    if (end.kind === "broken") throw new Error(end.fault.message);
    return diary.night();
  } finally {
    await database.close();
  }
}

/** What is noted of a night while it goes on. */
class Diary {
  readonly #loaded: LoadedCampaign;
  readonly #begun = new Map<string, number>();
  readonly #busy: Record<string, number> = {};
  readonly #actions: RehearsedAction[] = [];
  readonly #troubles: Incident[] = [];
  readonly #questions: Incident[] = [];
  #supplies: readonly number[];
  #from = 0;
  #now = 0;
  #measured = 0;
  #used: Readonly<Record<string, number>> = {};
  #end: Extract<LoopEvent, { type: "campaign.concluded" }> | undefined;

  constructor(loaded: LoadedCampaign) {
    this.#loaded = loaded;
    this.#supplies = loaded.lab.supplies.map(() => 0);
  }

  asked(text: string): void {
    this.#questions.push({ at: this.#now, what: text });
  }

  uses(used: Readonly<Record<string, number>>): void {
    this.#used = used;
  }

  take(entry: JournalEntry, event: LoopEvent): void {
    this.#now = Date.parse(entry.time);
    for (const command of commandsOf(entry))
      if (command.kind === "perform") this.#begun.set(command.id, this.#now);
    switch (event.type) {
      case "campaign.started":
        this.#from = this.#now;
        break;
      case "action.finished":
      case "action.failed":
        this.#act(event);
        break;
      case "measurement.recorded":
        if (event.unusable.length === 0) this.#measured += 1;
        else this.#trouble(`unusable: ${event.unusable.join("; ")}`);
        break;
      case "experiment.reviewed":
        for (const { message } of event.refused) this.#trouble(`refused: ${message}`);
        for (const { rule, what } of event.approvals ?? [])
          this.#questions.push({ at: this.#now, what: `rule "${rule}": ${what}` });
        break;
      case "interlock.tripped":
        this.#trouble(event.fault.message);
        break;
      case "window.closing":
        if (event.ends === "experiments") break;
        this.#trouble("the window closed");
        break;
      case "instruments.rested":
      case "instruments.parked":
        for (const { message } of event.unknown) this.#trouble(`not parked: ${message}`);
        break;
      case "campaign.concluded":
        this.#end = event;
        break;
      default:
    }
  }

  #trouble(what: string): void {
    this.#troubles.push({ at: this.#now, what });
  }

  #act(event: Extract<LoopEvent, { type: "action.finished" | "action.failed" }>): void {
    const { command, experiment, instrument: role, action } = event;
    const from = this.#begun.get(command) ?? this.#now;
    this.#begun.delete(command);
    const failed = event.type === "action.failed";
    this.#busy[role] = (this.#busy[role] ?? 0) + this.#now - from;
    this.#actions.push({ experiment, role, action, from, to: this.#now, failed });
    if (failed) this.#trouble(`${role}.${action}: ${event.fault.message}`);
    if (failed && event.effect === "none") return;
    const act = actOf(this.#loaded.campaign.roles, role, action, event.arguments);
    this.#supplies = added(this.#supplies, usedBy(this.#loaded.lab.supplies, act));
  }

  night(): Night {
    if (this.#end === undefined) throw new Error("the rehearsal ended without a conclusion");
    const { reason, experiments, best } = this.#end;
    return {
      seed: this.#loaded.campaign.seed,
      from: this.#from,
      to: this.#now,
      reason,
      experiments,
      measured: this.#measured,
      ...(best && { best: best.outcome }),
      used: this.#used,
      supplies: this.#supplies,
      busy: this.#busy,
      troubles: this.#troubles,
      questions: this.#questions,
      actions: this.#actions,
    };
  }
}
