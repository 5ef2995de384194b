import { spawnSync } from "node:child_process";

/** Whether this computer has `socat`, which makes pseudo-terminals. */
export const hasSocat: boolean = spawnSync("socat", ["-V"]).status === 0;
