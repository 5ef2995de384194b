import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { findChromium, printPdf } from "../../report/chromium.ts";
import { reportPage } from "../../report/report-page.ts";
import { tellCampaign } from "../../report/told-campaign.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

interface ReportCommandOptions extends CommonOptions {
  readonly out?: string;
  readonly format?: string;
}

type Format = "html" | "pdf";

/** `labloop report`: the morning's report of a campaign, as a page that needs nothing else, or as PDF. */
export async function reportCampaign(id: string | undefined, options: ReportCommandOptions): Promise<number> {
  const terminal = openTerminal(options);
  const format = formatOf(options);
  const chromium = format === "pdf" ? chromiumHere() : undefined;
  return withDatabase(options, async (store) => {
    const row = await findCampaign(store, id);
    const html = reportPage(await tellCampaign(store, row), Date.now());
    const out = options.out ?? `${row.key}.${format}`;
    await write(out, chromium === undefined ? html : await printed(chromium, html));
    if (terminal.json)
      terminal.emit({ event: "reported", campaign: row.id, run: row.run, file: out, format });
    terminal.say(`report of ${row.key} in ${out}`);
    return EXIT.concluded;
  });
}

function formatOf({ format, out = "" }: ReportCommandOptions): Format {
  const asked = format ?? (extname(out).toLowerCase() === ".pdf" ? "pdf" : "html");
  if (asked === "html" || asked === "pdf") return asked;
  throw new CliError({
    code: "cli.no-format",
    message: `there is no format "${asked}"`,
    advice: "choose one of html, pdf",
  });
}

function chromiumHere(): string {
  const found = findChromium();
  if (found !== undefined) return found;
  const named = process.env["CHROME_PATH"];
  throw new CliError({
    code: "cli.no-chromium",
    message: `a PDF is printed by Chromium, and ${named ? `CHROME_PATH names no program: "${named}"` : "none is on the PATH"}`,
    advice:
      "install Chromium or set CHROME_PATH; or write the page with --format html, and print it from a browser",
  });
}

async function printed(chromium: string, html: string): Promise<Uint8Array> {
  const result = await printPdf(chromium, html);
  if (result.kind === "printed") return result.pdf;
  throw new CliError({
    code: "cli.not-printed",
    message: `${chromium} printed no PDF: ${result.said}`,
    advice: "write the page with --format html, and print it from a browser",
  });
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    throw new CliError({
      code: "cli.not-written",
      message: `"${file}" can't be written: ${(error as Error).message}`,
      advice: "choose another place with --out",
    });
  }
}
