import { cpus } from "node:os";
import type { Peer } from "../peers/python-peers.ts";

/** Day, versions and processor of a run, as its report states them. */
export function runLine(peers: readonly Peer[], extra: string): string {
  const versions = peers.map((peer) =>
    peer.kind === "present" ? `${peer.name} ${peer.version}` : `${peer.name} absent (${peer.why})`,
  );
  const day = new Date().toISOString().slice(0, 10);
  return [day, `Node ${process.version}`, cpus()[0]?.model ?? "unknown processor", ...versions, extra].join(
    ", ",
  );
}

/** Lines of a Markdown table. */
export function tableHead(columns: readonly string[]): string[] {
  return [tableRow(columns), tableRow(columns.map(() => "---"))];
}

/** One line of a Markdown table. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** Arithmetic mean. */
export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
