import { expect, it } from "vitest";
import { loadLab } from "../load-campaign.ts";
import { virtualTime } from "../virtual-time.ts";
import { makeLabSafe } from "./make-lab-safe.ts";

it("tells of each instrument that it can't reach why, and gives up in time", async () => {
  const text = `labloop: 1
name: bench
instruments:
  pump: { driver: new-era/ne-1000, connect: { serial: /dev/no-such-port }, settings: { diameter: 26.7 mm, syringe-volume: 60 mL } }
  unplugged: { driver: new-era/ne-1000, settings: { diameter: 26.7 mm, syringe-volume: 60 mL } }
`;
  const loading = await loadLab("lab.yaml", async () => text);
  if (loading.kind === "faults") throw new Error(loading.faults[0]?.message);
  const clock = virtualTime(0);
  const made = await makeLabSafe({
    lab: loading.lab,
    instruments: ["pump", "unplugged"],
    clock,
    beside: false,
  });
  expect(made.safe).toEqual({});
  expect(made.unknown).toMatchObject({
    pump: { code: "instrument.port-not-opened" },
    unplugged: { code: "lab.not-connected" },
  });
  expect(clock.now()).toBe(10_000);
});
