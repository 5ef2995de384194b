import { describeFault, type Fault } from "../../base/fault.ts";

/** What was typed can't be done. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly fault: Fault;
  readonly faults: readonly Fault[];

  constructor(fault: Fault, ...more: readonly Fault[]) {
    super(describeFault(fault));
    this.fault = fault;
    this.faults = [fault, ...more];
  }
}
