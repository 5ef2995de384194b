import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { findChromium } from "../../src/operator/report/chromium.ts";

/** What a Chromium says over its pipe: the result of an order, or something that happened. */
interface Told {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A page in a Chromium that can be looked at and acted on, as a person would. */
export interface Tab {
  /** Opens an address, and waits until it is there. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page. */
  value(expression: string): Promise<unknown>;
  /** Does something after which the page is another one, and waits until that is there. */
  leave(expression: string): Promise<void>;
  show(scheme: "light" | "dark"): Promise<void>;
  /** What the page, or the browser about it, complained of. */
  readonly complaints: readonly string[];
}

/** Milliseconds in which a Chromium that is asked to has ended. */
const PATIENCE = 5000;

/** A Chromium with one page of the size of a phone, which ends with the test. */
export async function phoneTab(width: number): Promise<Tab> {
  const profile = mkdtempSync(join(tmpdir(), "labloop-phone-"));
  // Chromium has no sandbox for the superuser.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const usual = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
  const child = spawn(
    findChromium() as string,
    [...usual, ...sandbox, `--user-data-dir=${profile}`, "--remote-debugging-pipe", "about:blank"],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  const pipe = new DevTools(child);
  onTestFinished(async () => {
    const ended = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    // Asked to, it ends its helpers too, which would go on writing into the profile otherwise.
    const cut = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    pipe.order("Browser.close").catch(() => undefined);
    await ended;
    clearTimeout(cut);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const { targetInfos } = (await pipe.order("Target.getTargets")) as {
    targetInfos: readonly { type: string; targetId: string }[];
  };
  const targetId = targetInfos.find(({ type }) => type === "page")?.targetId;
  const { sessionId } = await pipe.order("Target.attachToTarget", { targetId, flatten: true });
  const order = (method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> =>
    pipe.order(method, params, sessionId as string);
  for (const domain of ["Page", "Runtime", "Log"]) await order(`${domain}.enable`);
  const phone = { width, height: 844, deviceScaleFactor: 2, mobile: true };
  await order("Emulation.setDeviceMetricsOverride", phone);
  const value = async (expression: string): Promise<unknown> => {
    const { result } = await order("Runtime.evaluate", { expression, returnByValue: true });
    return (result as { value?: unknown }).value;
  };
  const loaded = async (act: () => Promise<unknown>): Promise<void> => {
    const there = pipe.next("Page.loadEventFired");
    await act();
    await there;
  };
  return {
    complaints: pipe.complaints,
    value,
    open: (url) => loaded(() => order("Page.navigate", { url })),
    leave: (expression) => loaded(() => value(expression)),
    show: async (scheme) => {
      await order("Emulation.setEmulatedMedia", {
        features: [{ name: "prefers-color-scheme", value: scheme }],
      });
    },
  };
}

const COMPLAINTS: ReadonlySet<string> = new Set([
  "Log.entryAdded",
  "Runtime.exceptionThrown",
  "Runtime.consoleAPICalled",
]);

/** The DevTools protocol over a pipe: JSON with a zero byte behind each message. */
class DevTools {
  readonly complaints: string[] = [];
  readonly #out: Writable;
  readonly #orders = new Map<number, (told: Told) => void>();
  readonly #next = new Map<string, () => void>();
  #count = 0;

  constructor({ stdio }: ChildProcess) {
    this.#out = stdio[3] as Writable;
    let rest = "";
    (stdio[4] as Readable).setEncoding("utf8").on("data", (text: string) => {
      const parts = `${rest}${text}`.split("\0");
      rest = parts.pop() ?? "";
      for (const part of parts) this.#take(JSON.parse(part) as Told);
    });
  }

  order(method: string, params: object = {}, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    this.#count += 1;
    const id = this.#count;
    this.#out.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    return new Promise((resolve, reject) => {
      this.#orders.set(id, ({ result, error }) =>
        error === undefined ? resolve(result ?? {}) : reject(new Error(`${method}: ${error.message}`)),
      );
    });
  }

  next(method: string): Promise<void> {
    return new Promise((resolve) => {
      this.#next.set(method, resolve);
    });
  }

  #take(told: Told): void {
    if (told.id !== undefined) {
      this.#orders.get(told.id)?.(told);
      this.#orders.delete(told.id);
      return;
    }
    const { method = "" } = told;
    if (COMPLAINTS.has(method)) this.complaints.push(JSON.stringify(told.params));
    this.#next.get(method)?.();
    this.#next.delete(method);
  }
}
