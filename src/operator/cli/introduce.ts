import type { LoadedCampaign } from "../../lab/load-campaign.ts";
import type { RunMode } from "../../loop/event.ts";
import { advise, type Terminal } from "./terminal.ts";

/** Tells which campaign is about to begin, and what of its files is probably not meant. */
export function introduce(
  terminal: Terminal,
  { campaign, lab, id }: LoadedCampaign,
  mode: RunMode,
  speed?: number,
): void {
  terminal.say(
    `${terminal.paint("bold", campaign.name)}  ${id}, seed ${campaign.seed}, ${lab.name}, ${MODES[mode]}${speed === undefined ? "" : ` times ${speed}`}`,
  );
  if (campaign.description !== undefined) terminal.say(terminal.paint("dim", campaign.description.trim()));
  advise(terminal, campaign.warnings);
}

const MODES: Readonly<Record<RunMode, string>> = {
  live: "LIVE: real instruments move",
  "real-time": "simulated instruments, real time",
  virtual: "simulated instruments, virtual time",
};
