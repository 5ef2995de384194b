import { describeFault } from "../../src/base/fault.ts";
import { FaultCollector } from "../../src/campaign/compile/faults.ts";
import { parseSourceFile, type SourceFile } from "../../src/campaign/file/source-file.ts";
import type { WrittenCampaign } from "../../src/campaign/schema/campaign-schema.ts";

/** A part of a campaign file, unchecked, and where its faults go. */
export interface WrittenPart {
  readonly file: WrittenCampaign;
  readonly source: SourceFile;
  readonly faults: FaultCollector;
  /** What was found so far, as people read it. */
  told(): string[];
}

/** Reads YAML of which only the parts that a test is about are there. */
export function written(yaml: string): WrittenPart {
  const parsed = parseSourceFile("campaign.yaml", yaml);
  if (parsed.kind === "faults") throw new Error(parsed.faults.map(describeFault).join("\n"));
  const faults = new FaultCollector(parsed.source);
  return {
    file: parsed.source.data as WrittenCampaign,
    source: parsed.source,
    faults,
    told: () => [...faults.faults, ...faults.warnings].map(describeFault),
  };
}
