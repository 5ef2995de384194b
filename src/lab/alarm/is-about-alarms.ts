import type { PersonRequest } from "../../loop/event.ts";

/** Whether a request is about alarms alone, and nothing that the campaign does. */
export function isAboutAlarms({ request }: PersonRequest): boolean {
  return request === "acknowledge-alarm" || request === "shelve" || request === "unshelve";
}
