import type { Clock } from "../base/clock.ts";
import type { Fault } from "../base/fault.ts";
import type { Belief } from "../hypothesis/belief.ts";
import type { History } from "../loop/history.ts";
import { createLoop, type Loop } from "../loop/loop.ts";
import { initialBelief } from "../update/bayes/update-belief.ts";
import type { LoadedCampaign } from "./load-campaign.ts";
import { byRole, type OpenedLab, openRealLab, openSimulatedLab } from "./open-lab.ts";
import { type Pace, paced } from "./rehearse/learned-durations.ts";
import { rolesOf } from "./roles-of.ts";
import type { Seat } from "./share/seat.ts";
import type { StartOptions } from "./start-options.ts";
import { SystemClock } from "./system-clock.ts";
import { virtualTime, wallClock } from "./virtual-time.ts";
import type { Watchdog } from "./watchdog/watchdog.ts";

/** A campaign whose lab is open. */
export interface OpenedCampaign {
  readonly watchdog: Watchdog | undefined;
  readonly loop: Loop;
  readonly clock: Clock;
  /** Lets the clock keep pace with the wall, where it does. */
  readonly begin: () => void;
  readonly belief: Belief;
  readonly lab: Extract<OpenedLab, { kind: "open" }>;
  /** Instrument of the lab for each role, also for those that are only read. */
  readonly roles: Readonly<Record<string, string>>;
  /** What is usual; absent for a campaign that was begun without it. */
  readonly history?: History;
}

/** An opened campaign, or why its lab can't be opened. */
export type CampaignOpening =
  | { readonly kind: "open"; readonly opened: OpenedCampaign }
  | { readonly kind: "failed"; readonly fault: Fault };

/** Opens the lab of a campaign, or takes its seat in one that is open. */
export async function openCampaign(
  options: StartOptions,
  watchdog: Watchdog | undefined,
): Promise<CampaignOpening> {
  const { loaded, mode, observer } = options;
  if (options.seat !== undefined) return { kind: "open", opened: seatedCampaign(loaded, options.seat) };
  const { clock, begin } = clockFor(options);
  const opener = mode === "live" ? openRealLab : openSimulatedLab;
  const roles = rolesOf(loaded);
  const lab = await opener({
    lab: loaded.lab,
    roles,
    clock,
    seed: loaded.campaign.seed,
    signal: new AbortController().signal,
    ...(options.person === undefined ? {} : { person: options.person }),
    ...(options.begun === undefined ? {} : { begin: options.begun }),
    ...(options.outcomes && { drawn: { durations: options.durations ?? {} } }),
    note: (text) => observer.note(text),
  });
  if (lab.kind === "failed") return lab;
  const unwatched = await watchdog?.ready;
  if (unwatched !== undefined) {
    await lab.close();
    return { kind: "failed", fault: unwatched };
  }
  const { definition, seed } = loaded.campaign;
  const { durations } = options;
  return {
    kind: "open",
    opened: {
      watchdog,
      loop: createLoop(definition),
      clock,
      begin,
      belief: initialBelief(definition.problem),
      lab: durations === undefined ? lab : pacedLab(lab, roles, { durations, clock, seed }),
      roles,
    },
  };
}

/** A clock, and what is to be done when the campaign begins or goes on. */
interface CampaignClock {
  readonly clock: Clock;
  readonly begin: () => void;
}

/** Simulated instruments have a virtual clock also in real time, which keeps pace with the wall: the journal is the same. */
function clockFor({ loaded: { lab }, mode, speed, last }: StartOptions): CampaignClock {
  if (mode === "live") return { clock: new SystemClock(), begin: () => undefined };
  if (mode === "virtual") return { clock: virtualTime(lab.start), begin: () => undefined };
  const clock = virtualTime(speed === undefined ? Date.now() : (last ?? lab.start));
  const begin = (): void => {
    clock.keepPace(speed === undefined ? wallClock(Date.now(), 1) : wallClock(clock.now(), speed));
  };
  return { clock, begin };
}

/** A campaign in a lab that was opened for several. */
function seatedCampaign(loaded: LoadedCampaign, { clock, lab, watchdog }: Seat): OpenedCampaign {
  const { definition } = loaded.campaign;
  const belief = initialBelief(definition.problem);
  return {
    watchdog,
    loop: createLoop(definition),
    clock,
    belief,
    lab,
    begin: () => undefined,
    roles: rolesOf(loaded),
  };
}

/** A simulated lab whose instruments take their time as the real ones did. */
function pacedLab(
  lab: OpenedCampaign["lab"],
  roles: Readonly<Record<string, string>>,
  pace: Omit<Pace, "name">,
): OpenedCampaign["lab"] {
  const named = Object.fromEntries(
    Object.entries(lab.named).map(([name, instrument]) => [name, paced(instrument, { name, ...pace })]),
  );
  return { ...lab, named, instruments: byRole(roles, named) };
}
