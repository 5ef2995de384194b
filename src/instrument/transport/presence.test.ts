import { describe, expect, it } from "vitest";
import { nextPresence, parseStatus } from "./presence.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("parseStatus", () => {
  it.each([
    ["online", { status: "online" }],
    [" offline\n", { status: "offline" }],
    ['{"status":"online","boot":"a"}', { status: "online", boot: "a" }],
    ['{"status":"offline","boot":7}', { status: "offline" }],
    ['{"status":"asleep"}', undefined],
    ["Online!", undefined],
    ["null", undefined],
    ["", undefined],
  ])("%s", (text, expected) => {
    expect(parseStatus(bytes(text))).toEqual(expected);
  });
});

describe("nextPresence", () => {
  const online = { status: "online" } as const;
  const offline = { status: "offline" } as const;

  it.each([
    ["the first message is no restart", {}, { ...online, boot: "1" }, true, false],
    ["the same boot again is none", { online: true, boot: "1" }, { ...online, boot: "1" }, true, false],
    ["another boot is one", { online: true, boot: "1" }, { ...online, boot: "2" }, true, true],
    [
      "a boot that is the same after a gap is none",
      { online: false, boot: "1" },
      { ...online, boot: "1" },
      true,
      false,
    ],
    ["back without a boot id is one", { online: false }, online, true, true],
    ["online twice without a boot id is none", { online: true }, online, true, false],
    ["the will of this boot counts", { online: true, boot: "2" }, { ...offline, boot: "2" }, false, false],
    [
      "the will of an earlier boot doesn't",
      { online: true, boot: "2" },
      { ...offline, boot: "1" },
      true,
      false,
    ],
    ["a will without a boot id counts", { online: true, boot: "2" }, offline, false, false],
  ] as const)("%s", (_, before, message, isOnline, restarted) => {
    const next = nextPresence(before, message);
    expect([next.presence.online, next.restarted]).toEqual([isOnline, restarted]);
  });

  it("remembers the boot over an offline that doesn't tell it", () => {
    const { presence } = nextPresence({ online: true, boot: "1" }, offline);
    expect(nextPresence(presence, { ...online, boot: "2" }).restarted).toBe(true);
  });
});
