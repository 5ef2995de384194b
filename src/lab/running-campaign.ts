import type { Clock } from "../base/clock.ts";
import { isAtWork } from "../loop/campaign-mode.ts";
import type { PersonRequest } from "../loop/event.ts";
import type { Loop } from "../loop/loop.ts";
import { type AssembledCampaign, assembleCampaign } from "./assemble/assemble-campaign.ts";
import {
  type CampaignRecord,
  type ClaimedCampaign,
  type Continuation,
  openRecord,
} from "./assemble/campaign-record.ts";
import type { MadeSafe } from "./make-all-safe.ts";
import type { AlarmRaising } from "./notify/reachable.ts";
import { undelivered } from "./notify/undelivered.ts";
import type { OpenedCampaign } from "./open-campaign.ts";
import { operatorName } from "./operator-name.ts";
import { parkInstruments } from "./park-instruments.ts";
import { betweenMilliseconds, HALF, listenForRequests } from "./person-requests.ts";
import { isTimed } from "./rerun-journal.ts";
import type { RunEnd, Runtime } from "./runtime.ts";
import type { Seat } from "./share/seat.ts";
import type { StartOptions } from "./start-options.ts";

/** How a campaign ended, and after a breakdown what became of its instruments. */
export type CampaignEnd =
  | Extract<RunEnd, { kind: "concluded" }>
  | (Extract<RunEnd, { kind: "broken" }> & {
      /** Undefined when another process drives them. */
      readonly instruments: MadeSafe | undefined;
    });

/** A campaign that is running. */
export interface RunningCampaign {
  readonly id: string;
  readonly key: string;
  readonly loop: Loop;
  readonly clock: Clock;
  readonly startedAt: number;
  /** @returns whether the request changed anything */
  request(request: PersonRequest): Promise<boolean>;
  /** Alarms about what is around the campaign, which whoever runs it may raise. */
  readonly findings: AlarmRaising;
  /** Settles when the campaign has ended and everything is closed. */
  readonly ended: Promise<CampaignEnd>;
}

/** A campaign that runs, and what it is begun or gone on with. */
export interface Launched {
  readonly running: RunningCampaign;
  readonly runtime: Runtime;
}

/** Has a campaign run whose lab is open, from its beginning or from where it was; its first event is left to the caller. */
export function launchCampaign(
  options: StartOptions,
  opened: OpenedCampaign,
  claimed: ClaimedCampaign,
  continuation?: Continuation,
): Launched {
  const { watchdog, loop, clock, begin } = opened;
  const { row, store } = claimed;
  begin();
  const record = openRecord(options, claimed, continuation);
  const assembled = assembleCampaign(options, opened, record);
  const { runtime, post } = assembled;
  const request = requests(options, opened, record, assembled);
  options.seat?.listen({
    trip: (event) => {
      if (isAtWork(runtime.progress().state.campaign)) assembled.trip(event);
    },
    halt: (why) => void runtime.request({ request: "halt", by: operatorName(), why }),
  });
  for (const at of record.rerun?.timed ?? []) clock.at(at + HALF, () => runtime.takeRecorded());
  watchdog?.arm(row.key);
  for (const each of undelivered(record.stored)) post(each);
  const stopListening = listenForRequests(store, row.key, request);
  const ended = runtime.ended.then((end) => {
    stopListening();
    return closed(end, options, opened, record, assembled);
  });
  const { id, key } = row;
  const running = { id, key, loop, clock, startedAt: clock.now(), request, findings: runtime, ended };
  return { running, runtime };
}

/** Takes what people want of a campaign. */
function requests(
  { mode, seat }: StartOptions,
  { clock }: OpenedCampaign,
  { row }: CampaignRecord,
  { desk, runtime }: AssembledCampaign,
): RunningCampaign["request"] {
  return async (wanted) => {
    if (wanted.request === "answer") return desk.answer(wanted);
    if (mode === "virtual" && isTimed(wanted)) await betweenMilliseconds(clock);
    const changed = runtime.request(wanted);
    if (wanted.request === "halt") seat?.tell.halt(`campaign ${row.id} was halted on the same lab`);
    return changed;
  };
}

/** Closes everything that a campaign had open. */
async function closed(
  end: RunEnd,
  { seat }: StartOptions,
  { watchdog, clock, lab }: OpenedCampaign,
  { writer, claim }: CampaignRecord,
  { notify, post }: AssembledCampaign,
): Promise<CampaignEnd> {
  // Another process that has taken the campaign over tells of it.
  if (end.kind === "broken" && end.fault.code !== "record.fenced")
    for (const each of notify?.broken(end.fault.message) ?? []) post(each);
  const settled = await afterwards(end, lab.instruments, clock, seat);
  await writer.flushed();
  await Promise.allSettled([lab.close(), claim.release(), watchdog?.dismiss()]);
  return settled;
}

/** A run that broke off leaves no instrument as it was, unless another process has taken it over. */
async function afterwards(
  end: RunEnd,
  instruments: OpenedCampaign["lab"]["instruments"],
  clock: Clock,
  seat: Seat | undefined,
): Promise<CampaignEnd> {
  if (end.kind === "concluded") return end;
  if (end.fault.code === "record.fenced") return { ...end, instruments: undefined };
  const { safe, unknown } = await parkInstruments(
    { instruments, clock, ...(seat && { share: seat }) },
    "park",
  );
  return { ...end, instruments: { safe, unknown } };
}
