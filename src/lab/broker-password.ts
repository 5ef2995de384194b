import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Fault } from "../base/fault.ts";
import type { WrittenBroker } from "./lab-schema.ts";

/** A password, which goes to the broker and nowhere else; or why there is none. */
export type BrokerPassword =
  | { readonly kind: "password"; readonly password: string | undefined }
  | { readonly kind: "failed"; readonly fault: Fault };

/** Bits of a file's mode that let others than its owner read or write it. */
const OTHERS = 0o077;

/**
 * Looks up the password that a lab file refers to.
 *
 * @param labFile - paths in it begin at its folder
 */
export function brokerPassword(
  { password_env: variable, password_file: file }: WrittenBroker,
  labFile: string,
): BrokerPassword {
  if (variable !== undefined) {
    const password = process.env[variable];
    return password === undefined || password === ""
      ? failed(`the environment variable ${variable} isn't set`, "set it where labloop is started")
      : { kind: "password", password };
  }
  if (file === undefined) return { kind: "password", password: undefined };
  const path = resolve(dirname(labFile), file);
  try {
    if (process.platform !== "win32" && (statSync(path).mode & OTHERS) !== 0)
      return failed(`"${file}" can be read by others than its owner`, `run \`chmod 600 ${file}\``);
    const [password = ""] = readFileSync(path, "utf8").split(/\r?\n/);
    return password === ""
      ? failed(`"${file}" is empty`, "write the password into its first line")
      : { kind: "password", password };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return failed(`"${file}" can't be read: ${code ?? "unknown"}`, "look at the path and its rights");
  }
}

function failed(message: string, advice: string): BrokerPassword {
  return { kind: "failed", fault: { code: "lab.no-password", message, advice } };
}
