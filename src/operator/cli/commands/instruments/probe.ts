import { openSerial, openTcp, type StreamOpened } from "../../../../instrument/index.ts";
import { listSerialPorts } from "../../../../instrument/transport/serial-ports.ts";
import { listDrivers } from "../../../../lab/list-drivers.ts";
import { SystemClock } from "../../../../lab/system-clock.ts";
import { CliError } from "../../cli-error.ts";
import { EXIT } from "../../exit-code.ts";
import { type CommonOptions, openTerminal } from "../../terminal.ts";

interface ProbeOptions extends CommonOptions {
  readonly port?: string;
  readonly tcp?: string;
  readonly driver?: string;
  readonly live?: boolean;
}

/** `labloop instruments probe`: asks on each port who is there; only questions are asked, nothing is set. */
export async function probe(options: ProbeOptions): Promise<number> {
  const terminal = openTerminal(options);
  if (options.live !== true)
    throw new CliError({
      code: "cli.no-mode",
      message:
        "probing sends questions to whatever is plugged in, and opening a port resets some controllers",
      advice: "add --live when that may happen",
    });
  const drivers = (await listDrivers()).filter(
    ({ declaration, probe }) =>
      probe !== undefined && (options.driver === undefined || declaration.id === options.driver),
  );
  if (drivers.length === 0)
    throw new CliError({
      code: "lab.no-driver",
      message: `there is no driver "${options.driver}" that can ask`,
      advice: "see `labloop instruments`",
    });
  const clock = new SystemClock();
  const places = await placesOf(options);
  if (places.length === 0) terminal.say("this computer has no serial port; --tcp HOST:PORT asks at a socket");
  let found = 0;
  for (const place of places) {
    for (const driver of drivers) {
      const { id, line } = driver.declaration;
      if (place.kind === "serial" && line === undefined) continue;
      const opened: StreamOpened =
        place.kind === "tcp"
          ? await openTcp({ host: place.host, port: place.port, clock })
          : await openSerial({ path: place.name, line: line as NonNullable<typeof line>, clock });
      if (opened.kind === "failed") {
        terminal.warn(`${place.name}: ${opened.fault.message}`);
        break;
      }
      const answer = await driver.probe?.({
        stream: opened.stream,
        clock,
        signal: AbortSignal.timeout(10_000),
      });
      await opened.stream.close();
      if (terminal.json)
        terminal.emit({ event: "instrument.probed", place: place.name, driver: id, answer: answer ?? null });
      if (answer === undefined) continue;
      found += 1;
      terminal.say(`${terminal.paint("green", "answers")}  ${place.name}: ${id} ("${answer}")`);
    }
  }
  if (found === 0) terminal.say("nothing answered that a driver knows");
  return found > 0 ? EXIT.concluded : EXIT.instrument;
}

type Place =
  | { readonly kind: "serial"; readonly name: string }
  | { readonly kind: "tcp"; readonly name: string; readonly host: string; readonly port: number };

async function placesOf({ port, tcp }: ProbeOptions): Promise<readonly Place[]> {
  if (tcp !== undefined) {
    const [, host, number] = /^([^\s:]+):(\d{1,5})$/.exec(tcp) ?? [];
    if (host === undefined)
      throw new CliError({
        code: "cli.bad-address",
        message: `"${tcp}" is no address`,
        advice: "write it as --tcp 192.168.1.20:5025",
      });
    return [{ kind: "tcp", name: tcp, host, port: Number(number) }];
  }
  if (port !== undefined) return [{ kind: "serial", name: port }];
  return (await listSerialPorts()).map(({ path }) => ({ kind: "serial", name: path }));
}
