import { describe, expect, it } from "vitest";
import { Deliveries, type Delivery } from "./deliveries.ts";

const delivery = (given: Partial<Delivery> & { text?: string } = {}): Delivery => ({
  topic: "t",
  payload: new TextEncoder().encode(given.text ?? "a"),
  qos: 1,
  dup: false,
  retain: false,
  messageId: 7,
  ...given,
});

describe("deliveries", () => {
  it.each([
    ["a packet that is sent again", {}, { dup: true }, true],
    ["a number that is used again", {}, {}, false],
    ["other content under the number", {}, { dup: true, text: "b" }, false],
    ["another topic under the number", {}, { dup: true, topic: "u" }, false],
    ["a first packet that calls itself a duplicate", { messageId: 6 }, { dup: true }, false],
    ["equal values of a stream", { qos: 0, messageId: undefined }, { qos: 0, messageId: undefined }, false],
    [
      "an answer that was published twice",
      { correlationData: Buffer.of(1) },
      { correlationData: Buffer.of(1), messageId: 8 },
      true,
    ],
    [
      "an answer twice with QoS 0",
      { qos: 0, correlationData: Buffer.of(1) },
      { qos: 0, correlationData: Buffer.of(1) },
      true,
    ],
    [
      "two parts of one answer",
      { correlationData: Buffer.of(1) },
      { correlationData: Buffer.of(1), messageId: 8, text: "b" },
      false,
    ],
    [
      "equal answers to two requests",
      { correlationData: Buffer.of(1) },
      { correlationData: Buffer.of(2), messageId: 8 },
      false,
    ],
    [
      "what is retained, at each subscription",
      { correlationData: Buffer.of(1), retain: true },
      { correlationData: Buffer.of(1), retain: true, messageId: 8 },
      false,
    ],
  ] as const)("%s", (_, first, second, repeated) => {
    const deliveries = new Deliveries();
    expect(deliveries.isRepeated(delivery(first))).toBe(false);
    expect(deliveries.isRepeated(delivery(second))).toBe(repeated);
  });

  it("forgets what came long ago", () => {
    const deliveries = new Deliveries();
    for (let id = 1; id <= 300; id++) deliveries.isRepeated(delivery({ messageId: id }));
    expect(deliveries.isRepeated(delivery({ messageId: 300, dup: true }))).toBe(true);
    expect(deliveries.isRepeated(delivery({ messageId: 1, dup: true }))).toBe(false);
  });
});
