/**
 * Where an alarm stands after ISA-18.2 and IEC 62682: normal; unacknowledged; acknowledged while what raised it goes on;
 * returned to normal before anybody acknowledged it; latched: acknowledged, and it stands until it is reset.
 */
export type Standing = "normal" | "unacknowledged" | "acknowledged" | "returned" | "latched";

/** What ends an alarm: its condition is over and seen, somebody has seen it, or somebody resets what it holds. */
export type Lasting = "condition" | "event" | "latch";

/** What can happen to an alarm; a reset is the acknowledgement of a trip, which lets a campaign go on. */
export type AlarmInput = "raise" | "clear" | "acknowledge" | "reset";

type Row = Partial<Record<AlarmInput, Standing>>;

const TABLE: Readonly<Record<Lasting, Readonly<Record<Standing, Row>>>> = {
  condition: {
    normal: { raise: "unacknowledged" },
    unacknowledged: { clear: "returned", acknowledge: "acknowledged" },
    acknowledged: { clear: "normal" },
    returned: { raise: "unacknowledged", acknowledge: "normal" },
    latched: {},
  },
  event: {
    normal: { raise: "unacknowledged" },
    unacknowledged: { clear: "returned", acknowledge: "normal" },
    acknowledged: {},
    returned: { raise: "unacknowledged", acknowledge: "normal" },
    latched: {},
  },
  latch: {
    normal: { raise: "unacknowledged" },
    unacknowledged: { acknowledge: "latched", reset: "normal" },
    acknowledged: {},
    returned: {},
    latched: { raise: "unacknowledged", reset: "normal" },
  },
};

/** The standing of an alarm after something happened to it. */
export function nextStanding(lasts: Lasting, standing: Standing, input: AlarmInput): Standing {
  return TABLE[lasts][standing][input] ?? standing;
}
