import { suggest } from "../../base/suggest.ts";
import type { FaultCollector } from "../../campaign/compile/faults.ts";
import type { WrittenInterlock, WrittenLab } from "../lab-schema.ts";
import { bad, type Described, lacks, needs, readWatch, type WatchPlace } from "../watch/read-watched.ts";
import type { GuardedAction, Interlock } from "./interlock.ts";

/** Where an interlock is written, and the instruments that it may name. */
interface InterlockPlace extends WatchPlace<WrittenInterlock> {
  readonly names: readonly string[];
  /** Safe procedures that it may name. */
  readonly procedures: readonly string[];
}

/** Reads the interlocks of a lab file, and checks what they name. */
export function readInterlocks(
  faults: FaultCollector,
  file: WrittenLab,
  instruments: Readonly<Record<string, Described>>,
): Interlock[] {
  const names = Object.keys(file.instruments);
  return Object.entries(file.interlocks ?? {}).flatMap(([name, written]) => {
    const place: InterlockPlace = {
      faults,
      code: "lab.bad-interlock",
      path: ["interlocks", name],
      written,
      names,
      procedures: Object.keys(file.safe_procedures ?? {}),
      instruments,
    };
    const interlock =
      written.exclusive === undefined
        ? readReading(name, place)
        : readExclusion(name, place, written.exclusive);
    return interlock === undefined ? [] : [interlock];
  });
}

/** Keys that an interlock of actions has not. */
const OF_READINGS = [
  "watch",
  "min",
  "max",
  "rate",
  "over",
  "against",
  "within",
  "hysteresis",
  "stale",
  "every",
  "before",
  "then",
  "procedure",
] as const;

function readExclusion(
  name: string,
  place: InterlockPlace,
  exclusive: readonly string[],
): Interlock | undefined {
  if (!lacks(place, OF_READINGS, 'an interlock with "exclusive" lets actions wait, and reads nothing'))
    return undefined;
  const actions = exclusive.map((each, i) => readAction(place, ["exclusive", i], each));
  if (actions.some((each) => each === undefined)) return undefined;
  const read = actions as GuardedAction[];
  if (new Set(read.map(({ instrument }) => instrument)).size > 1)
    return { kind: "exclusion", name, actions: read };
  return bad(place, ["exclusive"], "an instrument does one thing at a time anyhow", "name another one, too");
}

function readReading(name: string, place: InterlockPlace): Interlock | undefined {
  const { written } = place;
  const before = readBefore(place);
  const isWhole =
    needs(place, "watch", "then", "what follows: `then: pause`, `then: abort` or `then: halt`") &&
    hasProcedure(place) &&
    (written.before === undefined ||
      lacks(place, ["rate", "stale", "every"], '"before" reads once, right before an action'));
  const watched = readWatch(place);
  if (watched === undefined || before === undefined || !isWhole) return undefined;
  return {
    kind: "reading",
    name,
    ...watched,
    ...(before.length > 0 && { before }),
    then: written.then as NonNullable<WrittenInterlock["then"]>,
    ...(written.procedure !== undefined && { procedure: written.procedure }),
    ...(written.say !== undefined && { say: written.say }),
  };
}

/** Whether the safe procedure that an interlock names is there, and what follows leaves time for it. */
function hasProcedure(place: InterlockPlace): boolean {
  const { procedure, then } = place.written;
  if (procedure === undefined) return true;
  if (then !== "abort") {
    const advice = then === "halt" ? "a halt is at once: write `then: abort`" : "write `then: abort`";
    bad(place, ["procedure"], `\`then: ${then}\` carries out no safe procedure`, advice);
    return false;
  }
  if (place.procedures.includes(procedure)) return true;
  const advice = suggest(procedure, place.procedures, "the lab has");
  bad(place, ["procedure"], `there is no safe procedure "${procedure}"`, advice);
  return false;
}

function readBefore(place: InterlockPlace): readonly GuardedAction[] | undefined {
  const { before } = place.written;
  if (before === undefined) return [];
  const [list, at] = typeof before === "string" ? [[before], () => []] : [before, (i: number) => [i]];
  const actions = list.map((each, i) => readAction(place, ["before", ...at(i)], each));
  return actions.some((each) => each === undefined) ? undefined : (actions as GuardedAction[]);
}

/** "plate.heat", or "plate" for everything that it does. */
function readAction(
  place: InterlockPlace,
  at: readonly (string | number)[],
  written: string,
): GuardedAction | undefined {
  const { faults, path, names, instruments } = place;
  const dot = written.indexOf(".");
  const instrument = dot < 0 ? written : written.slice(0, dot);
  if (!names.includes(instrument)) {
    const advice = suggest(instrument, names, "the lab has");
    faults.add("lab.unknown-instrument", [...path, ...at], `there is no instrument "${instrument}"`, advice);
    return undefined;
  }
  if (dot < 0) return { instrument };
  const action = written.slice(dot + 1);
  const known = instruments[instrument] && Object.keys(instruments[instrument].declaration.actions);
  if (known === undefined || known.includes(action)) return { instrument, action };
  return bad(place, at, `${instrument} has no action "${action}"`, suggest(action, known, "its actions"));
}
