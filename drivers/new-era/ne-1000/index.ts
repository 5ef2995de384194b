import {
  type Behaviour,
  type Driver,
  defineLineDriver,
  framed,
  type LineDevice,
  parseQuantity,
  taking,
} from "labloop/instrument";
import { DECLARATION, declareFor, rateLimits } from "./declaration.ts";
import { numberField, RATES } from "./fields.ts";
import { movements } from "./movement.ts";
import { accepted, end, type PumpLine, pumpLine, unreadable } from "./pump-line.ts";
import { halt, ifAny } from "./standstill.ts";

/**
 * New Era NE-1000 syringe pump and its relatives in basic mode.
 *
 * Source: NE-1000 User Manual #1200-01, section 10. One pump on a line; `RUN` is never repeated blindly, and
 * every volume is read back from the pump's own counter.
 */
export const driver: Driver<"serial"> = defineLineDriver({
  declaration: DECLARATION,
  narrow: declareFor,
  framing: ({ address }) => ({
    decoder: framed({ start: 0x02, end: 0x03 }),
    end: "\r",
    write: (command) => (address === 0 ? command : `${address}${command}`),
  }),
  open: async (opening) => {
    const { diameter, rate, address } = opening.settings;
    const line = pumpLine(address as number);
    const version = await line.ask(opening, "VER");
    const [, model = version.data, firmware] = /^(NE[^V]*)V(.*)$/.exec(version.data) ?? [];
    const stopped = version.prompt === "S";
    await setDiameter(opening, line, diameter as number, stopped);
    const programs = stopped ? await clearProgram(opening, line) : true;
    const volume = await line.ask(opening, "VOL");
    if (!/[UM]L$/.test(volume.data)) return unreadable(opening, "VOL", volume.data);
    opening.note("the driver for the NE-1000 was tried with a simulated pump only");
    const moves = movements(line, {
      unit: volume.data.endsWith("ML") ? 1 : 1e-3,
      programs,
      rate: (rate as number | undefined) ?? rateLimits(diameter as number).fastest / 2,
    });
    return {
      identity: { model, ...(firmware !== undefined && { firmware }) },
      actions: { dispense: moves("INF"), withdraw: moves("WDR"), ...otherActions(line) },
      ...looks(line),
    };
  },
});

function otherActions(line: PumpLine): Behaviour<LineDevice>["actions"] {
  return {
    stop: taking(50, async (device) => {
      device.begin();
      await halt(device, line);
    }),
    dispensed: taking(50, async (device) => {
      const { infused, withdrawn } = await line.dispensed(device);
      if (line.interrupted) device.flag("counted since the power was interrupted");
      return { infused: infused * 1e3, withdrawn: withdrawn * 1e3 };
    }),
  };
}

function looks(line: PumpLine): Pick<Behaviour<LineDevice>, "read" | "check" | "safe"> {
  return {
    read: {
      rate: async (device) => {
        const { data } = await line.ask(device, "RAT");
        return parseQuantity(data, RATES, "mL/min") ?? unreadable(device, "RAT", data);
      },
      diameter: async (device) => {
        const { data } = await line.ask(device, "DIA");
        return Number.isNaN(Number(data)) ? unreadable(device, "DIA", data) : Number(data);
      },
    },
    check: async (device) => void (await line.ask(device, "")),
    safe: async (device) => {
      await halt(device, line);
      const volumes = await ifAny(line.dispensed(device));
      return {
        motor: "stopped",
        ...(volumes && { "infused uL": volumes.infused * 1e3, "withdrawn uL": volumes.withdrawn * 1e3 }),
      };
    },
  };
}

/** Sets the diameter only when it differs, since setting it clears the volumes that settling needs. */
async function setDiameter(
  device: LineDevice,
  line: PumpLine,
  diameter: number,
  stopped: boolean,
): Promise<void> {
  const { data } = await line.ask(device, "DIA");
  const field = numberField(diameter) as string;
  if (Number(data) === Number(field)) return;
  if (!stopped)
    end(
      device,
      "instrument.wrong-syringe",
      `is running with a syringe of ${data} mm, but the lab file has ${field} mm`,
      "stop the pump and check its syringe",
    );
  await line.ask(device, `DIA${field}`);
}

/**
 * Ends the program after its first phase, or the pump would go on with an old one after the volume; phase 3
 * never runs and keeps the mark of a command.
 *
 * @returns whether the pump has programs; models without answer "?"
 */
async function clearProgram(device: LineDevice, line: PumpLine): Promise<boolean> {
  const first = await line.send(device, "PHN2", 3);
  if (first.kind === "refused" && first.error === "?") return false;
  accepted(device, "PHN2", first);
  for (const command of ["FUNSTP", "PHN3", "FUNRAT", "PHN1", "FUNRAT"]) await line.ask(device, command);
  return true;
}
