import { describeFault } from "../../../base/fault.ts";
import { suggest } from "../../../base/suggest.ts";
import { loadLab } from "../../../lab/load-campaign.ts";
import { SystemClock } from "../../../lab/system-clock.ts";
import { sender } from "../../notify/send.ts";
import { EXIT } from "../exit-code.ts";
import { person as operator } from "../follow.ts";
import { type CommonOptions, openTerminal, report } from "../terminal.ts";

/** `labloop notify test`: sends a message on every way to every person, once, and says what came of it. */
export async function test(
  file: string,
  person: string | undefined,
  options: CommonOptions,
): Promise<number> {
  const terminal = openTerminal(options);
  const loading = await loadLab(file);
  if (loading.kind === "faults") {
    report(terminal, loading.faults);
    return EXIT.badInput;
  }
  const { name: lab, notify } = loading.lab;
  const names = Object.keys(notify.people);
  if (names.length === 0 || (person !== undefined && !names.includes(person))) {
    report(terminal, [
      {
        code: "notify.nobody",
        message: person === undefined ? `"${file}" names nobody` : `"${file}" has nobody "${person}"`,
        advice: person === undefined ? "write `contacts` below `people`" : suggest(person, names, "it has"),
      },
    ]);
    return EXIT.badInput;
  }
  const send = sender(file, new SystemClock());
  const letter = {
    id: `test.${process.pid}.${Date.now()}`,
    title: `labloop: test from "${lab}"`.slice(0, 100),
    text: `${operator()} tries whether messages come to you. There is nothing to do.`,
    priority: "low",
    campaign: "test",
    lab,
  } as const;
  const tried = names
    .filter((name) => person === undefined || name === person)
    .flatMap((name) =>
      (notify.people[name] ?? []).map(async (channel) => {
        const sent = await send(channel, letter);
        return { name, channel: channel.kind, sent };
      }),
    );
  const results = await Promise.all(tried);
  for (const { name, channel, sent } of results) {
    if (terminal.json) terminal.emit({ event: "notification.tested", to: name, channel, ...sent });
    else if (sent.kind === "sent")
      terminal.print(`${terminal.paint("green", "sent  ")}  ${name}  ${channel}`);
    else
      terminal.print(`${terminal.paint("red", "failed")}  ${name}  ${channel}  ${describeFault(sent.fault)}`);
  }
  return results.every(({ sent }) => sent.kind === "sent") ? EXIT.concluded : EXIT.fault;
}
