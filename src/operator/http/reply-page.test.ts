import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { hasChromium } from "../../../test/support/chromium.ts";
import { phoneTab, type Tab } from "../../../test/support/chromium-tab.ts";
import type { KnownQuestion } from "../../lab/question/question-book.ts";
import type { Found } from "./reply-links.ts";
import { replyServer } from "./reply-server.ts";

const BEGIN = Date.UTC(2030, 0, 1, 18);
const TOKEN = "a".repeat(32);
const LONG = "The experiment wants 90 °C: " + "bath.temperature_set_point.".repeat(6);

/** Serves one question until it is answered, and gives its address and what it is answered by. */
async function served(answers?: readonly string[]): Promise<{ url: string; given: readonly string[] }> {
  const given: string[] = [];
  let question: KnownQuestion = {
    name: "question.1",
    text: LONG,
    since: BEGIN,
    standing: { kind: "open" },
    ...(answers && { answers }),
  };
  const link = { person: "ada", since: BEGIN, question: "question.1", until: BEGIN + 3_600_000 };
  const found = (): Found =>
    question.standing.kind === "open" ? { kind: "open", link, question } : { kind: "closed", link, question };
  const server = replyServer({
    subject: { campaign: "colour-match-1f2e3d4c", lab: "the bench beside the window", zone: "Europe/Berlin" },
    now: () => BEGIN,
    find: (token) => (token === TOKEN ? found() : { kind: "unknown" }),
    reply: async (_, answer) => {
      given.push(answer);
      question = { ...question, standing: { kind: "answered", at: BEGIN, answer, by: "ada", via: "link" } };
      return { kind: "counts", found: { kind: "closed", link, question } };
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/labloop/${TOKEN}`, given };
}

/** Whether a page is as wide as the phone. */
function fits(tab: Tab): Promise<unknown> {
  return tab.value("document.documentElement.scrollWidth <= 390 && innerWidth === 390");
}

const PAPER = "getComputedStyle(document.body).backgroundColor";

describe.skipIf(!hasChromium)("on a phone", () => {
  it("a question is answered by one of its buttons, in light and in the dark, and nothing is complained of", async () => {
    const { url, given } = await served(["approve", `refuse ${LONG}`]);
    const tab = await phoneTab(390);
    await tab.open(url);
    expect(await fits(tab)).toBe(true);
    expect(await tab.value("document.querySelector('button').offsetHeight >= 44")).toBe(true);
    expect(await tab.value(PAPER)).toBe("rgb(255, 255, 255)");
    await tab.show("dark");
    expect(await tab.value(PAPER)).toBe("rgb(22, 22, 22)");
    expect(given).toEqual([]);
    await tab.leave("document.querySelector('button').click()");
    expect(given).toEqual(["approve"]);
    expect(await tab.value("document.querySelector('h1').textContent")).toBe(
      "Thank you, ada: “approve” counts.",
    );
    expect(await fits(tab)).toBe(true);
    expect(tab.complaints).toEqual([]);
    await tab.open(url);
    expect(await tab.value("document.querySelector('h1').textContent")).toBe("This question is answered");
    expect(await tab.value("document.forms.length")).toBe(0);
  });

  it("a question is answered in words", async () => {
    const { url, given } = await served();
    const tab = await phoneTab(390);
    await tab.open(url);
    expect(await fits(tab)).toBe(true);
    expect(await tab.value("document.querySelector('label').control.name")).toBe("answer");
    await tab.leave(
      "document.querySelector('input').value = 'it leaks – 3 mL'; document.forms[1].querySelector('button').click()",
    );
    expect(given).toEqual(["it leaks – 3 mL"]);
    expect(tab.complaints).toEqual([]);
  });
});
