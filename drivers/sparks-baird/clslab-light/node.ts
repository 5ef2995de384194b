import {
  type Device,
  type TopicAnswered,
  type TopicClient,
  TopicRequests,
  Trouble,
} from "labloop/instrument";
import { type Answer, parseAnswer } from "./answer.ts";
import { DECLARATION } from "./declaration.ts";
import { duration, type Exposure, makeExposure } from "./exposure.ts";

/** Milliseconds beyond its duration after which a reading is given up; the node's watchdog needs 8 s. */
const PATIENCE = 10_000;
/** A reading may be repeated. */
const ATTEMPTS = 2;
/** The quickest reading there is, without light: tells that the node lives. */
const GLANCE: Exposure = makeExposure([0, 0, 0], 0, 1);
/** Bytes of a message that a fault shows. */
const SHOWN = 80;

/** Counts of one exposure. */
export type Reading = Extract<Answer, { kind: "counts" }>;

/** A colour sensor node behind its broker. */
export interface ColourSensorNode {
  /**
   * Takes a reading. The node takes one at a time: readings wait for each other.
   *
   * @param key - of the call, by which the node's answer is known
   * @throws Trouble when there is none
   */
  expose(device: Device, exposure: Exposure, key: string): Promise<Reading>;
  /** The quickest reading. */
  glance(device: Device, key: string): Promise<Reading>;
  /** After a restart nobody knows whether the sensor works and the light is off, until a reading says so. */
  look(device: Device): Promise<void>;
  close(): void;
}

/**
 * Listens for a node's answers.
 *
 * @throws Trouble when the broker refuses that
 */
export async function colourSensorNode(opening: Device, topics: TopicClient): Promise<ColourSensorNode> {
  const session = `${opening.name} ${opening.clock.now().toString(36)}`;
  const closing = new AbortController();
  let count = 0;
  /** False from a restart of the node until it gave a reading. */
  let known = true;
  let queue: Promise<unknown> = Promise.resolve();
  const requests = requestsOver(opening, topics, session, () => {
    known = false;
    opening.note("the node restarted; it is looked at before its next reading");
  });
  const listening = await requests.begin();
  if (listening.kind === "failed") throw new Trouble(listening.fault);

  const exchange = (device: Device, exposure: Exposure, key: string): Promise<TopicAnswered<Answer>> => {
    count += 1;
    const correlation = { session, experiment: `${key}#${count}` };
    const maximumAge = device.settings["maximum-age"] as number | undefined;
    return requests.request({
      payload: JSON.stringify({
        ...exposure,
        mongodb: false,
        _session_id: correlation.session,
        _experiment_id: correlation.experiment,
      }),
      qos: 2,
      timeout: duration(exposure) + PATIENCE,
      signal: AbortSignal.any([device.signal, closing.signal]),
      answer: ({ payload }) => parseAnswer(payload, correlation),
      measuredAt: (answer) => (answer.kind === "counts" ? answer.measuredAt : undefined),
      ...(maximumAge !== undefined && { maximumAge: maximumAge * 1000 }),
    });
  };
  const attempt = async (device: Device, exposure: Exposure, key: string, left: number): Promise<Reading> => {
    const answered = await exchange(device, exposure, key);
    const last = left <= 1 || device.signal.aborted || closing.signal.aborted;
    const again = (): Promise<Reading> => attempt(device, exposure, key, left - 1);
    if (answered.kind === "answer") {
      const { answer } = answered;
      if (answer.kind === "error") return last ? reported(device, answer.text) : again();
      known = true;
      return answer;
    }
    if (answered.kind === "no answer" && !last) return again();
    throw new Trouble(answered.fault);
  };
  const expose: ColourSensorNode["expose"] = (device, exposure, key) => {
    const reading = queue.then(() => attempt(device, exposure, key, ATTEMPTS));
    queue = reading.catch(() => undefined);
    return reading;
  };
  return {
    expose,
    glance: (device, key) => expose(device, GLANCE, key),
    look: async (device) => void (known || (await expose(device, GLANCE, "restarted"))),
    close: () => closing.abort(new Error("the connection to the node was closed")),
  };
}

function requestsOver(
  { name, settings, clock }: Device,
  topics: TopicClient,
  session: string,
  restarted: () => void,
): TopicRequests {
  const prefix = `sdl-demo/picow/${settings["node"] as string}`;
  const status = settings["status"] as string | undefined;
  return new TopicRequests({
    instrument: name,
    topics,
    clock,
    requests: `${prefix}/GPIO/28`,
    answers: `${prefix}/as7341/`,
    session,
    ...(status !== undefined && { status }),
    restarted,
  });
}

function reported(device: Device, text: string): never {
  throw new Trouble({
    code: "instrument.alarm",
    message: `${device.name} reported an error in place of a reading: ${text.slice(0, SHOWN)}`,
    advice: DECLARATION.alarms["error"]?.advice as string,
  });
}
