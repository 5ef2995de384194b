import { expect, it } from "vitest";
import { embedded, escaped, markup } from "./markup.ts";

it("what is inserted as text comes out as text", () => {
  const evil = `<script>alert("1")</script>'&`;
  const told = markup`<p title="${evil}">${evil}</p>`.markup;
  expect(told).not.toContain("<script");
  expect(told).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;");
});

it("markup, lists of it, numbers and nothing are inserted as they are", () => {
  const items = ["a", "b<"].map((each) => markup`<li>${each}</li>`);
  expect(markup`<ul>${items}${undefined}</ul>${3}${[undefined]}`.markup).toBe(
    "<ul><li>a</li><li>b&lt;</li></ul>3",
  );
});

it("characters that no page may have are replaced", () => {
  expect(escaped("a\u0000b\u001bc\nd")).toBe("a\ufffdb\ufffdc\nd");
});

it("embedded data can't end its element, and is the same when it is read", () => {
  const data = { why: "</script><script>alert(1)</script>\u2028 <!--" };
  const { markup: told } = embedded("data", data);
  const [, json = ""] = /^<script type="application\/json" id="data">(.*)<\/script>$/s.exec(told) ?? [];
  expect(json).not.toContain("<");
  expect(JSON.parse(json)).toEqual(data);
});
