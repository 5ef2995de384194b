import { createServer, type Server } from "node:net";
import type { Aedes } from "aedes";
import type { Clock } from "../../base/clock.ts";
import { memorySockets } from "./memory-socket.ts";
import { mqtt5Front } from "./mqtt-5-front.ts";
import { clientOptions, MqttTopicClient, type SessionOptions } from "./mqtt-client.ts";
import type { TopicClient } from "./topic-client.ts";

/** An MQTT broker in this process, of MQTT 3.1.1 and 5, for simulated labs. */
export interface MemoryBroker {
  /** A connection in memory. */
  connect(clientId: string, session?: SessionOptions): Promise<TopicClient>;
  /**
   * Lets programs outside this process in, on 127.0.0.1.
   *
   * @param port - 0 for any free one
   * @returns the port
   */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

/** The longest pause that aedes takes for its heartbeat: it sets timers of four times this, at most 2³¹ ms. */
const NO_HEARTBEAT = 2 ** 29 - 1;

/**
 * Starts a broker in this process. Its connections are in memory: none of their work waits on real time, and
 * none of it keeps the process alive.
 */
export async function openMemoryBroker(clock: Clock): Promise<MemoryBroker> {
  const [{ Aedes }, mqtt] = await clock.external(Promise.all([import("aedes"), import("mqtt")]));
  const broker = await clock.external(Aedes.createBroker({ id: "labloop", heartbeatInterval: NO_HEARTBEAT }));
  release(broker);
  const clients: TopicClient[] = [];
  let server: Server | undefined;
  return {
    async connect(clientId, session = {}) {
      const client = new mqtt.MqttClient(
        () => {
          const [ours, theirs] = memorySockets(clock);
          broker.handle(mqtt5Front(theirs, clock));
          return ours;
        },
        {
          ...clientOptions(clientId, session),
          keepalive: 0,
          // Counts from 1; the library's own choice begins anywhere, and runs would differ in their bytes.
          messageIdProvider: new mqtt.UniqueMessageIdProvider(),
        },
      );
      const topics = new MqttTopicClient("the broker in memory", client, () => clock.touch(), session);
      clients.push(topics);
      await new Promise<void>((resolve, reject) => {
        client.once("connect", () => resolve());
        client.once("error", reject);
      });
      return topics;
    },
    listen(port) {
      server ??= createServer((socket) => void broker.handle(mqtt5Front(socket, clock)));
      return listening(server, port);
    },
    async close() {
      server?.close();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const client of clients) await client.close();
    },
  };
}

/** Lets the process end although the broker's timers run; aedes has no option for it. */
function release(broker: Aedes): void {
  for (const timer of Object.values(broker) as unknown[]) {
    if (timer instanceof Object && "unref" in timer && typeof timer.unref === "function") timer.unref();
  }
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}
