import { type ExpressionType, quantityType } from "../../base/expression/dimension.ts";
import type { Expression } from "../../base/expression/expression.ts";
import { suggest } from "../../base/suggest.ts";
import { combine, type Dimension, sameDimension, type Unit, unitOf } from "../../base/unit.ts";
import type { FaultCollector } from "../../campaign/compile/faults.ts";
import {
  namesOf,
  readExpression,
  readSi,
  readTime,
  type Scope,
  type Wanted,
} from "../../campaign/compile/values.ts";
import type { Declaration } from "../../instrument/index.ts";
import type { WrittenInterlock, WrittenLab } from "../lab-schema.ts";
import type { GuardedAction, Interlock, Watched, WatchedProperty } from "./interlock.ts";
import type { Condition } from "./judge.ts";

/** Milliseconds between two readings unless the file says otherwise. */
const USUAL_INTERVAL = 1000;
/** Readings that may fail in a row before a value counts as stale, unless the file says otherwise. */
const USUAL_MISSES = 10;
/** Milliseconds; instruments answer within some, and the campaign's journal counts whole ones. */
const SHORTEST_INTERVAL = 20;

/** What is needed of an instrument to watch it. */
interface Described {
  readonly declaration: Declaration;
}

/** Where an interlock is written, what it may name, and who is told what is wrong with it. */
interface InterlockPlace {
  readonly faults: FaultCollector;
  readonly path: readonly string[];
  readonly written: WrittenInterlock;
  readonly names: readonly string[];
  readonly instruments: Readonly<Record<string, Described>>;
}

/** Reads the interlocks of a lab file, and checks what they name. */
export function readInterlocks(
  faults: FaultCollector,
  file: WrittenLab,
  instruments: Readonly<Record<string, Described>>,
): Interlock[] {
  const names = Object.keys(file.instruments);
  return Object.entries(file.interlocks ?? {}).flatMap(([name, written]) => {
    const place: InterlockPlace = { faults, path: ["interlocks", name], written, names, instruments };
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
  const times = readTimes(place);
  const watch = readWatched(place, "watch");
  if (watch === undefined || before === undefined || times === undefined || !complete(place))
    return undefined;
  const against = written.against === undefined ? undefined : readAgainst(place, watch.type);
  if (written.against !== undefined && against === undefined) return undefined;
  const conditions = readConditions(place, watch.type, times);
  if (conditions === undefined) return undefined;
  return {
    kind: "reading",
    name,
    watch: watch.watched,
    ...(against && { against: against.watched }),
    conditions,
    every: times.every,
    stale: times.stale,
    ...(before.length > 0 && { before }),
    then: written.then as NonNullable<WrittenInterlock["then"]>,
    ...(written.say !== undefined && { say: written.say }),
  };
}

function readAgainst(place: InterlockPlace, { dimension }: QuantityType): ReturnType<typeof readWatched> {
  return readWatched(place, "against", { kind: "dimension", dimension });
}

/** Tells of keys that lack their other half, or that mean nothing. */
function complete(place: InterlockPlace): boolean {
  const { written } = place;
  const needs = (key: keyof WrittenInterlock, other: keyof WrittenInterlock, example: string): boolean => {
    if (written[key] === undefined || written[other] !== undefined) return true;
    bad(place, [key], `"${key}" needs "${other}"`, `add ${example}`);
    return false;
  };
  const whole = [
    needs("rate", "over", "the time over which the change is taken, such as `over: 1 min`"),
    needs("over", "rate", "the fastest change, such as `rate: 5 K/min`"),
    needs("against", "within", "the greatest difference, such as `within: 5 K`"),
    needs("within", "against", "the other reading, such as `against: probe.temperature`"),
    needs("watch", "then", "what follows: `then: pause` or `then: abort`"),
    written.before === undefined ||
      lacks(place, ["rate", "stale", "every"], '"before" reads once, right before an action'),
  ];
  const { min, max, within, rate, stale } = written;
  if ([min, max, within].some((each) => each !== undefined)) return whole.every(Boolean);
  whole.push(lacks(place, ["hysteresis"], "there is no limit that it could be of"));
  if (rate === undefined && stale === undefined) {
    bad(place, ["watch"], "no condition is given", "add min, max, rate, against or stale");
    return false;
  }
  return whole.every(Boolean);
}

function readConditions(
  place: InterlockPlace,
  { dimension, absolute }: QuantityType,
  { stale, over }: Times,
): Condition[] | undefined {
  const { faults, path, written } = place;
  const { min, max, rate, within } = written;
  const read = (
    key: "min" | "max" | "rate" | "within" | "hysteresis",
    of: Dimension,
    difference: boolean,
  ): number | undefined =>
    written[key] === undefined ? undefined : readSi(faults, [...path, key], written[key], of, difference);
  const before = faults.faults.length;
  const hysteresis = read("hysteresis", dimension, true) ?? 0;
  const least = read("min", dimension, !absolute);
  const greatest = read("max", dimension, !absolute);
  const most = read("rate", combine(dimension, unitOf("s").dimension, -1), true);
  const apart = read("within", dimension, true);
  if (hysteresis < 0 || (most ?? 1) <= 0 || (apart ?? 1) <= 0)
    bad(place, [], "hysteresis, rate and within are sizes", "write values above 0");
  if (apart !== undefined && hysteresis >= apart)
    bad(place, ["hysteresis"], "such a trip would never be over", 'write less than "within"');
  if (least !== undefined && greatest !== undefined && least + hysteresis >= greatest - hysteresis)
    bad(
      place,
      ["min"],
      `nothing is safe between ${min} and ${max}`,
      'write a "min" below "max", with room for the hysteresis',
    );
  if (faults.faults.length > before) return undefined;
  const conditions: readonly (Condition | undefined)[] = [
    greatest === undefined ? undefined : { kind: "above", limit: greatest, hysteresis, text: `above ${max}` },
    least === undefined ? undefined : { kind: "below", limit: least, hysteresis, text: `below ${min}` },
    most === undefined
      ? undefined
      : { kind: "rate", most, over, text: `changes faster than ${rate} over ${written.over}` },
    apart === undefined
      ? undefined
      : {
          kind: "apart",
          within: apart,
          hysteresis,
          text: `differs by more than ${within} from ${written.against}`,
        },
    { kind: "stale", after: stale, text: `not read for ${written.stale ?? `${stale / 1000} s`}` },
  ];
  return conditions.filter((each) => each !== undefined);
}

interface Times {
  readonly every: number;
  readonly stale: number;
  readonly over: number;
}

function readTimes(place: InterlockPlace): Times | undefined {
  const { faults, path, written } = place;
  const read = (key: "every" | "stale" | "over", usual: number): number | undefined =>
    written[key] === undefined ? usual : readTime(faults, [...path, key], written[key]);
  const every = read("every", USUAL_INTERVAL);
  const stale = read("stale", USUAL_MISSES * (every ?? USUAL_INTERVAL));
  const over = read("over", 0);
  if (every === undefined || stale === undefined || over === undefined) return undefined;
  if (every < SHORTEST_INTERVAL)
    return bad(place, ["every"], `"${written.every}" is too short`, `write ${SHORTEST_INTERVAL} ms or more`);
  if (stale < 2 * every)
    return bad(
      place,
      ["stale"],
      `a reading is taken every ${every / 1000} s, so that it is stale at once`,
      'write at least twice "every"',
    );
  if (written.over !== undefined && over < 2 * every)
    return bad(
      place,
      ["over"],
      `a reading is taken every ${every / 1000} s, so that no change is seen`,
      'write at least twice "every"',
    );
  return { every, stale, over };
}

type QuantityType = Extract<ExpressionType, { kind: "quantity" }>;

function readWatched(
  place: InterlockPlace,
  key: "watch" | "against",
  wanted: Wanted = { kind: "anything" },
): { watched: Watched; type: QuantityType } | undefined {
  const text = place.written[key];
  if (text === undefined)
    return bad(
      place,
      [],
      "it isn't said what is watched",
      "add `watch:` with a property, or `exclusive:` with actions",
    );
  const properties = readableProperties(place.instruments);
  const read = readPropertyOr(place, key, { text, properties, wanted });
  if (read === undefined) return undefined;
  const names = namesOf(read.expression).map(({ name }) => name);
  if (read.type.kind !== "quantity" || names.length === 0)
    return bad(place, [key], `"${text}" is no reading`, "write a property, such as bath.temperature");
  const watched = {
    text: String(text),
    expression: read.expression,
    properties: names.map((name) => properties.get(name) as WatchedProperty),
  };
  return { watched, type: read.type };
}

interface WatchedText {
  readonly text: string | number;
  readonly properties: ReadonlyMap<string, WatchedProperty>;
  readonly wanted: Wanted;
}

/** A property by its name, which may have hyphens in it, or an expression. */
function readPropertyOr(
  { faults, path }: InterlockPlace,
  key: string,
  { text, properties, wanted }: WatchedText,
): { expression: Expression; type: ExpressionType } | undefined {
  const scope: Scope = new Map([...properties].map(([name, { unit }]) => [name, typeOf(unit)]));
  const property = properties.get(String(text));
  if (
    property === undefined ||
    (wanted.kind === "dimension" && !sameDimension(property.unit.dimension, wanted.dimension))
  )
    return readExpression(faults, [...path, key], text, scope, wanted);
  return { expression: { kind: "name", at: 0, name: property.name }, type: typeOf(property.unit) };
}

function typeOf(unit: Unit): ExpressionType {
  return quantityType(unit.dimension, unit.offset !== 0);
}

/** The properties of instruments that can be read, by the names that expressions have for them. */
export function readableProperties(
  instruments: Readonly<Record<string, { readonly declaration: Declaration }>>,
): Map<string, WatchedProperty> {
  const found = Object.entries(instruments).flatMap(([instrument, { declaration }]) =>
    Object.entries(declaration.properties)
      .filter(([, { readable }]) => readable)
      .map(([property, { unit }]): WatchedProperty => {
        return { name: `${instrument}.${property}`, instrument, property, unit: unitOf(unit) };
      }),
  );
  return new Map(found.map((each) => [each.name, each]));
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

/** Tells of keys that mean nothing here; whether there are none. */
function lacks(place: InterlockPlace, keys: readonly (keyof WrittenInterlock)[], why: string): boolean {
  const surplus = keys.filter((key) => place.written[key] !== undefined);
  for (const key of surplus) bad(place, [key], `"${key}" means nothing here: ${why}`, "take it out");
  return surplus.length === 0;
}

function bad(
  { faults, path }: InterlockPlace,
  at: readonly (string | number)[],
  message: string,
  advice: string,
): undefined {
  faults.add("lab.bad-interlock", [...path, ...at], message, advice);
}
