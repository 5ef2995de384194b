import type { Fault } from "../base/fault.ts";
import type { WrittenBroker } from "./lab-schema.ts";
import { readSecret } from "./secret.ts";

/** A password, which goes to the broker and nowhere else; or why there is none. */
export type BrokerPassword =
  | { readonly kind: "password"; readonly password: string | undefined }
  | { readonly kind: "failed"; readonly fault: Fault };

/**
 * Looks up the password that a lab file refers to.
 *
 * @param labFile - paths in it begin at its folder
 */
export function brokerPassword(
  { password_env: env, password_file: file }: WrittenBroker,
  labFile: string,
): BrokerPassword {
  const found = readSecret({ env, file }, labFile);
  return found.kind === "failed" ? found : { kind: "password", password: found.secret };
}
