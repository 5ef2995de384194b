import { isHeld } from "../../../lab/ownership.ts";
import type { RequestKind } from "../../../loop/event.ts";
import { EXIT } from "../exit-code.ts";
import { person } from "../follow.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { type CommonOptions, openTerminal, report } from "../terminal.ts";

/** Milliseconds to wait for the running process to take a request. */
const PATIENCE = 10_000;
const INTERVAL = 100;

/** `labloop pause`, `discard`, `stop`, `abort`: asks something of a campaign that another process runs. */
export async function request(
  kind: RequestKind,
  id: string | undefined,
  options: CommonOptions,
): Promise<number> {
  return requestInTurn([kind], id, options);
}

/** Asks several things at once, which the running process takes in this order. */
export async function requestInTurn(
  kinds: readonly RequestKind[],
  id: string | undefined,
  options: CommonOptions,
): Promise<number> {
  const terminal = openTerminal(options);
  return withDatabase(options, async (store) => {
    const row = await findCampaign(store, id, isHeld);
    if (!isHeld(row)) {
      report(terminal, [
        {
          code: "campaign.not-running",
          message: `no process runs campaign ${row.key} (${row.state})`,
          advice:
            row.state === "concluded" ? "there is nothing to do" : `go on with \`labloop resume ${row.key}\``,
        },
      ]);
      return EXIT.badInput;
    }
    const numbers: number[] = [];
    for (const kind of kinds)
      numbers.push(await store.request(row.key, kind, person(), new Date().toISOString()));
    const until = Date.now() + PATIENCE;
    while ((await store.openRequests(row.key)).some((each) => numbers.includes(each.id))) {
      if (Date.now() > until) {
        report(terminal, [
          {
            code: "campaign.no-answer",
            message: `the process that runs ${row.key} doesn't answer`,
            advice: "look at the bench; if nobody drives it, end that process and use `labloop resume`",
          },
        ]);
        return EXIT.unknown;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, INTERVAL);
      });
    }
    for (const kind of kinds) {
      terminal.say(`${kind}: accepted by the process that runs ${row.key}`);
      if (terminal.json) terminal.emit({ event: "request.accepted", campaign: row.id, request: kind });
    }
    return EXIT.concluded;
  });
}
