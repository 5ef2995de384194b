import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { addressOf } from "./address-of.ts";

function from(remoteAddress: string, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return addressOf({ socket: { remoteAddress } as Socket, headers });
}

describe("where a call comes from", () => {
  it("is told by a server in front that runs on this computer, in the last place, and by no other", () => {
    expect(from("127.0.0.1", "192.0.2.9, 198.51.100.4")).toBe("198.51.100.4");
    expect(from("::ffff:127.0.0.1", "198.51.100.4")).toBe("198.51.100.4");
    expect(from("203.0.113.5", "198.51.100.4")).toBe("203.0.113.5");
    expect(from("127.0.0.1", "garbage")).toBe("127.0.0.1");
    expect(from("::ffff:203.0.113.5")).toBe("203.0.113.5");
  });

  it("is the network of an address of IPv6, however that is written", () => {
    expect(from("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
    expect(from("2001:db8:1:2::6")).toBe("2001:db8:1:2");
    expect(from("2001:DB8::6")).toBe("2001:db8:0:0");
    expect(from("::1", "2001:db8::7")).toBe("2001:db8:0:0");
  });
});
