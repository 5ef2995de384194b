import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What Bluesky's RunEngine did on this machine, or why it could not be asked. */
export type BlueskyScan =
  | {
      readonly kind: "ran";
      readonly pointsPerSecond: number;
      readonly version: string;
      readonly python: string;
    }
  | { readonly kind: "absent"; readonly why: string };

const folder = fileURLToPath(new URL("../../../bench/peers/", import.meta.url));

/**
 * Scans an instant detector over an instant motor in Bluesky, without any disk write.
 *
 * The interpreter is the one that LABLOOP_BENCH_PYTHON names, or that of a virtual environment outside the
 * repository, with the versions of requirements.txt.
 *
 * @param points - how many points, at least 1
 */
export function blueskyScan(points: number): BlueskyScan {
  const python = process.env.LABLOOP_BENCH_PYTHON ?? virtualEnvironment();
  if (python === undefined)
    return { kind: "absent", why: "there is no Python in which Bluesky can be installed" };
  const { status, stdout, stderr } = spawnSync(python, [`${folder}bluesky-scan.py`, String(points)], {
    encoding: "utf8",
  });
  if (status !== 0) return { kind: "absent", why: lastLine(stderr) };
  return { kind: "ran", ...(JSON.parse(lastLine(stdout)) as Omit<BlueskyScan & { kind: "ran" }, "kind">) };
}

/** Both steps do nothing where a former run has done them, and mend what it left unfinished. */
function virtualEnvironment(): string | undefined {
  const home = join(tmpdir(), "labloop-bench-peers");
  const python = join(home, "bin", "python");
  const made =
    spawnSync("python3", ["-m", "venv", home]).status === 0 &&
    spawnSync(
      python,
      ["-m", "pip", "install", "--quiet", "--retries", "0", "-r", `${folder}requirements.txt`],
      {
        stdio: ["ignore", "ignore", "ignore"],
      },
    ).status === 0;
  return made ? python : undefined;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
