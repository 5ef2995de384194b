import type { Fault } from "../../base/fault.ts";

/** Ends what a driver was doing; the SDK makes a failed outcome of it, so that it never leaves an instrument. */
export class Trouble extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.name = "Trouble";
    this.fault = fault;
  }
}
