import { pathToFileURL } from "node:url";
import { findChromium, runChromium } from "../../src/operator/report/chromium.ts";

/** Whether this computer has a Chromium: the one that CHROME_PATH names, or one on the PATH. */
export const hasChromium: boolean = findChromium() !== undefined;

/** A page as a Chromium sees it. */
export interface SeenPage {
  /** The document after it was loaded, as HTML. */
  readonly document: string;
  /** What the page or the browser said about it on the console, such as what was refused. */
  readonly console: readonly string[];
}

/** Opens a page of the disk in a Chromium. */
export async function seenInChromium(file: string): Promise<SeenPage> {
  const logging = ["--enable-logging=stderr", "--v=0", "--disable-background-networking"];
  const program = findChromium() as string;
  const { status, stdout, stderr } = await runChromium(program, [
    ...logging,
    "--dump-dom",
    pathToFileURL(file).href,
  ]);
  if (status !== 0) throw new Error(`Chromium ended with ${status}: ${stderr}`);
  return { document: stdout, console: stderr.split("\n").filter((line) => line.includes(":CONSOLE")) };
}

/** Width and height of the pages of a PDF that Chromium printed, in points. */
export function pagesOf(pdf: Uint8Array): readonly (readonly [width: number, height: number])[] {
  const text = Buffer.from(pdf).toString("latin1");
  return [...text.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
}
