import type { Clock } from "../base/clock.ts";
import type { Instrument } from "../instrument/contract/instrument.ts";
import type { EventOf } from "../loop/event.ts";
import { type MadeSafe, makeAllSafe } from "./make-all-safe.ts";
import type { LabShare, ParkingKind } from "./share/seat.ts";

/** What instruments are parked with. */
export interface ParkOptions {
  /** By role. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly clock: Clock;
  /** The lab that a campaign shares with others; it has the lab for itself when absent. */
  readonly share?: Pick<LabShare, "parks">;
}

/** What was read back from the instruments of a campaign, without those that are left to others. */
export interface Parked extends MadeSafe {
  /** Roles whose instruments were made safe. */
  readonly roles: readonly string[];
  /** The campaigns to which the others are left, by role. */
  readonly left: Readonly<Record<string, string>>;
}

/** Makes the instruments of a campaign safe, but those that others use. */
export async function parkInstruments(
  { instruments, clock, share }: ParkOptions,
  kind: ParkingKind,
): Promise<Parked> {
  const parking = share?.parks(kind);
  const left = parking?.left ?? {};
  const own = Object.fromEntries(Object.entries(instruments).filter(([role]) => left[role] === undefined));
  const made = await makeAllSafe(own, clock);
  parking?.done();
  return { ...made, roles: Object.keys(own), left };
}

/** What the journal says of parked instruments. */
export function tellParked({
  roles,
  safe,
  unknown,
  left,
}: Parked): Pick<EventOf<"instruments.parked">, "states" | "unknown" | "left"> {
  return {
    states: Object.fromEntries(roles.map((role) => [role, safe[role] ?? "unknown"])),
    unknown: roles.flatMap((role) => unknown[role] ?? []),
    ...(Object.keys(left).length > 0 && { left }),
  };
}
