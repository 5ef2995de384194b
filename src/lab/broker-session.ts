import { parseQuantity } from "../base/quantity.ts";
import { sameDimension, toSi, unitOf } from "../base/unit.ts";
import type { FaultCollector } from "../campaign/compile/faults.ts";
import type { SessionOptions } from "../instrument/index.ts";
import type { WrittenBroker, WrittenConnection } from "./lab-schema.ts";

/** The longest session of MQTT 5 that ends, in s (section 3.1.2.11.2); one more means that it never does. */
const LONGEST = 2 ** 32 - 2;

/** How the lab file says that a driver connects to its broker; undefined for an instrument on another line. */
export function brokerSession(connect: WrittenConnection | undefined): SessionOptions | undefined {
  if (connect === undefined || !("mqtt" in connect)) return undefined;
  const sessionExpiry = expiryOf(connect);
  return {
    protocolVersion: connect.version ?? 4,
    ...(sessionExpiry === undefined ? {} : { sessionExpiry }),
  };
}

/** Says what is wrong with the session of a broker. */
export function checkBrokerSession(
  faults: FaultCollector,
  path: readonly (string | number)[],
  connect: WrittenConnection | undefined,
): void {
  if (connect === undefined || !("mqtt" in connect) || connect.session_expiry === undefined) return;
  if (connect.version !== 5)
    faults.add(
      "lab.session-without-expiry",
      [...path, "session_expiry"],
      "sessions of MQTT 3.1.1 have no expiry",
      "add `version: 5`, or leave `session_expiry` out",
    );
  if (expiryOf(connect) === undefined)
    faults.add(
      "lab.bad-time",
      [...path, "session_expiry"],
      `"${connect.session_expiry}" is no time from 1 s to ${LONGEST} s`,
      'write how long the broker keeps messages, such as "10 min"',
    );
}

/** Whole seconds. */
function expiryOf({ session_expiry: written }: WrittenBroker): number | undefined {
  if (written === undefined) return undefined;
  const parsed = parseQuantity(String(written));
  if (parsed.kind !== "quantity" || !sameDimension(parsed.unit.dimension, unitOf("s").dimension))
    return undefined;
  const seconds = Math.round(toSi(parsed.value, parsed.unit));
  return seconds >= 1 && seconds <= LONGEST ? seconds : undefined;
}
