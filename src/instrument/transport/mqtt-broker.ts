import type { MqttClient } from "mqtt";
import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { clientOptions, MqttTopicClient, type SessionOptions } from "./mqtt-client.ts";
import type { TopicClient } from "./topic-client.ts";

/** Which broker, and as whom. */
export interface BrokerOptions extends SessionOptions {
  /** Such as "mqtt://broker.lab:1883" or "mqtts://…:8883". */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Has to be this client's own: two clients of one id throw each other out. */
  readonly clientId: string;
  readonly clock: Clock;
}

/** A connection to a broker, or why there is none. */
export type TopicsOpened =
  | { readonly kind: "open"; readonly topics: TopicClient }
  | { readonly kind: "failed"; readonly fault: Fault };

/** Milliseconds until a broker that doesn't answer is given up. */
const TIMEOUT = 10_000;
/** Seconds between signs of life. */
const KEEPALIVE = 15;

/** Connects to a broker. */
export async function connectBroker(options: BrokerOptions): Promise<TopicsOpened> {
  const { url, username, password, clientId, clock } = options;
  const mqtt = await clock.external(import("mqtt"));
  const client = mqtt.connect(url, {
    ...clientOptions(clientId, options),
    keepalive: KEEPALIVE,
    connectTimeout: TIMEOUT,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
  const topics = new MqttTopicClient(withoutPassword(url), client, () => clock.touch(), options);
  const failure = await clock.external(failureOf(client));
  if (failure === undefined) return { kind: "open", topics };
  await topics.close();
  const fault = {
    code: "instrument.broker-not-reached",
    message: `can't connect to ${withoutPassword(url)}: ${failure}`,
    advice: "check that the broker runs, and the address, user and password in the lab file",
  };
  return { kind: "failed", fault };
}

/** Why there is no connection. */
function failureOf(client: MqttClient): Promise<string | undefined> {
  return new Promise((resolve) => {
    client.once("connect", () => resolve(undefined));
    client.once("error", (error) => resolve(error.message === "" ? String(error) : error.message));
    client.once("close", () => resolve("the connection was closed"));
  });
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/([^:@/]*):[^@/]*@/, "//$1@");
}
