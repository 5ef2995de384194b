import type { CommonOptions } from "../terminal.ts";

/** Options of `labloop run` and `labloop dry-run`. */
export interface RunOptions extends CommonOptions {
  readonly live?: boolean;
  readonly simulate?: boolean;
  readonly realTime?: boolean;
  /** Seconds of lab time in one. */
  readonly speed?: string;
  readonly seed?: string;
  readonly lab?: string;
  readonly resume?: string;
  /** Number of the scheduled run that this is, and the token that proves it. */
  readonly schedule?: string;
  readonly token?: string;
  readonly history?: boolean;
  readonly notify?: boolean;
}
