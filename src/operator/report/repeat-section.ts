import { describeFault } from "../../base/fault.ts";
import { packageVersion } from "../cli/package-root.ts";
import { type Markup, markup } from "./markup.ts";
import { factTable, headedTable } from "./table.ts";
import type { RunFile, ToldCampaign } from "./told-campaign.ts";

/** How to repeat the campaign exactly: files, their hashes, version, seed, command line and the head of the journal. */
export function repeatSection(told: ToldCampaign): Markup {
  const { files, started, entries, headHash, faults, row } = told;
  const named = files.map((file) => ({ ...file, name: nameOf(file, told) }));
  return markup`<h2>How to repeat it exactly</h2>
${factTable([
  ["labloop", `${packageVersion()} (this report's; Node.js ${process.version})`],
  ["seed", started.seed],
  ["campaign", row.key],
  ["journal", markup`${entries} entries, head <code>${headHash}</code>`],
  [
    "verified",
    faults.length === 0
      ? "intact: no entry was altered, and replay gives the same commands and state"
      : `NOT INTACT: ${faults.map(describeFault).join("; ")}`,
  ],
  ["command", markup`<code>${commandLine(told)}</code>`],
])}
<p>Put the texts below into one folder under their names${started.mode === "virtual" ? ", and run the command there: it gives the same journal with the same head, unless a person stepped in" : ", and run the command there; the instruments and the samples are what a file can't hold"}. <code>labloop verify ${row.key}</code> proves the journal again.</p>
${files.some(({ part }) => part === "steps") ? markup`<p>The procedure came from a module: its steps, as they were run, are in <code>steps.json</code>. Write a module of the name that the campaign file gives which returns them, or put them behind <code>procedure:</code> (the campaign's id differs then).</p>` : undefined}
${headedTable(
  ["file", "what", "SHA-256"],
  named.map(({ name, part, sha256 }) => [name, part, markup`<code>${sha256}</code>`]),
)}
${named.map(({ name, text }) => markup`<h3>${name}</h3><pre>${text ?? "(the database doesn't have it any more)"}</pre>`)}`;
}

/** What a file has to be called so that the campaign file finds it. */
function nameOf({ part }: RunFile, { written }: ToldCampaign): string {
  if (part === "campaign") return "campaign.yaml";
  if (part === "lab") return written.lab ?? "lab.yaml";
  const [, name] = /^(?:table|holidays) (.*)$/s.exec(part) ?? [];
  return name ?? `${part}.json`;
}

function commandLine({ started }: ToldCampaign): string {
  const how = { live: "--live", "real-time": "--simulate --real-time", virtual: "--simulate" }[started.mode];
  const pace = started.speed === undefined ? how : `--simulate --speed ${started.speed}`;
  return `labloop run campaign.yaml ${pace} --seed ${started.seed}`;
}
