/** What the node understood of a command. */
export type NodeCommand =
  | {
      readonly kind: "expose";
      readonly light: readonly number[];
      readonly atime: number;
      readonly astep: number;
      readonly gain: number;
    }
  | { readonly kind: "error"; readonly error: string };

const GAINS: ReadonlySet<number> = new Set([0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);

/** Reads the fields of a command; the node has defaults for what is absent, and an error for what is wrong. */
export function readCommand(message: unknown): NodeCommand {
  if (typeof message !== "object" || message === null)
    return { kind: "error", error: "ValueError: not JSON" };
  const fields = message as Record<string, unknown>;
  const number = (name: string, otherwise: number): number => Number(fields[name] ?? otherwise);
  const light = ["R", "G", "B"].map((name) => number(name, 0));
  const atime = number("atime", 100);
  const astep = number("astep", 999);
  const gain = number("gain", 128);
  const wrong = [
    ...light.map((value) => whole(value, 255)),
    whole(atime, 255),
    whole(astep, 65536),
    GAINS.has(gain),
  ].includes(false);
  if (wrong) return { kind: "error", error: `ValueError: out of range: ${JSON.stringify(message)}` };
  return { kind: "expose", light, atime, astep, gain };
}

function whole(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
