import { isHeld } from "../../lab/ownership.ts";
import type { Store } from "../../record/store.ts";
import { tornTail } from "../../record/torn-tail.ts";
import { databaseAddress } from "./session.ts";
import type { CommonOptions, Terminal } from "./terminal.ts";

/**
 * Looks, before a database is opened, whether its last write was finished.
 *
 * @returns says so once the database is open, unless a living process may be in the middle of a write
 */
export function lookForTornTail(
  terminal: Terminal,
  options: CommonOptions,
): (store: Pick<Store, "campaigns">) => Promise<void> {
  const address = databaseAddress(options);
  const bytes = /^postgres(ql)?:/.test(address) ? 0 : tornTail(address);
  return async (store) => {
    if (bytes === 0 || (await store.campaigns()).some(isHeld)) return;
    terminal.warn(
      `note: the last write to ${address} wasn't finished; its ${bytes} bytes are left out, and every journal ends with its last whole entry`,
    );
  };
}
