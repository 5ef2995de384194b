import { expect, it } from "vitest";
import { brokerSession } from "./broker-session.ts";

it.each([
  [undefined, undefined],
  [{ serial: "/dev/ttyUSB0" }, undefined],
  [{ mqtt: "mqtt://b" }, { protocolVersion: 4 }],
  [{ mqtt: "mqtt://b", version: 5 }, { protocolVersion: 5 }],
  [
    { mqtt: "mqtt://b", version: 5, session_expiry: "10 min" },
    { protocolVersion: 5, sessionExpiry: 600 },
  ],
] as const)("the session of a broker is as the lab file has it: %j", (connect, session) => {
  expect(brokerSession(connect)).toEqual(session);
});
