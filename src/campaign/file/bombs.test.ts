import { describe, expect, it } from "vitest";
import { parseSourceFile } from "./source-file.ts";

function codes(text: string): string[] {
  const parsed = parseSourceFile("bomb.yaml", text);
  return parsed.kind === "file" ? ["read"] : parsed.faults.map(({ code }) => code);
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}`);

// Each of these took the YAML library minutes, or all memory; vitest's limit ends a test that takes long again.
describe("a file that was made to take long", { timeout: 20_000 }, () => {
  it.each([
    ["lists begun in one line", "- ".repeat(500_000), "file.too-deep"],
    ["questions begun in one line", "? ".repeat(500_000), "file.too-deep"],
    ["brackets", "[".repeat(2_000_000), "file.too-deep"],
    ["braces", "{a: ".repeat(500_000), "file.too-deep"],
    ["indentation", `a:\n${" ".repeat(2_000_000)}b: 1`, "file.too-deep"],
    ["tags", "!a ".repeat(500_000), "file.not-yaml"],
    ["anchors", "&a ".repeat(500_000), "file.not-yaml"],
  ])("of %s is refused at once", (_, text, code) => {
    expect(codes(text)).toEqual([code]);
  });

  it("of aliases of aliases is refused", () => {
    const levels = names(9).map(
      (name, i, all) =>
        `${name}: &${name} [${Array<string>(9)
          .fill(i === 0 ? "1" : `*${all[i - 1]}`)
          .join(", ")}]`,
    );
    expect(codes(levels.join("\n"))).toEqual(["file.too-many-aliases"]);
  });

  it("of many names, or many anchors with their aliases, is read", () => {
    const keys = names(20_000).map((name) => `${name}: 1`);
    expect(codes(keys.join("\n"))).toEqual(["read"]);
    expect(codes([...keys, "k7: 2"].join("\n"))).toEqual(["file.not-yaml"]);
    const anchors = names(2000).flatMap((name) => [`${name}: &${name} 1`, `also-${name}: *${name}`]);
    expect(codes(anchors.join("\n"))).toEqual(["read"]);
  });

  it("is told from lists of aliases as people write them", () => {
    expect(codes(`a: &a 1\nb: [${Array(90).fill("*a").join(", ")}]`)).toEqual(["read"]);
  });
});
