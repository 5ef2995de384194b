import { suggest } from "../../base/suggest.ts";
import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { readTime } from "../../campaign/compile/values.ts";
import type { Path } from "../../campaign/file/source-file.ts";
import { timeOfWall } from "../../campaign/window/window-schema.ts";
import type { WrittenLab } from "../lab-schema.ts";
import type { SecretPlace } from "../secret.ts";
import { windowOf } from "../window/lab-windows.ts";
import type { Channel, MailServer, NotifyPolicy, NotifyRule } from "./notify-policy.ts";
import type { WrittenMail, WrittenNotifyRule, WrittenPerson } from "./notify-schema.ts";
import { readReplies } from "./read-replies.ts";

const CODE = "lab.bad-notify";

/** How often somebody is told before the next one is. */
const USUAL_TIMES = 3;

/** Reads who is told of what, and checks that they can be reached. */
export function readNotify(faults: FaultCollector, file: WrittenLab, zone: string): NotifyPolicy {
  const { mail: written, rules = [], replies: door } = file.notify ?? {};
  const mail = written && readMail(faults, written);
  const people = Object.fromEntries(
    Object.entries(file.people?.contacts ?? {}).map(([name, person]) => [
      name,
      readPerson(faults, name, person, mail),
    ]),
  );
  const reading = { faults, people, zone };
  const replies = door && readReplies(faults, door, rules);
  return {
    people,
    rules: rules.flatMap((rule, i) => readRule(reading, ["notify", "rules", i], rule) ?? []),
    ...(replies && { replies }),
  };
}

function readMail(faults: FaultCollector, mail: WrittenMail): MailServer {
  const { server, from, user, password_env, password_file, encryption = "required" } = mail;
  const path = ["notify", "mail"];
  const [host = "", port = ""] = server.split(":");
  if (Number(port) < 1 || Number(port) > 65_535)
    faults.add(CODE, [...path, "server"], `there is no port ${port}`, "write a port from 1 to 65535");
  const password = secretPlace(faults, path, "password", { env: password_env, file: password_file });
  const isGiven = password.env !== undefined || password.file !== undefined;
  if (isGiven !== (user !== undefined))
    faults.add(
      CODE,
      path,
      isGiven ? "there is a password, but no `user`" : "there is a `user`, but no password",
      isGiven ? "write `user`" : "write `password_env` or `password_file`",
    );
  if (isGiven && encryption === "none")
    faults.add(
      CODE,
      [...path, "encryption"],
      "a password is not sent without encryption",
      "leave `encryption` out, or the password",
    );
  return { host, port: Number(port), from, password, encryption, ...(user !== undefined && { user }) };
}

function readPerson(
  faults: FaultCollector,
  name: string,
  { email, ntfy, webhook }: WrittenPerson,
  mail: MailServer | undefined,
): readonly Channel[] {
  const path = ["people", "contacts", name];
  const channels: Channel[] = [];
  if (email !== undefined && mail === undefined)
    faults.add(CODE, [...path, "email"], "there is no mail server", "write `mail` below `notify`");
  if (email !== undefined && mail !== undefined) channels.push({ kind: "email", address: email, mail });
  if (ntfy !== undefined) {
    const cut = ntfy.topic.lastIndexOf("/");
    channels.push({
      kind: "ntfy",
      server: ntfy.topic.slice(0, cut),
      topic: ntfy.topic.slice(cut + 1),
      token: secretPlace(faults, [...path, "ntfy"], "token", { env: ntfy.token_env, file: ntfy.token_file }),
    });
  }
  if (webhook !== undefined) {
    const { url, secret_env: env, secret_file: file } = webhook;
    const secret = secretPlace(faults, [...path, "webhook"], "secret", { env, file });
    if (env === undefined && file === undefined)
      faults.add(
        CODE,
        [...path, "webhook"],
        "nothing signs the calls, so that anybody could make them",
        "write `secret_env` or `secret_file`",
      );
    channels.push({ kind: "webhook", url, secret });
  }
  if (email === undefined && channels.length === 0)
    faults.add(CODE, path, `there is no way to reach ${name}`, "write email, ntfy or webhook");
  return channels;
}

function secretPlace(faults: FaultCollector, path: Path, what: string, place: SecretPlace): SecretPlace {
  if (place.env !== undefined && place.file !== undefined)
    faults.add(CODE, path, `the ${what} is in two places`, `write \`${what}_env\` or \`${what}_file\``);
  return place;
}

interface Reading {
  readonly faults: FaultCollector;
  readonly people: NotifyPolicy["people"];
  readonly zone: string;
}

function readRule(reading: Reading, path: Path, rule: WrittenNotifyRule): NotifyRule | undefined {
  const { faults, zone } = reading;
  const { on, least = "low", to, times = USUAL_TIMES, then = [], quiet, at } = rule;
  checkNames(reading, [...path, "to"], to);
  checkNames(reading, [...path, "then"], then);
  checkQuiet(faults, path, rule);
  const add = (key: string, message: string, advice: string): void =>
    faults.add(CODE, [...path, key], message, advice);
  if (rule.repeat === undefined && then.length > 0)
    add("then", "nobody knows when it is their turn", "write `repeat`, such as 10 min");
  if (rule.repeat === undefined && rule.times !== undefined)
    add("times", "it is told only once", "write `repeat`, such as 10 min");
  if (on.includes("morning") !== (at !== undefined))
    add(
      at === undefined ? "on" : "at",
      at === undefined ? "there is no time for the summary" : "nothing is told at this time",
      at === undefined ? 'write `at`, such as "07:45"' : "add `morning` to `on`",
    );
  const repeat = rule.repeat === undefined ? undefined : readTime(faults, [...path, "repeat"], rule.repeat);
  if (repeat !== undefined && repeat < SHORTEST_REPEAT)
    add("repeat", "nobody can do anything in so short a time", "write 1 min or more");
  return {
    on: new Set(on),
    least,
    chain: [to, ...then.map((name) => [name])],
    times,
    ...(repeat !== undefined && { repeat }),
    ...(quiet && { quiet: windowOf(quiet, zone, []) }),
    ...(at !== undefined && { at }),
  };
}

/** Milliseconds. */
const SHORTEST_REPEAT = 60_000;

function checkNames({ faults, people }: Reading, path: Path, names: readonly string[]): void {
  for (const [i, name] of names.entries())
    if (!Object.hasOwn(people, name))
      faults.add(
        CODE,
        [...path, i],
        `there is nobody "${name}" in people.contacts`,
        suggest(name, Object.keys(people), "there are"),
      );
}

function checkQuiet(faults: FaultCollector, path: Path, { quiet, at, least }: WrittenNotifyRule): void {
  if (quiet === undefined) return;
  const add = (message: string, advice: string): void =>
    faults.add(CODE, [...path, "quiet"], message, advice);
  const [from, to] = [timeOfWall(quiet.from), timeOfWall(quiet.to)];
  if (from === to) add("the quiet hours are the whole day", "write another `to`");
  if (least === "critical")
    add("quiet hours hold back nothing that is critical, and nothing else is told", "take `quiet` out");
  const summary = at === undefined ? undefined : timeOfWall(at);
  const isIn = (time: number): boolean => (from < to ? time >= from && time < to : time >= from || time < to);
  if (summary !== undefined && from !== to && isIn(summary))
    add(`the summary at ${at} falls into the quiet hours`, "write another `at`, or other hours");
}
