import type { FaultCollector } from "../campaign/compile/faults.ts";
import { type GivenSettings, readSettings, readTwinSettings, type Settings } from "../instrument/index.ts";
import { loadProcess, loadSimulator } from "./driver-registry.ts";
import { quantities } from "./lab-quantities.ts";
import type { WrittenLab } from "./lab-schema.ts";

/** What a twin's settings are made from. */
interface Twin {
  readonly name: string;
  readonly driverName: string;
  readonly settings: Settings;
  readonly simulated: GivenSettings;
}

/** Checks what a lab file says of its simulated process and of the twins of its instruments. */
export async function checkSimulation(
  faults: FaultCollector,
  labFile: string,
  file: WrittenLab,
  instruments: Readonly<Record<string, Twin>>,
): Promise<void> {
  await checkProcess(faults, labFile, file);
  for (const [name, written] of Object.entries(file.instruments)) {
    const instrument = instruments[name];
    if (instrument !== undefined && written.simulated !== undefined)
      await checkTwin(faults, labFile, instrument);
  }
}

async function checkProcess(faults: FaultCollector, labFile: string, file: WrittenLab): Promise<void> {
  const { process, settings } = file.simulation ?? {};
  if (process === undefined) return;
  const loaded = await loadProcess(process, labFile);
  if (loaded.kind === "failed") {
    faults.add(loaded.fault.code, ["simulation", "process"], loaded.fault.message, loaded.fault.advice);
    return;
  }
  const read = readSettings(`process "${process}"`, loaded.value.settings, quantities(settings));
  for (const fault of read.kind === "refused" ? read.faults : [])
    faults.add(fault.code, ["simulation", "settings"], fault.message, fault.advice);
}

async function checkTwin(faults: FaultCollector, labFile: string, instrument: Twin): Promise<void> {
  const path = ["instruments", instrument.name, "simulated"];
  const loaded = await loadSimulator(instrument.driverName, labFile);
  if (loaded.kind === "failed") {
    faults.add(loaded.fault.code, path, loaded.fault.message, loaded.fault.advice);
    return;
  }
  const read = readTwinSettings(`the simulated ${instrument.name}`, loaded.value, {
    driver: instrument.settings,
    given: instrument.simulated,
  });
  for (const fault of read.kind === "refused" ? read.faults : [])
    faults.add(fault.code, path, fault.message, fault.advice);
}
