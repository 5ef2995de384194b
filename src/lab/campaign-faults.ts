import type { Fault } from "../base/fault.ts";
import type { CampaignRow } from "../record/store.ts";

/** A campaign that is to begin was begun before. */
export function unfinishedFault(row: CampaignRow): Fault {
  return {
    code: "campaign.unfinished",
    message: `this campaign was begun before and is not finished (${row.key}, ${row.state})`,
    advice: `go on with \`labloop resume ${row.key}\`, or change the seed for a new one`,
  };
}

/** A simulated campaign that ran together with others is to go on without them. */
export function togetherFault({ key, source }: CampaignRow, others: readonly string[]): Fault {
  return {
    code: "campaign.ran-together",
    message: `campaign ${key} was simulated together with ${others.join(", ")}, and what it measured depends on them; it can't go on alone`,
    advice: `run the files together again (\`labloop run ${source} … --simulate\`), which takes as long as it took`,
  };
}

/** A campaign that is to go on is over. */
export function concludedFault(row: CampaignRow): Fault {
  return {
    code: "campaign.concluded",
    message: `campaign ${row.key} is concluded; there is nothing to resume`,
    advice: `see \`labloop show ${row.key}\``,
  };
}

/** A campaign that is to go on never began. */
export function emptyFault(row: CampaignRow): Fault {
  return {
    code: "campaign.empty",
    message: `campaign ${row.key} has no event in its journal`,
    advice: "run it again from its file",
  };
}
