import type { TopicClient, TopicMessage } from "../transport/topic-client.ts";
import type { TroubleContext } from "./line-troubles.ts";

/** What can go wrong between a driver and a broker, by its name. */
export const TOPIC_TROUBLES = {
  silence: "no message arrives",
  deafness: "what is published is taken over and never arrives",
  delay: "messages arrive 5 s late",
  garbage: "messages arrive with other bytes",
  duplicate: "messages arrive twice",
  reorder: "a message arrives after the next one, or half a second late",
} as const;

/** Name of a trouble. */
export type TopicTrouble = keyof typeof TOPIC_TROUBLES;

/** Lateness in ms. */
const LATE = 5000;
const HOLD = 500;

/** Puts a trouble between a driver and its broker. */
export function withTopicTrouble(
  topics: TopicClient,
  trouble: TopicTrouble,
  { clock, random, active }: TroubleContext,
): TopicClient {
  const later = (milliseconds: number, deliver: () => void): void => {
    clock.at(clock.now() + milliseconds, deliver);
  };
  return {
    name: topics.name,
    protocolVersion: topics.protocolVersion,
    onLost: (listener) => topics.onLost(listener),
    close: () => topics.close(),
    publish: async (topic, payload, options) =>
      active() && trouble === "deafness" ? { kind: "accepted" } : topics.publish(topic, payload, options),
    subscribe(filter, listener, qos) {
      let held: TopicMessage | undefined;
      const release = (message: TopicMessage): void => {
        if (held !== message) return;
        held = undefined;
        listener(message);
      };
      const reorder = (message: TopicMessage): void => {
        const before = held;
        held = message;
        if (before === undefined) return later(HOLD, () => release(message));
        held = undefined;
        listener(message);
        listener(before);
      };
      return topics.subscribe(
        filter,
        (message) => {
          if (!active()) return listener(message);
          switch (trouble) {
            case "silence":
              return;
            case "deafness":
              return listener(message);
            case "delay":
              return later(LATE, () => listener(message));
            case "garbage":
              return listener({ ...message, payload: message.payload.map(() => random.integer(256)) });
            case "duplicate":
              listener(message);
              return listener(message);
            case "reorder":
              return reorder(message);
          }
        },
        qos,
      );
    },
  };
}
