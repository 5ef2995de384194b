import { databaseFault, RecordError } from "./record-error.ts";

/** Milliseconds that a statement is tried again while another process has the database locked. */
const LOCK_PATIENCE = 2000;
const AGAIN_AFTER = 20;

/**
 * Runs a statement, again and again while another process has the database locked: SQLite's own waiting would stop the
 * whole process, which then looks as if it had stalled.
 *
 * @param where - the database, for messages
 * @throws RecordError
 */
export async function unlocked<T>(where: string, run: () => Promise<T>): Promise<T> {
  const until = Date.now() + LOCK_PATIENCE;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const fault = error instanceof RecordError ? error.fault : databaseFault(error, where);
      if (fault.code !== "record.locked" || Date.now() > until) throw new RecordError(fault, error);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, AGAIN_AFTER);
    });
  }
}
