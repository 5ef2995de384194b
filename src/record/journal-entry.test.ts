import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { Command } from "../loop/command.ts";
import type { LoopEvent } from "../loop/event.ts";
import { commandsOf, EMPTY_HEAD, eventOf, hashEntry, link } from "./journal-entry.ts";

const event: LoopEvent = { type: "person.requested", request: "pause", by: "ada" };
const commands: readonly Command[] = [
  { kind: "decide", id: "decide.1", decision: 1, count: 2 },
  { kind: "park", id: "park", urgent: false },
];

describe("an entry", () => {
  it("is numbered behind its head and carries the campaign's time", () => {
    const entry = link({ seq: 6, hash: "abc" }, Date.UTC(2030, 0, 1, 18), event, []);
    expect(entry).toMatchObject({ seq: 7, time: "2030-01-01T18:00:00.000Z", kind: "person.requested" });
  });

  it("gives back its event and its commands", () => {
    const entry = link(EMPTY_HEAD, 0, event, commands);
    expect(eventOf(entry)).toEqual(event);
    expect(commandsOf(entry)).toEqual(commands);
    expect(commandsOf(link(EMPTY_HEAD, 0, event, []))).toEqual([]);
  });

  it("has a hash over the one before and each of its texts", () => {
    const entry = link(EMPTY_HEAD, 0, event, commands);
    expect(entry.hash).toBe(hashEntry("", entry));
    const altered = [
      hashEntry("0", entry),
      hashEntry("", { ...entry, seq: 2 }),
      hashEntry("", { ...entry, time: "1970-01-01T00:00:00.001Z" }),
      hashEntry("", { ...entry, kind: "campaign.started" }),
      hashEntry("", { ...entry, data: entry.data.replace("ada", "bob") }),
      hashEntry("", { ...entry, commands: "[]" }),
    ];
    expect(new Set([entry.hash, ...altered]).size).toBe(altered.length + 1);
  });

  prop.prop([fc.string({ unit: "binary" }), fc.string({ unit: "binary" })])(
    "keeps any text, and two texts give two hashes",
    (by, other) => {
      const entry = link(EMPTY_HEAD, 0, { ...event, by }, []);
      expect(eventOf(entry)).toEqual({ ...event, by });
      expect(link(EMPTY_HEAD, 0, { ...event, by: other }, []).hash === entry.hash).toBe(by === other);
    },
  );
});
