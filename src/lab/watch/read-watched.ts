import { type ExpressionType, unitType } from "../../base/expression/dimension.ts";
import type { Expression } from "../../base/expression/expression.ts";
import { combine, type Dimension, sameDimension, unitOf } from "../../base/unit.ts";
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
import type { Condition } from "./judge.ts";
import type { WrittenWatch } from "./watch-schema.ts";
import type { Watched, WatchedConditions, WatchedProperty } from "./watched.ts";

/** Milliseconds between two readings unless the file says otherwise. */
const USUAL_INTERVAL = 1000;
/** Readings that may fail in a row before a value counts as stale, unless the file says otherwise. */
const USUAL_MISSES = 10;
/** Milliseconds; instruments answer within some, and the campaign's journal counts whole ones. */
const SHORTEST_INTERVAL = 20;

/** What is needed of an instrument to check what a lab file says of it. */
export interface Described {
  readonly declaration: Declaration;
}

/** Where conditions are written, what they may name, and who is told what is wrong with them. */
export interface WatchPlace<W extends WrittenWatch = WrittenWatch> {
  readonly faults: FaultCollector;
  /** Code of what is wrong here. */
  readonly code: string;
  readonly path: readonly string[];
  readonly written: W;
  readonly instruments: Readonly<Record<string, Described>>;
}

/** Reads what is watched and the conditions on it; undefined, and a fault, when they don't fit. */
export function readWatch(place: WatchPlace): WatchedConditions | undefined {
  const { written } = place;
  const times = readTimes(place);
  const watch = readWatched(place, "watch");
  if (watch === undefined || times === undefined || !complete(place)) return undefined;
  const against = written.against === undefined ? undefined : readAgainst(place, watch.type);
  if (written.against !== undefined && against === undefined) return undefined;
  const conditions = readConditions(place, watch.type, times);
  if (conditions === undefined) return undefined;
  return {
    watch: watch.watched,
    ...(against && { against: against.watched }),
    conditions,
    every: times.every,
    stale: times.stale,
  };
}

function readAgainst(place: WatchPlace, { dimension }: QuantityType): ReturnType<typeof readWatched> {
  return readWatched(place, "against", { kind: "dimension", dimension });
}

/** Tells of keys that lack their other half, or that mean nothing. */
function complete(place: WatchPlace): boolean {
  const whole = [
    needs(place, "rate", "over", "the time over which the change is taken, such as `over: 1 min`"),
    needs(place, "over", "rate", "the fastest change, such as `rate: 5 K/min`"),
    needs(place, "against", "within", "the greatest difference, such as `within: 5 K`"),
    needs(place, "within", "against", "the other reading, such as `against: probe.temperature`"),
  ];
  const { min, max, within, rate, stale } = place.written;
  if ([min, max, within].some((each) => each !== undefined)) return whole.every(Boolean);
  whole.push(lacks(place, ["hysteresis"], "there is no limit that it could be of"));
  if (rate === undefined && stale === undefined) {
    bad(place, ["watch"], "no condition is given", "add min, max, rate, against or stale");
    return false;
  }
  return whole.every(Boolean);
}

function readConditions(
  place: WatchPlace,
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
    bad(place, ["hysteresis"], "what holds once would hold for ever", 'write less than "within"');
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

function readTimes(place: WatchPlace): Times | undefined {
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
  place: WatchPlace,
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
  { faults, path }: WatchPlace,
  key: string,
  { text, properties, wanted }: WatchedText,
): { expression: Expression; type: ExpressionType } | undefined {
  const scope: Scope = new Map([...properties].map(([name, { unit }]) => [name, unitType(unit)]));
  const property = properties.get(String(text));
  if (
    property === undefined ||
    (wanted.kind === "dimension" && !sameDimension(property.unit.dimension, wanted.dimension))
  )
    return readExpression(faults, [...path, key], text, scope, wanted);
  return { expression: { kind: "name", at: 0, name: property.name }, type: unitType(property.unit) };
}

/** The properties of instruments that can be read, by the names that expressions have for them. */
export function readableProperties(
  instruments: Readonly<Record<string, Described>>,
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

/** Tells of a key that stands without the other one that it needs; whether all is well. */
export function needs<W extends WrittenWatch>(
  place: WatchPlace<W>,
  key: keyof W & string,
  other: keyof W & string,
  example: string,
): boolean {
  if (place.written[key] === undefined || place.written[other] !== undefined) return true;
  bad(place, [key], `"${key}" needs "${other}"`, `add ${example}`);
  return false;
}

/** Tells of keys that mean nothing here; whether there are none. */
export function lacks<W extends WrittenWatch>(
  place: WatchPlace<W>,
  keys: readonly (keyof W & string)[],
  why: string,
): boolean {
  const surplus = keys.filter((key) => place.written[key] !== undefined);
  for (const key of surplus) bad(place, [key], `"${key}" means nothing here: ${why}`, "take it out");
  return surplus.length === 0;
}

/** Tells what is wrong at a place. */
export function bad(
  { faults, path, code }: Pick<WatchPlace, "faults" | "path" | "code">,
  at: readonly (string | number)[],
  message: string,
  advice: string,
): undefined {
  faults.add(code, [...path, ...at], message, advice);
}
