import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Fault } from "../base/fault.ts";

/** Where a secret is: its value stands in no file of labloop. */
export interface SecretPlace {
  /** Name of an environment variable. */
  readonly env?: string | undefined;
  /** A file that has it in its first line; the path begins at the lab file. */
  readonly file?: string | undefined;
}

/** A secret, which goes to whom it is for and nowhere else; or why there is none. */
export type Secret =
  | { readonly kind: "secret"; readonly secret: string | undefined }
  | { readonly kind: "failed"; readonly fault: Fault };

/** Bits of a file's mode that let others than its owner read or write it. */
const OTHERS = 0o077;

/**
 * Looks up a secret that a lab file refers to; undefined where it refers to none.
 *
 * @param labFile - paths in it begin at its folder
 */
export function readSecret({ env: variable, file }: SecretPlace, labFile: string): Secret {
  if (variable !== undefined) {
    const secret = process.env[variable];
    return secret === undefined || secret === ""
      ? failed(`the environment variable ${variable} isn't set`, "set it where labloop is started")
      : { kind: "secret", secret };
  }
  if (file === undefined) return { kind: "secret", secret: undefined };
  const path = resolve(dirname(labFile), file);
  try {
    if (process.platform !== "win32" && (statSync(path).mode & OTHERS) !== 0)
      return failed(`"${file}" can be read by others than its owner`, `run \`chmod 600 ${file}\``);
    const [secret = ""] = readFileSync(path, "utf8").split(/\r?\n/);
    return secret === ""
      ? failed(`"${file}" is empty`, "write the password into its first line")
      : { kind: "secret", secret };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return failed(`"${file}" can't be read: ${code ?? "unknown"}`, "look at the path and its rights");
  }
}

function failed(message: string, advice: string): Secret {
  return { kind: "failed", fault: { code: "lab.no-password", message, advice } };
}
