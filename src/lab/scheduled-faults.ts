import type { Cancel, Clock } from "../base/clock.ts";
import { randomStream } from "../base/random.ts";
import {
  type ByteStream,
  type Misbehaviour,
  type SimulatedInstrument,
  TWIN_TROUBLES,
  type TwinTrouble,
} from "../instrument/index.ts";
import { dropping, losingRequests, withFaults } from "../instrument/testing/faulty-line.ts";
import { LINE_TROUBLES, type LineTrouble, withTrouble } from "../instrument/testing/line-troubles.ts";
import { TOPIC_TROUBLES, type TopicTrouble, withTopicTrouble } from "../instrument/testing/topic-troubles.ts";
import type { TopicClient } from "../instrument/transport/topic-client.ts";

/** Name of something that can go wrong in a rehearsal: on a line, between a driver and its broker, or inside a twin. */
export type FaultName = LineTrouble | TopicTrouble | TwinTrouble;

/** Everything that can go wrong in a rehearsal. */
export const FAULT_NAMES: readonly FaultName[] = [
  ...new Set([
    ...(Object.keys(LINE_TROUBLES) as LineTrouble[]),
    ...(Object.keys(TOPIC_TROUBLES) as TopicTrouble[]),
    ...(Object.keys(TWIN_TROUBLES) as TwinTrouble[]),
  ]),
];

/** Something that goes wrong in a rehearsal. */
export interface ScheduledFault {
  readonly instrument: string;
  readonly fault: FaultName;
  /** Milliseconds after the campaign's start. */
  readonly after: number;
  /** Milliseconds; without end Infinity, and 0 for power that is back at once. */
  readonly lasts: number;
  /** What drifts or sticks. */
  readonly property?: string;
  /** Change in an hour, in the property's unit; in K of what overheats. */
  readonly perHour?: number;
  /** Bytes that arrive before the line is cut. */
  readonly byte?: number;
}

/** An instrument in whose rehearsal something goes wrong. */
export interface FaultyInstrument {
  readonly name: string;
  readonly faults: readonly ScheduledFault[];
  readonly clock: Clock;
  /** When the campaign began, milliseconds since 1970. */
  readonly begin: number;
  readonly seed: number;
}

/** The part of a lab's faults that one instrument has. */
export function faultsOf(instrument: FaultyInstrument): FaultyInstrument {
  const { name, faults } = instrument;
  return { ...instrument, faults: faults.filter((fault) => fault.instrument === name) };
}

/**
 * Puts the faults of an instrument's line on it.
 *
 * @param hangsUp - whether an instrument without power loses the connection: a socket or a program, but no serial port
 */
export function withLineFaults(
  { name, faults, clock, begin, seed }: FaultyInstrument,
  stream: ByteStream,
  hangsUp: boolean,
): ByteStream {
  const opened = clock.now();
  return faults.reduce((inner, fault, i) => {
    const random = randomStream(seed, i, `${name} ${fault.fault}`);
    const active = (): boolean => lasts(fault, begin, clock);
    if (isOf(LINE_TROUBLES, fault.fault)) {
      const { byte } = fault;
      return withTrouble(inner, fault.fault, { clock, random, active, ...(byte !== undefined && { byte }) });
    }
    if (fault.fault !== "power") return inner;
    if (!hangsUp) return withFaults(inner, dropping(active), losingRequests(active));
    const from = begin + fault.after;
    const broken = (): boolean => active() || (opened < from && clock.now() >= from);
    return withTrouble(inner, "disconnect", { clock, random, active: broken });
  }, stream);
}

/** Puts the faults of an instrument at a broker between it and its driver. */
export function withTopicFaults(
  { name, faults, clock, begin, seed }: FaultyInstrument,
  topics: TopicClient,
): TopicClient {
  return faults.reduce((inner, fault, i) => {
    const random = randomStream(seed, i, `${name} ${fault.fault}`);
    if (!isOf(TOPIC_TROUBLES, fault.fault)) return inner;
    return withTopicTrouble(inner, fault.fault, { clock, random, active: () => lasts(fault, begin, clock) });
  }, topics);
}

/** How an instrument's twin misbehaves as scheduled. */
export function misbehaviourOf({ faults, clock, begin }: FaultyInstrument): Misbehaviour {
  const lastShown = new Map<string, number>();
  const active = (name: FaultName, property?: string): ScheduledFault[] =>
    faults.filter((each) => each.fault === name && each.property === property && lasts(each, begin, clock));
  return {
    twice: () => active("twice").length > 0,
    wrongChecksum: () => active("checksum").length > 0,
    shown(reading, value) {
      const last = lastShown.get(reading);
      if (last !== undefined && active("stick", reading).length > 0) return last;
      const drifted = active("drift", reading).reduce(
        (sum, { perHour = 0, after }) => sum + (perHour * (clock.now() - begin - after)) / HOUR,
        value,
      );
      lastShown.set(reading, drifted);
      return drifted;
    },
  };
}

/** Switches a twin off and on, and lets it overheat, when that is due, unless it is cancelled. */
export function scheduleTwin({ faults, clock, begin }: FaultyInstrument, twin: SimulatedInstrument): Cancel {
  const due: Cancel[] = [];
  const at = (moment: number, happens: () => void): void => {
    if (moment >= clock.now() && Number.isFinite(moment)) due.push(clock.at(moment, happens));
  };
  for (const { fault, after, lasts: long, perHour } of faults) {
    const [from, until] = [begin + after, begin + after + long];
    if (fault === "power") {
      at(from, () => twin.powerCycle?.());
      if (long > 0) at(until, () => twin.powerCycle?.());
    }
    if (fault !== "overheat" || until <= clock.now()) continue;
    at(Math.max(from, clock.now()), () => twin.overheat?.(perHour));
    at(until, () => twin.overheat?.(undefined));
  }
  return () => {
    for (const cancel of due) cancel();
  };
}

const HOUR = 3_600_000;

function lasts({ after, lasts: long }: ScheduledFault, begin: number, clock: Clock): boolean {
  const since = clock.now() - begin - after;
  return since >= 0 && since < long;
}

function isOf<T extends object>(names: T, name: FaultName): name is FaultName & keyof T {
  return Object.hasOwn(names, name);
}
