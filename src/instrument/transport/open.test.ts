import { expect, it } from "vitest";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { openMemoryBroker } from "./memory-broker.ts";
import { connectBroker } from "./mqtt-broker.ts";
import { openSerial } from "./serial.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("a serial port that isn't there is a fault with advice", async () => {
  const opened = await openSerial({
    path: "/dev/no-such-port",
    line: { baudRate: 19200, dataBits: 8, parity: "none", stopBits: 1 },
    clock: new VirtualClock(0, turn),
  });
  expect(opened).toMatchObject({ kind: "failed", fault: { code: "instrument.port-not-opened" } });
  expect(opened.kind === "failed" && opened.fault.advice).toContain("check the cable");
});

it("a program outside reaches the broker in memory over a socket", async () => {
  const clock = new VirtualClock(0, turn);
  const broker = await openMemoryBroker(clock);
  const port = await broker.listen(0);
  const opened = await connectBroker({ url: `mqtt://127.0.0.1:${port}`, clientId: "stranger", clock });
  if (opened.kind === "failed") throw new Error(opened.fault.message);
  const inside = await broker.connect("inside");
  const got = new Promise<string>((resolve) => {
    void inside.subscribe("hello", (message) => resolve(new TextDecoder().decode(message.payload)));
  });
  expect(await opened.topics.publish("hello", "from outside")).toEqual({ kind: "accepted" });
  expect(await got).toBe("from outside");
  await opened.topics.close();
  await broker.close();
});

it("a broker that isn't there is a fault with advice", async () => {
  const clock = new VirtualClock(0, turn);
  const broker = await openMemoryBroker(clock);
  const port = await broker.listen(0);
  await broker.close();
  const opened = await connectBroker({ url: `mqtt://127.0.0.1:${port}`, clientId: "stranger", clock });
  expect(opened).toMatchObject({ kind: "failed", fault: { code: "instrument.broker-not-reached" } });
});
