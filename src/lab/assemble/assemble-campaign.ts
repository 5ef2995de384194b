import type { EventOf, LoopEvent, Notification } from "../../loop/event.ts";
import { Announcer } from "../alarm/announcer.ts";
import { bookOf } from "../alarm/fold-alarms.ts";
import { carryOutSafely } from "../interlock/safe-procedure.ts";
import type { NotifyKeeper } from "../notify/notify-keeper.ts";
import type { OpenedCampaign } from "../open-campaign.ts";
import { operatorName } from "../operator-name.ts";
import { QuestionDesk } from "../question/question-desk.ts";
import { Runtime, type RuntimeOptions } from "../runtime.ts";
import { snapshotKeeper } from "../snapshot-keeper.ts";
import type { StartOptions } from "../start-options.ts";
import { countStock, roomIn } from "../stock/count-stock.ts";
import { campaignAlarms } from "./campaign-alarms.ts";
import { campaignGuard } from "./campaign-guard.ts";
import { campaignNotify } from "./campaign-notify.ts";
import { campaignPost } from "./campaign-post.ts";
import type { CampaignRecord } from "./campaign-record.ts";
import { campaignSupervisor } from "./campaign-supervisor.ts";

/** A campaign's runtime, and what of the parts around it the running campaign needs. */
export interface AssembledCampaign {
  readonly runtime: Runtime;
  readonly desk: Pick<QuestionDesk, "answer">;
  readonly notify: NotifyKeeper | undefined;
  /** Sends a message, and has journaled what becomes of it. */
  readonly post: (notification: Notification) => void;
  /** An interlock tripped, also in another campaign on the same lab. */
  readonly trip: (event: EventOf<"interlock.tripped">) => void;
}

/** Joins the runtime of a campaign with what watches, guards and tells of it. */
export function assembleCampaign(
  options: StartOptions,
  opened: OpenedCampaign,
  record: CampaignRecord,
): AssembledCampaign {
  const { loop, clock, lab, history, belief } = opened;
  const { observer, seat, loaded, compute, outcomes } = options;
  const { row, journal, stored, rerun } = record;
  const book = bookOf(loaded.lab.alarms, stored);
  const announcer = new Announcer(loaded.lab.alarms, observer.announce ?? (() => undefined), book);
  const tell = (event: LoopEvent): void => {
    clock.touch();
    runtime.dispatch(event);
  };
  const trip = (event: EventOf<"interlock.tripped">): void => {
    if (event.then === "halt") runtime.makeSafeAtOnce(event.fault.message);
    tell(event);
  };
  const desk = new QuestionDesk({
    ask: observer.ask,
    operator: operatorName(),
    roles: loaded.lab.roles,
    priority: loaded.lab.alarms.priorities.question,
    clock,
    runtime: () => runtime,
    tell,
  });
  const ask = options.mode === "live" ? desk.ask : observer.ask;
  const alarms = campaignAlarms(options, opened, book, tell);
  const notify = campaignNotify(options, { id: row.id, clock, stored, alarms, tell });
  const post = campaignPost(options, () => runtime);
  const from = record.from ?? { state: loop.begin(), belief, observed: {} };
  const guard = campaignGuard(options, opened, stored, ask, () => roomLeft(options, record));
  const supervisor = campaignSupervisor(options, opened, {
    trip: (event) => {
      trip(event);
      // What only pauses leaves the instruments as they are, and each campaign watches for it by itself.
      if (event.then !== "pause") seat?.tell.trip(event);
    },
    holds: () => runtime.held(),
  });
  const runtime: Runtime = new Runtime({
    loop,
    clock,
    journal,
    compute,
    instruments: lab.instruments,
    from,
    ask,
    ...(history && { history }),
    ...(outcomes && { outcomes }),
    ...followed(options, opened, record, { announcer, post, runtime: () => runtime }),
    ...(rerun && { recorded: rerun.recorded }),
    alarms,
    ...(notify && { notify }),
    ...(guard && { guard }),
    windows: loaded.windows,
    safeProcedure: (name) => safely(options, opened, name),
    ...(seat && { share: seat }),
    ...(supervisor && { supervisor }),
  });
  return { runtime, desk, notify, post, trip };
}

/** What follows the events and states of a campaign. */
function followed(
  { observer }: StartOptions,
  { clock }: OpenedCampaign,
  { store, row, journal }: CampaignRecord,
  told: Pick<AssembledCampaign, "post"> & {
    readonly announcer: Announcer;
    runtime(): Pick<Runtime, "progress">;
  },
): Pick<RuntimeOptions, "onEntry"> & Required<Pick<RuntimeOptions, "onState">> {
  const { announcer, post, runtime } = told;
  const keeper = snapshotKeeper(store, row.key);
  return {
    onEntry: (entry, event) => {
      keeper.durable(entry);
      observer.onEntry(entry, event);
      announcer.event(event, Date.parse(entry.time));
      if (event.type === "notification.queued") post(event);
      observer.onAlarms?.(announcer.book);
    },
    onState: (state) => {
      observer.onState?.(state, clock.now());
      keeper.offer(runtime().progress(), journal.head().seq + 1);
    },
  };
}

/** What can still be used of each supply of the lab, by what all its journals say. */
async function roomLeft(
  { loaded }: StartOptions,
  { store, writer }: Pick<CampaignRecord, "store" | "writer">,
): Promise<readonly number[]> {
  const { name, supplies } = loaded.lab;
  await writer.flushed();
  return (await countStock(store, name, supplies)).map(roomIn);
}

/** Carries out a safe procedure of the lab, once for all campaigns that share it. */
function safely(
  { loaded, seat }: StartOptions,
  { lab, clock }: OpenedCampaign,
  name: string,
): ReturnType<typeof carryOutSafely> {
  const carryOut = () => carryOutSafely(loaded.lab.safeProcedures[name] ?? [], lab.named, clock);
  return seat === undefined ? carryOut() : seat.safely(name, carryOut);
}
