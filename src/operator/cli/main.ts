#!/usr/bin/env node
import type { Fault } from "../../base/fault.ts";
import { EXIT } from "./exit-code.ts";
import { createProgram } from "./program.ts";
import { openTerminal, report } from "./terminal.ts";

try {
  await createProgram().parseAsync();
} catch (error) {
  const debug = process.argv.includes("--debug");
  const terminal = openTerminal({
    json: process.argv.includes("--json"),
    debug,
    color: !process.argv.includes("--no-color"),
  });
  const { fault, faults } = error as { fault?: Fault; faults?: readonly Fault[] };
  report(
    terminal,
    faults ?? [
      fault ?? {
        code: "labloop.bug",
        message: `labloop itself failed: ${error instanceof Error ? error.message : String(error)}`,
        advice: "run again with --debug and report what it prints",
      },
    ],
    error,
  );
  // Faults that a person can mend are input; the rest are bugs.
  process.exitCode =
    fault === undefined || /disk-full|disk-failed|too-slow|fenced|damaged|differs/.test(fault.code)
      ? EXIT.fault
      : EXIT.badInput;
}
