import { Announcer } from "../../../lab/alarm/announcer.ts";
import { isHeld } from "../../../lab/ownership.ts";
import { createLoop } from "../../../loop/loop.ts";
import { eventOf } from "../../../record/journal-entry.ts";
import { openView } from "../campaign-view.ts";
import { jsonLine } from "../describe.ts";
import { EXIT, exitCodeOf } from "../exit-code.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { readCampaign } from "../stored-campaign.ts";
import { type CommonOptions, openTerminal, report } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

/** Milliseconds between two looks into the journal. */
const INTERVAL = 300;

/** `labloop watch`: follows a campaign through its journal; leaving changes nothing. */
export async function watch(
  id: string | undefined,
  options: CommonOptions & { since?: string },
): Promise<number> {
  const terminal = openTerminal(options);
  return withDatabase(options, async (store) => {
    const row = await findCampaign(store, id);
    const stored = await readCampaign(store, row);
    if (stored.kind === "faults") {
      report(terminal, stored.faults);
      return EXIT.badInput;
    }
    const { loaded, started } = stored;
    const since = wholeNumber("--since", options.since) ?? 0;
    const { definition } = loaded.campaign;
    const loop = createLoop(definition);
    const view = openView({
      terminal,
      definition,
      zone: loaded.lab.zone,
      simulated: started.mode !== "live",
      ...(started.mode !== "virtual" && started.speed === undefined && { now: () => Date.now() }),
    });
    const announcer = new Announcer(loaded.lab.alarms, (announcement) => {
      if (seq > since) view.announce(announcement, hasCaughtUp && started.mode === "live");
    });
    let hasCaughtUp = false;
    let left = false;
    process.once("SIGINT", () => {
      left = true;
    });
    let state = loop.begin();
    let seq = 0;
    for (;;) {
      for await (const entry of store.entries(row.key, seq)) {
        const event = eventOf(entry);
        ({ state } = loop.step(state, event, Date.parse(entry.time)));
        seq = entry.seq;
        const time = Date.parse(entry.time);
        if (seq > since) {
          if (terminal.json) terminal.emit(jsonLine(row.id, entry, event));
          view.event(event, time);
        }
        announcer.event(event, time);
        view.alarms(announcer.book);
        if (seq <= since) continue;
        view.state(state, time);
        if (event.type === "campaign.concluded") {
          view.close();
          terminal.say(`${event.reason} after ${event.experiments} experiments`);
          return exitCodeOf(event.reason);
        }
      }
      hasCaughtUp = true;
      const current = (await store.find(row.key))[0] ?? row;
      if (left || !isHeld(current)) {
        view.close();
        terminal.say(
          left
            ? "left; the campaign goes on"
            : `no process runs this campaign; go on with \`labloop resume ${row.key}\``,
        );
        return EXIT.concluded;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, INTERVAL);
      });
    }
  });
}
