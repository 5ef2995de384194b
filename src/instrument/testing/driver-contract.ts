import { type Clock, sleep } from "../../base/clock.ts";
import { isUnitProblem, parseUnit } from "../../base/unit.ts";
import { checkCall } from "../contract/check-call.ts";
import type { ActionDeclaration, ArgumentDeclaration, Declaration } from "../contract/declaration.ts";
import { type AnyDriver, declarationFor } from "../contract/driver.ts";
import type { Call, Instrument } from "../contract/instrument.ts";
import { type GivenSettings, readSettings } from "../contract/settings.ts";

/** A driver under test, and how to get at instruments of it. */
export interface ContractSubject {
  readonly driver: AnyDriver;
  /** Settings with which the driver can be connected. */
  readonly settings: GivenSettings;
  readonly clock: Clock;
  /** Connects to a fresh simulated instrument. */
  readonly connect: () => Promise<Instrument>;
  /** From here on nothing that the instrument says arrives. */
  readonly silence: () => void;
  /** From here on everything that the instrument says arrives as other bytes. */
  readonly garble: () => void;
  /** For every action: arguments that a short, successful call may have. */
  readonly examples: Readonly<Record<string, Call["arguments"]>>;
}

/** One thing that every driver keeps; `run` throws when this one doesn't. */
export interface ContractCase {
  readonly name: string;
  run(): Promise<void>;
}

/** Longest that an instrument may take to say that it failed, beyond what the call itself takes, in ms. */
const PATIENCE = 60_000;

/** Longest that an interrupted action may take to bring its instrument to rest, in ms. */
const ENDING = 5000;

/** What every driver keeps, as cases for any test runner; one subject may serve one case only. */
export function driverContract(subject: () => ContractSubject): ContractCase[] {
  const one = (name: string, run: (subject: ContractSubject) => void | Promise<void>): ContractCase => ({
    name,
    run: async () => run(subject()),
  });
  return [
    one("declares known units and limits in order", ({ driver, settings }) => {
      checkDeclaration(driver.declaration);
      checkDeclaration(narrowed(driver, settings));
    }),
    one("says how a call that may not be repeated is settled, and only for such", ({ driver }) => {
      for (const [name, { effect, resolves }] of Object.entries(driver.declaration.actions)) {
        require(resolves === undefined || effect === "once", `action ${name} resolves, but may be repeated`);
        require(effect !== "once" || resolves !== undefined, `action ${name} doesn't say how it is settled`);
      }
    }),
    one("refuses unknown arguments and values out of limits", ({ driver, settings, examples }) => {
      checkRefusals(narrowed(driver, settings), examples);
    }),
    one("carries out every action, with the readings it declared", carryOutAll),
    one("is safe twice, and answers afterwards", safeTwice),
    one("gives up on a silent instrument, and says what to do", async (given) => {
      await failsWhen(given, given.silence);
    }),
    one("gives up on an instrument that talks nonsense, and shows its last bytes", async (given) => {
      const message = await failsWhen(given, given.garble);
      require(/last (bytes|message): /.test(message), `the fault doesn't show what came: ${message}`);
    }),
    one("ends soon when it is interrupted", endsWhenInterrupted),
    one("reads every readable property, within its limits", readAllProperties),
    one("sets every settable property to what it reads, and refuses what is beyond its limits", setAll),
    one("carries out one action at a time, and answers questions meanwhile", oneAtATime),
    one("is safe in the middle of an action", safeInTheMiddle),
    one("takes no longer than it said", keepsItsTime),
  ];
}

function narrowed(driver: AnyDriver, given: GivenSettings): Declaration {
  const read = readSettings("the instrument", driver.declaration.settings, given);
  if (read.kind === "refused") throw new Error(read.faults.map((fault) => fault.message).join("; "));
  return declarationFor(driver, read.settings);
}

function checkDeclaration(declaration: Declaration): void {
  const { actions, properties, settings, transport, line } = declaration;
  require(/^[a-z0-9-]+\/[a-z0-9-]+$/.test(declaration.id), `"${declaration.id}" is no vendor/model`);
  require(transport !== "serial" || line !== undefined, "a serial instrument declares its line");
  for (const [name, action] of Object.entries(actions)) checkAction(name, action);
  for (const [name, property] of Object.entries(properties)) checkNumber(`property ${name}`, property);
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.kind === "number") checkNumber(`setting ${name}`, setting);
    require(setting.description !== "", `setting ${name} has no description`);
  }
  for (const [name, alarm] of Object.entries(declaration.alarms)) {
    require(alarm.description !== "" && alarm.advice !== "", `alarm ${name} has no advice`);
  }
}

function checkAction(name: string, action: ActionDeclaration): void {
  require(action.description !== "", `action ${name} has no description`);
  for (const [argument, declared] of Object.entries(action.arguments)) {
    if (declared.kind === "number") checkNumber(`argument ${argument} of ${name}`, declared);
    else require(declared.choices.length > 0, `argument ${argument} of ${name} has no choices`);
  }
  for (const [reading, { unit }] of Object.entries(action.readings)) {
    require(!isUnitProblem(parseUnit(unit)), `reading ${reading} of ${name} has the unknown unit "${unit}"`);
  }
}

function checkNumber(
  what: string,
  { unit, minimum, maximum }: { unit: string; minimum?: number; maximum?: number },
): void {
  require(!isUnitProblem(parseUnit(unit)), `${what} has the unknown unit "${unit}"`);
  require((minimum ?? -Infinity) < (maximum ?? Infinity), `${what} has its limits in the wrong order`);
}

function checkRefusals(declaration: Declaration, examples: ContractSubject["examples"]): void {
  for (const [action, declared] of Object.entries(declaration.actions)) {
    const example = examples[action];
    require(example !== undefined, `there is no example for ${action}`);
    const refused = (given: Call["arguments"], code: string): void => {
      const checked = checkCall(declaration, { action, arguments: given, key: "k" });
      const codes = checked.kind === "refused" ? checked.faults.map((fault) => fault.code) : [];
      require(codes.includes(code), `${action} ${JSON.stringify(given)} gave ${codes.join()}, not ${code}`);
    };
    require(checkCall(declaration, { action, arguments: example ?? {}, key: "k" }).kind ===
      "call", `the example for ${action} is refused`);
    refused({ ...example, "no such argument": 1 }, "instrument.unknown-argument");
    for (const [name, argument] of Object.entries(declared.arguments)) {
      for (const value of beyond(argument)) {
        refused({ ...example, [name]: value }, "instrument.argument-out-of-limits");
      }
    }
  }
}

/** Values just out of an argument's limits. */
function beyond(argument: ArgumentDeclaration): number[] {
  if (argument.kind === "choice") return [];
  const { minimum, maximum } = argument;
  return [
    ...(minimum === undefined ? [] : [minimum - Math.abs(minimum) * 1e-3 - 1e-9]),
    ...(maximum === undefined ? [] : [maximum + Math.abs(maximum) * 1e-3 + 1e-9]),
  ];
}

/** Every example is done, gives no reading that isn't declared, and settles as done where it may not be repeated. */
export async function carryOutAll({
  connect,
  examples,
}: Pick<ContractSubject, "connect" | "examples">): Promise<void> {
  const instrument = await connect();
  for (const call of callsOf(examples)) {
    const { action } = call;
    const outcome = await instrument.perform(call, forever());
    require(outcome.kind === "done", `${action} failed: ${JSON.stringify(outcome)}`);
    const declared = Object.keys(instrument.declaration.actions[action]?.readings ?? {});
    const given_ = outcome.kind === "done" ? Object.keys(outcome.readings) : [];
    const strange = given_.filter((name) => !declared.includes(name));
    require(strange.length === 0, `${action} gave readings that it doesn't declare: ${strange.join()}`);
    if (instrument.declaration.actions[action]?.effect !== "once") continue;
    const settled = await instrument.settle(call, forever());
    require(settled.kind === "done", `${action} was done, but settles as ${settled.kind}`);
  }
  await instrument.close();
}

/** Made safe twice it is safe, and answers. */
export async function safeTwice({ connect }: Pick<ContractSubject, "connect">): Promise<void> {
  const instrument = await connect();
  for (const time of ["first", "second"]) {
    const state = await instrument.makeSafe(forever());
    require(state.kind === "safe", `the ${time} makeSafe gave ${JSON.stringify(state)}`);
  }
  const check = await instrument.check(forever());
  require(check.kind === "ok", `after makeSafe the instrument doesn't answer: ${JSON.stringify(check)}`);
  await instrument.close();
}

async function failsWhen({ connect, clock, examples }: ContractSubject, spoil: () => void): Promise<string> {
  const instrument = await connect();
  spoil();
  const [call] = callsOf(examples) as [Call, ...Call[]];
  const began = clock.now();
  const outcome = await instrument.perform(call, forever());
  const took = clock.now() - began - instrument.estimate(call);
  require(took < PATIENCE, `it took ${took} ms to give up`);
  if (outcome.kind !== "failed") throw new Error("it succeeded without an answer");
  require(outcome.fault.advice !== undefined, "the fault has no advice");
  require((await instrument.check(forever())).kind === "failed", "check finds nothing wrong");
  require((await instrument.makeSafe(forever())).kind ===
    "unknown", "makeSafe claims a state that it can't know");
  await instrument.close();
  return outcome.fault.message;
}

async function readAllProperties({ connect }: ContractSubject): Promise<void> {
  const instrument = await connect();
  for (const [name, property] of Object.entries(instrument.declaration.properties)) {
    if (!property.readable) continue;
    const read = await instrument.read?.(name, forever());
    if (read?.kind !== "value") throw new Error(`${name} can't be read: ${JSON.stringify(read)}`);
    const { minimum = -Infinity, maximum = Infinity } = property.settable ? {} : property;
    require(read.value >= minimum && read.value <= maximum, `${name} reads ${read.value}, out of its limits`);
  }
  await instrument.close();
}

async function setAll({ connect }: ContractSubject): Promise<void> {
  const instrument = await connect();
  const { declaration } = instrument;
  for (const [name, property] of Object.entries(declaration.properties)) {
    const action = `set-${name}`;
    if (!property.settable || declaration.actions[action] === undefined) continue;
    const { minimum = 0, maximum = minimum + 1, resolution = 0 } = property;
    const wanted = minimum + (maximum - minimum) / 4;
    const set = resolution > 0 ? Math.round(wanted / resolution) * resolution : wanted;
    const outcome = await instrument.perform({ action, arguments: { [name]: set }, key: action }, forever());
    if (outcome.kind !== "done") throw new Error(`${action} ${set} failed: ${JSON.stringify(outcome)}`);
    const read = await instrument.read?.(name, forever());
    const back = read?.kind === "value" ? read.value : Number.NaN;
    require(Math.abs(back - set) <=
      Math.max(resolution, 1e-6 * Math.abs(set)), `${name} was set to ${set}, but reads ${back}`);
  }
  await instrument.close();
}

async function oneAtATime(subject: ContractSubject): Promise<void> {
  const { clock } = subject;
  const { call } = await whole(subject);
  const instrument = await upTo(call, subject);
  const first = instrument.perform(call, forever());
  const second = await instrument.perform({ ...call, key: "contract second" }, forever());
  require(second.kind === "failed" &&
    second.effect === "none", `two actions ran at once: ${JSON.stringify(second)}`);
  const between = clock.now();
  await instrument.check(forever());
  require(clock.now() - between < PATIENCE, "a question had to wait for the action's end");
  const outcome = await first;
  require(outcome.kind === "done", `the first action failed: ${JSON.stringify(outcome)}`);
  await instrument.close();
}

async function safeInTheMiddle(subject: ContractSubject): Promise<void> {
  const { call, took } = await whole(subject);
  const instrument = await upTo(call, subject);
  const running = instrument.perform(call, forever());
  await sleep(subject.clock, took / 3);
  const state = await instrument.makeSafe(forever());
  require(state.kind === "safe", `makeSafe in the middle of ${call.action} gave ${JSON.stringify(state)}`);
  await running;
  const check = await instrument.check(forever());
  require(check.kind === "ok", `after makeSafe the instrument doesn't answer: ${JSON.stringify(check)}`);
  await instrument.close();
}

/** An action may take half as long again as it said, and a few seconds more. */
async function keepsItsTime({ connect, examples, clock }: ContractSubject): Promise<void> {
  const instrument = await connect();
  for (const call of callsOf(examples)) {
    const { action } = call;
    const began = clock.now();
    await instrument.perform(call, forever());
    const took = clock.now() - began;
    const said = instrument.estimate(call);
    require(took <= 1.5 * said + 10_000, `${action} took ${took} ms; it said ${said} ms`);
  }
  await instrument.close();
}

async function endsWhenInterrupted(subject: ContractSubject): Promise<void> {
  const { clock } = subject;
  const { call, took } = await whole(subject);
  const instrument = await upTo(call, subject);
  const stop = new AbortController();
  const running = instrument.perform(call, stop.signal);
  clock.at(clock.now() + took / 3, () => stop.abort(new Error("interrupted by the test")));
  const began = clock.now();
  const outcome = await running;
  const ended = clock.now() - began;
  require(outcome.kind === "failed", "it succeeded although it was interrupted");
  require(ended < took + ENDING, `it took ${ended} ms to end`);
  await instrument.close();
}

/** A fresh instrument on which the examples before one have been carried out. */
async function upTo({ action: last }: Call, { connect, examples }: ContractSubject): Promise<Instrument> {
  const instrument = await connect();
  for (const call of callsOf(examples)) {
    if (call.action === last) break;
    await instrument.perform(call, forever());
  }
  return instrument;
}

/** The example that takes longest, carried out as a whole on an instrument of its own: how long it really takes. */
async function whole({ connect, examples, clock }: ContractSubject): Promise<{ call: Call; took: number }> {
  const instrument = await connect();
  let slowest: { call: Call; took: number } | undefined;
  for (const call of callsOf(examples)) {
    const { action } = call;
    const began = clock.now();
    const outcome = await instrument.perform(call, forever());
    require(outcome.kind === "done", `${action} failed: ${JSON.stringify(outcome)}`);
    const took = clock.now() - began;
    if (slowest === undefined || took > slowest.took) slowest = { call, took };
  }
  await instrument.close();
  if (slowest === undefined) throw new Error("there is no example");
  return slowest;
}

/** The examples as calls, in their order. */
function callsOf(examples: ContractSubject["examples"]): Call[] {
  return Object.entries(examples).map(([action, given]) => ({
    action,
    arguments: given,
    key: `contract ${action}`,
  }));
}

function forever(): AbortSignal {
  return new AbortController().signal;
}

function require(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}
