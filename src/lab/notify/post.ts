import type { EventOf, Notification } from "../../loop/event.ts";

/** What became of a message on one way to one person. */
export type DeliveryOutcome = EventOf<"notification.sent"> | EventOf<"notification.failed">;

/** The port through which messages leave; nobody waits for it. */
export interface Post {
  /** Takes a message, and tells what became of it on each way to each person. */
  put(notification: Notification, told: (outcome: DeliveryOutcome) => void): void;
}
