/**
 * Instruments: how late 64 of them are polled while a suggestion is computed, round trips of a line in memory, messages
 * through an MQTT broker. How soon they are made safe is measured by trip.ts.
 *
 * Usage: npm run bench:instruments [-- --short]; without it bench/instruments/results.md is rewritten. The broker is
 * mosquitto, on a port of its own; where it isn't installed its figure is absent.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { setMaxListeners } from "node:events";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import {
  answering,
  connectBroker,
  delimited,
  type Instrument,
  memoryLine,
  openLine,
  VirtualClock,
} from "labloop/instrument";
import { ScaledClock } from "labloop/instrument/testing";
import { freePort } from "../../test/support/free-port.ts";
import { runLine, tableHead, tableRow } from "../decisions/report.ts";
import { baths } from "./baths.ts";

const short = process.argv.includes("--short");
const never = new AbortController().signal;
setMaxListeners(0, never);

interface Figure {
  readonly name: string;
  readonly value: number | undefined;
  readonly unit: string;
  readonly goal: string;
  readonly met: boolean;
}

/** Requests a second over a line in memory that takes no time: what the SDK itself costs. */
async function roundTrips(): Promise<Figure> {
  const clock = new VirtualClock(0, () => new Promise((resolve) => setImmediate(resolve)));
  const { host, device } = memoryLine({ name: "line", clock });
  answering(device, delimited({ end: 0x0d }), (message) => `${message}\r`);
  const line = openLine({ instrument: "it", stream: host, decoder: delimited({ end: 0x0d }), clock });
  const count = short ? 5000 : 50_000;
  const began = performance.now();
  for (let i = 0; i < count; i++)
    await line.request({ send: "ask\r", answer: (message) => message, signal: never });
  const value = (1000 * count) / (performance.now() - began);
  return {
    name: "round trips of a line in memory",
    value,
    unit: "1/s",
    goal: "> 20,000",
    met: value > 20_000,
  };
}

/** Lateness of 64 instruments that are polled ten times a second beside a worker that computes suggestions. */
async function lateness(): Promise<Figure> {
  const instruments = await baths(new ScaledClock(1));
  const worker = new Worker(new URL("./suggesting.js", import.meta.url));
  const ends = performance.now() + (short ? 3000 : 20_000);
  const late = (await Promise.all(instruments.map((each, i) => poll(each, (100 * i) / 64, ends))))
    .flat()
    .sort((a, b) => a - b);
  await worker.terminate();
  for (const each of instruments) await each.close();
  const value = late[Math.floor(0.99 * late.length)] as number;
  return {
    name: "64 instruments at 10 Hz, p99 lateness of a poll",
    value,
    unit: "ms",
    goal: "< 20",
    met: value < 20,
  };
}

/** Milliseconds by which each poll began too late. */
async function poll(instrument: Instrument, offset: number, ends: number): Promise<number[]> {
  const late: number[] = [];
  let due = performance.now() + offset;
  while (due < ends) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    late.push(performance.now() - due);
    await instrument.read?.("temperature", never);
    due += 100;
  }
  return late;
}

/** Messages a second with acknowledgement, from one connection to another. */
async function messages(): Promise<Figure> {
  const figure = { name: "MQTT messages of quality 1 through mosquitto", unit: "1/s", goal: "> 5,000" };
  const port = await freePort();
  const broker = await mosquitto(port);
  if (broker === undefined) return { ...figure, value: undefined, met: false };
  const clock = new ScaledClock(1);
  const open = async (clientId: string) => {
    const opened = await connectBroker({ url: `mqtt://127.0.0.1:${port}`, clientId, clock });
    if (opened.kind === "failed") throw new Error(opened.fault.message);
    return opened.topics;
  };
  const [ours, theirs] = [await open("bench 1"), await open("bench 2")];
  const count = short ? 2000 : 30_000;
  let came = 0;
  const all = new Promise<void>((resolve) => {
    void theirs.subscribe("bench/#", () => {
      came += 1;
      if (came === count) resolve();
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const began = performance.now();
  // Some hundred are under way at once, as from many instruments.
  const lanes = Array.from({ length: 200 }, async (_, lane) => {
    for (let i = lane; i < count; i += 200) await ours.publish(`bench/${lane}`, `{"t":${i},"value":21.5}`);
  });
  await Promise.all([...lanes, all]);
  const value = (1000 * count) / (performance.now() - began);
  await ours.close();
  await theirs.close();
  broker.kill();
  return { ...figure, value, met: value > 5000 };
}

/** A broker on a port of this computer, or undefined when it isn't installed. */
async function mosquitto(port: number): Promise<ChildProcess | undefined> {
  const child = spawn("mosquitto", ["-p", String(port)], { stdio: "ignore" });
  const started = await new Promise<boolean>((resolve) => {
    child.once("spawn", () => resolve(true));
    child.once("error", () => resolve(false));
  });
  if (!started) return undefined;
  await new Promise((resolve) => setTimeout(resolve, 500));
  return child;
}

const figures = [await roundTrips(), await lateness(), await messages()];
const shown = (value: number | undefined): string =>
  value === undefined ? "absent" : value.toLocaleString("en", { maximumSignificantDigits: 3 });
const lines = [
  "# Instruments",
  "",
  runLine([], short ? "short run" : "whole run"),
  "",
  ...tableHead(["figure", "measured", "unit", "goal", ""]),
  ...figures.map(({ name, value, unit, goal, met }) =>
    tableRow([
      name,
      shown(value),
      unit,
      goal,
      value === undefined ? "not measured" : met ? "met" : "**missed**",
    ]),
  ),
];
console.log(lines.join("\n"));
if (!short)
  writeFileSync(
    fileURLToPath(new URL("../../../bench/instruments/results.md", import.meta.url)),
    `${lines.join("\n")}\n`,
  );
