import { type ExpressionType, quantityType, unitType } from "../../base/expression/dimension.ts";
import type { Expression } from "../../base/expression/expression.ts";
import { nearestName } from "../../base/fault.ts";
import { suggest } from "../../base/suggest.ts";
import { type Unit, unitOf } from "../../base/unit.ts";
import type { Argument, Instruction, Plan, TakenResource } from "../../loop/plan.ts";
import type { Path } from "../file/source-file.ts";
import type { Written } from "../schema/quantity-schema.ts";
import type { WrittenDwell, WrittenStep } from "../schema/step-schema.ts";
import { action as splitAction } from "./action-name.ts";
import type { FaultCollector } from "./faults.ts";
import type { CatalogueArgument, CatalogueEntry, InstrumentCatalogue } from "./instrument-catalogue.ts";
import { type LabResources, NO_RESOURCES, placesOfInstrument } from "./lab-resources.ts";
import { readQuestionTerms } from "./question-terms.ts";
import { readExpression, readTime, type Wanted } from "./values.ts";

/** Deadline of a step that names none. */
const USUAL_DEADLINE = 10 * 60 * 1000;

const SECONDS = unitOf("s").dimension;

/** What the compiler of a procedure starts from. */
export interface ProcedureInput {
  readonly faults: FaultCollector;
  readonly steps: readonly WrittenStep[];
  readonly path: Path;
  readonly catalogue: InstrumentCatalogue;
  /** Instrument of the lab for each role; a role that isn't in it is an instrument's name. */
  readonly roles: Readonly<Record<string, string>>;
  readonly shared?: LabResources;
  /** Names known before the first step. */
  readonly scope: ReadonlyMap<string, ExpressionType>;
}

/** A procedure as instructions, and the names that it makes known. */
export interface CompiledProcedure {
  readonly plan: Plan;
  /** Readings, by name, with their types. */
  readonly readings: ReadonlyMap<string, ExpressionType>;
  readonly computed: ReadonlyMap<string, ExpressionType>;
  /** Instruments by role, in the order of the procedure. */
  readonly roles: Readonly<Record<string, string>>;
  /** Where each argument stands in the file. */
  readonly places: ReadonlyMap<Argument, Path>;
}

/** Compiles steps into instructions; what is wrong with them goes to the faults. */
export function compileProcedure(input: ProcedureInput): CompiledProcedure {
  const compiler = new Compiler(input);
  compiler.list(input.steps, input.path);
  compiler.emit({ kind: "end" });
  return compiler.result();
}

class Compiler {
  readonly #input: ProcedureInput;
  readonly #plan: Instruction[] = [];
  readonly #scope: Map<string, ExpressionType>;
  readonly #readings = new Map<string, ExpressionType>();
  readonly #computed = new Map<string, ExpressionType>();
  readonly #roles: Record<string, string> = {};
  readonly #places = new Map<Argument, Path>();
  #counters = 0;
  /** What the steps are inside of a hold of. */
  readonly #held = new Set<string>();
  /** Counters that keep when marked steps ended. */
  readonly #marks = new Map<string, number>();

  constructor(input: ProcedureInput) {
    this.#input = input;
    this.#scope = new Map(input.scope);
  }

  result(): CompiledProcedure {
    return {
      plan: this.#plan,
      readings: this.#readings,
      computed: this.#computed,
      roles: this.#roles,
      places: this.#places,
    };
  }

  emit(instruction: Instruction): number {
    return this.#plan.push(instruction) - 1;
  }

  list(steps: readonly WrittenStep[], path: Path): void {
    for (const [i, step] of steps.entries()) this.#step(step, [...path, i]);
  }

  #step(step: WrittenStep, path: Path): void {
    if ("do" in step) return this.#timely(step, step.do, path, () => this.#action(step.do, step, path, "do"));
    if ("measure" in step) return this.#timely(step, step.measure, path, () => this.#measure(step, path));
    if ("wait" in step) return this.#wait(step, path);
    if ("wait_until" in step) return this.#waitUntil(step, path);
    if ("compute" in step) return this.#compute(step.compute, [...path, "compute"]);
    if ("repeat" in step) {
      const times = this.#expression([...path, "repeat"], step.repeat, NUMBER);
      if (times === undefined) return;
      return this.#loop(times, () => this.list(step.steps, [...path, "steps"]));
    }
    if ("parallel" in step) return this.#parallel(step.parallel, [...path, "parallel"]);
    if ("hold" in step) return this.#hold(step, path);
    if ("when" in step) return this.#when(step, path);
    this.#note(step, path);
  }

  /** A step that must not come too late after another one, or that others must not come too late after. */
  #timely({ mark, no_later: limit }: WrittenDwell, what: string, path: Path, step: () => void): void {
    if (limit !== undefined) this.#noLater(limit, what, [...path, "no_later"]);
    step();
    if (mark === undefined) return;
    const counter = this.#marks.get(mark) ?? this.#counters++;
    this.#marks.set(mark, counter);
    this.emit({ kind: "start deadline", counter, milliseconds: 0 });
  }

  #noLater({ than, by: written }: NonNullable<WrittenDwell["no_later"]>, what: string, path: Path): void {
    const { faults } = this.#input;
    const by = readTime(faults, [...path, "by"], written);
    const counter = this.#marks.get(than);
    if (counter === undefined)
      faults.add(
        "campaign.no-mark",
        [...path, "than"],
        `no step before has \`mark: ${than}\``,
        suggest(than, [...this.#marks.keys()], "marked are"),
      );
    if (counter === undefined || by === undefined) return;
    this.emit({ kind: "before deadline", counter, what: `"${what}" within ${written} of "${than}"`, by });
  }

  #note(step: Extract<WrittenStep, { note: string }>, path: Path): void {
    const { confirm = false, always = false } = step;
    const terms = readQuestionTerms(this.#input.faults, path, step);
    if (terms !== undefined && !confirm)
      this.#input.faults.add(
        "campaign.bad-question",
        path,
        "nobody answers a remark that needs no answer",
        "write `confirm: true`, or take by, within and otherwise out",
      );
    this.emit({ kind: "note", text: step.note, confirm, always, ...(terms && { terms }) });
  }

  #measure(step: Extract<WrittenStep, { measure: string }>, path: Path): void {
    const times =
      step.times === undefined ? undefined : this.#expression([...path, "times"], step.times, NUMBER);
    const once = (): void => this.#action(step.measure, step, path, "measure");
    if (times === undefined) once();
    else this.#loop(times, once);
  }

  #loop(times: Expression, body: () => void): void {
    const counter = this.#counters++;
    this.emit({ kind: "count", counter, times });
    const jump = this.emit({ kind: "jump", to: 0 });
    body();
    this.#plan[jump] = { kind: "jump", to: this.#plan.length };
    this.emit({ kind: "while counting", counter, to: jump + 1 });
  }

  #wait(step: Extract<WrittenStep, { wait: Written }>, path: Path): void {
    const seconds = this.#expression([...path, "wait"], step.wait, { kind: "dimension", dimension: SECONDS });
    if (seconds !== undefined) this.emit({ kind: "wait", seconds, always: step.always ?? false });
  }

  #waitUntil(step: Extract<WrittenStep, { wait_until: string }>, path: Path): void {
    const { faults } = this.#input;
    const within = readTime(faults, [...path, "within"], step.within);
    const every = this.#expression([...path, "every"], step.every, { kind: "dimension", dimension: SECONDS });
    if (within === undefined || every === undefined) return;
    const counter = this.#counters++;
    this.emit({ kind: "start deadline", counter, milliseconds: within });
    const begin = this.#plan.length;
    this.list(step.poll, [...path, "poll"]);
    const condition = this.#expression([...path, "wait_until"], step.wait_until, { kind: "condition" });
    if (condition === undefined) return;
    const unless = this.emit({ kind: "unless", condition, to: 0 });
    const done = this.emit({ kind: "jump", to: 0 });
    this.#plan[unless] = { kind: "unless", condition, to: this.#plan.length };
    this.emit({ kind: "before deadline", counter, what: `"${step.wait_until}"` });
    this.emit({ kind: "wait", seconds: every, always: false });
    this.emit({ kind: "jump", to: begin });
    this.#plan[done] = { kind: "jump", to: this.#plan.length };
  }

  #compute(values: Readonly<Record<string, Written>>, path: Path): void {
    for (const [name, written] of Object.entries(values)) {
      if (this.#input.scope.has(name))
        this.#input.faults.add(
          "campaign.name-twice",
          [...path, name],
          `"${name}" is a parameter or constant of the campaign already`,
          "choose another name",
        );
      const read = readExpression(this.#input.faults, [...path, name], written, this.#scope, {
        kind: "anything",
      });
      if (read === undefined) {
        this.#input.faults.giveUp(name);
        continue;
      }
      const type = read.type.kind === "condition" ? quantityType(unitOf("1").dimension) : read.type;
      this.emit({ kind: "compute", name, expression: read.expression, always: false });
      this.#scope.set(name, type);
      this.#computed.set(name, type);
    }
  }

  #parallel(branches: readonly (WrittenStep | readonly WrittenStep[])[], path: Path): void {
    const fork = this.emit({ kind: "fork", at: [] });
    const over = this.emit({ kind: "jump", to: 0 });
    const at: number[] = [];
    const heldBefore = new Set<string>();
    for (const [i, branch] of branches.entries()) {
      at.push(this.#plan.length);
      if (isList(branch)) this.list(branch, [...path, i]);
      else this.#step(branch, [...path, i]);
      this.emit({ kind: "end" });
      this.#refuseHeldTwice(this.#plan.slice(at.at(-1)), heldBefore, [...path, i]);
    }
    this.#plan[fork] = { kind: "fork", at };
    this.#plan[over] = { kind: "jump", to: this.#plan.length };
  }

  /** What is held is there for the experiment alone until the steps are done. */
  #hold(step: Extract<WrittenStep, { hold: string | readonly string[] }>, path: Path): void {
    const taken = [step.hold].flat().flatMap((name) => this.#resource(name, [...path, "hold"]));
    const names = taken.map(({ name }) => name);
    const take = this.emit({ kind: "take", resources: taken, to: 0 });
    for (const name of names) this.#held.add(name);
    const { resources } = this.#input.shared ?? NO_RESOURCES;
    for (const name of names) this.list(own(resources, name)?.setup ?? [], [...path, "hold"]);
    this.list(step.steps, [...path, "steps"]);
    for (const name of names)
      this.list(
        (own(resources, name)?.cleanUp ?? []).map((step) => ({ ...step, always: true })),
        [...path, "hold"],
      );
    for (const name of names) this.#held.delete(name);
    this.#plan[take] = { kind: "take", resources: taken, to: this.emit({ kind: "give", resources: names }) };
  }

  /** An instrument or a resource by its name in a step; nothing where there is none. */
  #resource(written: string, path: Path): TakenResource[] {
    const { faults, catalogue, roles, shared = NO_RESOURCES } = this.#input;
    const resource = own(shared.resources, written);
    const name = resource === undefined ? (own(roles, written) ?? written) : written;
    if (resource === undefined && own(catalogue, name) === undefined) {
      const known = [...Object.keys(shared.resources), ...Object.keys(roles), ...Object.keys(catalogue)];
      // Which one was meant isn't known: its number needs no error of its own.
      for (const each of Object.keys(shared.resources)) faults.giveUp(`${each}.place`);
      const advice = suggest(written, known, "there are");
      faults.add(
        "campaign.no-resource",
        path,
        `the lab has no instrument and no resource "${written}"`,
        advice,
      );
      return [];
    }
    if (this.#held.has(name)) {
      const advice = "hold it once, around all steps that need it";
      faults.add("campaign.held-twice", path, `the experiment holds "${written}" here already`, advice);
      return [];
    }
    if (resource !== undefined) this.#scope.set(`${name}.place`, quantityType(unitOf("1").dimension));
    const places = resource?.places ?? placesOfInstrument(shared, name);
    return [{ name, places, numbered: resource !== undefined }];
  }

  /** An experiment knows one number of each resource, so its branches can't have one each. */
  #refuseHeldTwice(branch: Plan, heldBefore: Set<string>, path: Path): void {
    const names = branch
      .flatMap((each) => (each.kind === "take" ? each.resources : []))
      .map(({ name }) => name);
    for (const name of new Set(names)) {
      if (heldBefore.has(name)) {
        const advice = "hold it around the parallel steps, or let one branch follow the other";
        this.#input.faults.add("campaign.held-twice", path, `another branch holds "${name}", too`, advice);
      }
      heldBefore.add(name);
    }
  }

  #when(step: Extract<WrittenStep, { when: string }>, path: Path): void {
    const condition = this.#expression([...path, "when"], step.when, { kind: "condition" });
    if (condition === undefined) return;
    const unless = this.emit({ kind: "unless", condition, to: 0 });
    this.list(step.steps, [...path, "steps"]);
    const over = step.else === undefined ? undefined : this.emit({ kind: "jump", to: 0 });
    this.#plan[unless] = { kind: "unless", condition, to: this.#plan.length };
    if (step.else === undefined || over === undefined) return;
    this.list(step.else, [...path, "else"]);
    this.#plan[over] = { kind: "jump", to: this.#plan.length };
  }

  #expression(path: Path, written: Written, wanted: Wanted): Expression | undefined {
    return readExpression(this.#input.faults, path, written, this.#scope, wanted)?.expression;
  }

  #action(
    written: string,
    step: Extract<WrittenStep, { do: string }> | Extract<WrittenStep, { measure: string }>,
    path: Path,
    key: "do" | "measure",
  ): void {
    const { faults, catalogue, roles } = this.#input;
    const { role, name } = splitAction(written);
    const instrument = own(roles, role) ?? role;
    const entry = own(catalogue, instrument);
    if (entry === undefined) {
      if (step.as !== undefined) faults.giveUp(step.as);
      // A role that is wrong under `instruments:` is told there, once.
      if (own(roles, role) === undefined)
        faults.add(
          "campaign.no-instrument",
          [...path, key],
          `the lab has no instrument "${instrument}"`,
          suggest(instrument, Object.keys(catalogue), "its instruments"),
        );
      return;
    }
    const declared = own(entry.actions, name);
    if (declared === undefined) {
      if (step.as !== undefined) faults.giveUp(step.as);
      faults.add(
        "campaign.no-action",
        [...path, key],
        `${instrument} (${entry.title}) has no action "${name}"`,
        suggest(name, Object.keys(entry.actions), "its actions"),
      );
      return;
    }
    this.#roles[role] = instrument;
    const within =
      step.within === undefined
        ? USUAL_DEADLINE
        : (readTime(faults, [...path, "within"], step.within) ?? USUAL_DEADLINE);
    const given = this.#arguments(
      entry,
      `"${name}" of ${instrument}`,
      declared.arguments,
      step.with ?? {},
      path,
    );
    const readings = Object.fromEntries(
      Object.entries(declared.readings).map(([each, { unit }]) => [each, unitOf(unit)]),
    );
    const as = this.#keepReadings(step.as, readings, path, written);
    this.emit({
      kind: "action",
      step: {
        role,
        action: name,
        effect: declared.effect,
        arguments: given,
        readings,
        within,
        ...(as === undefined ? {} : { as }),
      },
      always: ("always" in step && step.always) ?? false,
    });
  }

  #keepReadings(
    as: string | undefined,
    readings: Readonly<Record<string, Unit>>,
    path: Path,
    action: string,
  ): string | undefined {
    if (as === undefined) return undefined;
    if (Object.keys(readings).length === 0) {
      this.#input.faults.add(
        "campaign.no-readings",
        [...path, "as"],
        `${action} gives no readings`,
        "leave `as` away",
      );
      this.#input.faults.giveUp(as);
      return undefined;
    }
    for (const [name, unit] of Object.entries(readings)) {
      const type = unitType(unit);
      this.#readings.set(`${as}.${name}`, type);
      this.#scope.set(`${as}.${name}`, type);
    }
    return as;
  }

  #arguments(
    entry: CatalogueEntry,
    what: string,
    declared: Readonly<Record<string, CatalogueArgument>>,
    written: Readonly<Record<string, Written>>,
    path: Path,
  ): Record<string, Argument> {
    const { faults } = this.#input;
    const given: Record<string, Argument> = {};
    const misspelt = new Set<string | undefined>();
    for (const [name, value] of Object.entries(written)) {
      const argument = own(declared, name);
      const at = [...path, "with", name];
      if (argument === undefined) {
        faults.add(
          "campaign.no-argument",
          at,
          `${what} (${entry.title}) has no argument "${name}"`,
          suggest(name, Object.keys(declared), "its arguments"),
        );
        misspelt.add(nearestName(name, Object.keys(declared)));
        continue;
      }
      const read =
        argument.kind === "choice"
          ? this.#choice(at, value, argument.choices, what)
          : this.#number(at, value, argument);
      if (read === undefined) continue;
      given[name] = read;
      this.#places.set(read, at);
    }
    for (const [name, argument] of Object.entries(declared)) {
      if (argument.required !== false && own(written, name) === undefined && !misspelt.has(name)) {
        faults.add(
          "campaign.missing-argument",
          path,
          `${what} needs the argument "${name}"`,
          `add \`with: {${name}: …}\``,
        );
      }
    }
    return given;
  }

  #number(
    path: Path,
    value: Written,
    argument: Extract<CatalogueArgument, { kind: "number" }>,
  ): Argument | undefined {
    const unit = unitOf(argument.unit);
    const expression = this.#expression(path, value, {
      kind: "dimension",
      dimension: unit.dimension,
      unit,
    });
    if (expression === undefined) return undefined;
    const { minimum, maximum, resolution } = argument;
    return {
      kind: "number",
      expression,
      unit,
      ...(resolution === undefined ? {} : { resolution }),
      ...(minimum === undefined ? {} : { minimum }),
      ...(maximum === undefined ? {} : { maximum }),
    };
  }

  #choice(path: Path, value: Written, choices: readonly string[], what: string): Argument | undefined {
    // A word is the choice itself unless it names a parameter.
    const text = String(value);
    if (choices.includes(text) && !this.#scope.has(text)) {
      return { kind: "text", expression: { kind: "text", at: 0, value: text } };
    }
    const type = this.#scope.get(text);
    const allowed = type?.kind === "text" ? (type.choices ?? []) : [text];
    const wrong = allowed.find((choice) => !choices.includes(choice));
    if (type === undefined && this.#input.faults.isGivenUp(text)) return undefined;
    if (type === undefined || wrong !== undefined) {
      this.#input.faults.add(
        "campaign.no-choice",
        path,
        `${what} doesn't know "${wrong ?? text}"`,
        suggest(wrong ?? text, choices, "it knows"),
      );
      return undefined;
    }
    return { kind: "text", expression: { kind: "name", at: 0, name: text } };
  }
}

const NUMBER: Wanted = { kind: "dimension", dimension: unitOf("1").dimension };

function isList(branch: WrittenStep | readonly WrittenStep[]): branch is readonly WrittenStep[] {
  return Array.isArray(branch);
}

/** A member that a file could name: nothing that every object has. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
