import {
  type AnySimulator,
  emulateOverPty,
  emulateOverTcp,
  NO_PROCESS,
  openSimulation,
  readSettings,
  type Simulator,
} from "../../../../instrument/index.ts";
import { loadProcess, loadSimulator } from "../../../../lab/driver-registry.ts";
import { SystemClock } from "../../../../lab/system-clock.ts";
import { CliError } from "../../cli-error.ts";
import { EXIT } from "../../exit-code.ts";
import { namedQuantities } from "../../named-value.ts";
import { type CommonOptions, openTerminal } from "../../terminal.ts";
import { wholeNumber } from "../../whole-number.ts";

interface EmulateOptions extends CommonOptions {
  readonly tcp?: string;
  readonly pty?: string;
  readonly process?: string;
  readonly set?: readonly string[];
  readonly seed?: string;
}

/** `labloop instruments emulate`: offers a simulated twin to other software, until Ctrl-C. */
export async function emulate(id: string, options: EmulateOptions): Promise<number> {
  const terminal = openTerminal(options);
  if ((options.tcp === undefined) === (options.pty === undefined))
    throw new CliError({
      code: "cli.no-mode",
      message: "say where other software finds the instrument",
      advice: "--tcp PORT, or --pty PATH for software that opens a serial port",
    });
  const simulator = await bytesOnly(id);
  const read = readSettings(
    `the simulated ${id}`,
    simulator.settings,
    namedQuantities("--set", options.set ?? [], "rate=4K/min"),
  );
  if (read.kind === "refused") throw new CliError(...(read.faults as [never, ...never[]]));
  const clock = new SystemClock();
  const seed = wholeNumber("--seed", options.seed) ?? 1;
  const emulation = {
    name: id,
    clock,
    seed,
    simulator,
    settings: read.settings,
    process: await processOf(options.process, { clock, seed }),
  };
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  if (options.pty !== undefined) {
    const opened = await emulateOverPty(emulation, options.pty);
    if (opened.kind === "failed")
      throw new CliError(
        opened.fault.code === "instrument.program-not-started"
          ? { ...opened.fault, advice: "install socat, or use --tcp PORT" }
          : opened.fault,
      );
    terminal.print(options.pty);
    terminal.say(`a simulated ${id} is at ${options.pty}; Ctrl-C ends it`);
    await ended;
    await opened.close();
    return EXIT.concluded;
  }
  const opened = await emulateOverTcp(emulation, wholeNumber("--tcp", options.tcp) ?? 0).catch(
    (error: NodeJS.ErrnoException) => {
      throw new CliError(
        error.syscall === "listen"
          ? { code: "cli.port-taken", message: error.message, advice: "choose another port, or 0 for any" }
          : {
              code: "cli.bad-twin",
              message: error.message,
              advice: "correct --set, or name another --process",
            },
      );
    },
  );
  terminal.print(`127.0.0.1:${opened.port}`);
  terminal.say(`a simulated ${id} is at 127.0.0.1:${opened.port}; Ctrl-C ends it`);
  await ended;
  await opened.close();
  return EXIT.concluded;
}

async function bytesOnly(id: string): Promise<Simulator<"serial" | "tcp" | "program">> {
  const loaded = await loadSimulator(id, `${process.cwd()}/lab.yaml`);
  if (loaded.kind === "failed") throw new CliError(loaded.fault);
  const simulator: AnySimulator = loaded.value;
  if (["serial", "tcp", "program"].includes(simulator.transport)) return simulator as Simulator<"serial">;
  throw new CliError({
    code: "instrument.other-transport",
    message: `${id} works over ${simulator.transport}, not over a line`,
    advice: "only instruments on a serial line or a socket can be offered",
  });
}

async function processOf(name: string | undefined, { clock, seed }: { clock: SystemClock; seed: number }) {
  const loaded =
    name === undefined
      ? ({ kind: "loaded", value: NO_PROCESS } as const)
      : await loadProcess(name, `${process.cwd()}/lab.yaml`);
  if (loaded.kind === "failed") throw new CliError(loaded.fault);
  const opened = openSimulation({ clock, seed, process: loaded.value, settings: {} });
  if (opened.kind === "refused") throw new CliError(...(opened.faults as [never, ...never[]]));
  return opened.simulation.process;
}
