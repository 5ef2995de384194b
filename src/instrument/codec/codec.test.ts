import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { delimited } from "./delimited.ts";
import { framed } from "./framed.ts";
import { toBytes } from "./latin1.ts";
import { printable } from "./printable.ts";

const STX = 0x02;
const ETX = 0x03;
const inside = fc.array(
  fc.integer({ min: 0, max: 255 }).filter((byte) => byte !== STX && byte !== ETX),
  { maxLength: 40 },
);

/** Cuts bytes into pieces at the given places. */
function cut(bytes: readonly number[], places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) =>
    Uint8Array.from(bytes.slice(i === 0 ? 0 : ends[i - 1], end)),
  );
}

describe("framed", () => {
  test.prop([fc.array(inside, { maxLength: 8 }), fc.array(fc.nat())])(
    "any cut of the bytes gives the same messages",
    (messages, places) => {
      const bytes = messages.flatMap((message) => [STX, ...message, ETX]);
      const decoder = framed({ start: STX, end: ETX });
      const got = cut(bytes, places).flatMap((piece) => decoder.push(piece));
      expect(got).toEqual(messages.map((message) => String.fromCharCode(...message)));
    },
  );

  test.prop([fc.uint8Array({ maxLength: 600 }), inside])(
    "a whole message is found after any noise",
    (noise, message) => {
      const decoder = framed({ start: STX, end: ETX });
      decoder.push(noise);
      const got = decoder.push(Uint8Array.from([STX, ...message, ETX]));
      expect(got).toEqual([String.fromCharCode(...message)]);
    },
  );

  it("takes the last start when a message lost its end", () => {
    const decoder = framed({ start: STX, end: ETX });
    expect(decoder.push(toBytes("\x0200S\x0200I\x03"))).toEqual(["00I"]);
  });

  it("throws away a message that never ends", () => {
    const decoder = framed({ start: STX, end: ETX, longest: 4 });
    expect(decoder.push(toBytes("\x02abcdefg\x03\x02ok\x03"))).toEqual(["ok"]);
  });
});

describe("delimited", () => {
  test.prop([
    fc.array(
      inside.map((m) => m.filter((b) => b !== 0x0d)),
      { maxLength: 8 },
    ),
    fc.array(fc.nat()),
  ])("any cut of the bytes gives the same messages", (messages, places) => {
    const bytes = messages.flatMap((message) => [...message, 0x0d]);
    const decoder = delimited({ end: 0x0d });
    const got = cut(bytes, places).flatMap((piece) => decoder.push(piece));
    expect(got).toEqual(messages.map((message) => String.fromCharCode(...message)));
  });

  it("drops the second byte of a two-byte line end", () => {
    expect(delimited({ end: 0x0d, drop: 0x0a }).push(toBytes("a\r\nb\r\n"))).toEqual(["a", "b"]);
  });

  it("throws away a message that is too long, and takes the next one", () => {
    expect(delimited({ end: 0x0d, longest: 3 }).push(toBytes("abcdef\rxy\r"))).toEqual(["xy"]);
  });

  it("forgets an incomplete message when it is reset", () => {
    const decoder = delimited({ end: 0x0d });
    decoder.push(toBytes("stale"));
    decoder.reset();
    expect(decoder.push(toBytes("fresh\r"))).toEqual(["fresh"]);
  });
});

describe("printable", () => {
  it("names the control bytes of instrument lines and shows others in hexadecimal", () => {
    expect(printable(Uint8Array.of(2, 0x30, 3, 13, 10, 0xff, 0))).toBe("<STX>0<ETX><CR><LF><FF><00>");
  });
});
