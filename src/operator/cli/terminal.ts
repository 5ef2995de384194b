import { describeFault, type Fault } from "../../base/fault.ts";

/** How the command talks: people read stderr, programs read stdout. */
export interface Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
  /** Whether stderr is a terminal that can be painted on. */
  readonly live: boolean;
  /** Columns of stderr. */
  width(): number;
  /** A line for people; nothing with --quiet. */
  say(text: string): void;
  /** A line that must be seen, also with --quiet. */
  warn(text: string): void;
  /** Result data on stdout. */
  print(text: string): void;
  /** One line of NDJSON on stdout. */
  emit(value: unknown): void;
  paint(colour: Colour, text: string): string;
  write(text: string): void;
}

/** Colours that mean something: never the only sign of it. */
export type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

const CODES: Readonly<Record<Colour, string>> = {
  bold: "1",
  dim: "2",
  red: "31",
  green: "32",
  yellow: "33",
  cyan: "36",
};

/** Options that every command has. */
export interface CommonOptions {
  readonly db?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly debug?: boolean;
}

/** The terminal of this process, under the conventions NO_COLOR, TERM=dumb and CI. */
export function openTerminal(options: CommonOptions): Terminal {
  const { stdout, stderr, env } = process;
  const tty = stderr.isTTY && env["TERM"] !== "dumb" && env["CI"] === undefined;
  const colour = options.color !== false && tty && (env["NO_COLOR"] ?? "") === "";
  const quiet = options.quiet === true;
  // A reader that has gone away (`labloop … | head`) is no fault.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const line = (text: string): void => {
    stderr.write(`${text}\n`);
  };
  return {
    json: options.json === true,
    quiet,
    debug: options.debug === true,
    live: tty && !quiet,
    width: () => stderr.columns || 100,
    say: (text) => {
      if (!quiet) line(text);
    },
    warn: line,
    print: (text) => {
      stdout.write(`${text}\n`);
    },
    emit: (value) => {
      stdout.write(`${JSON.stringify(value)}\n`);
    },
    paint: (name, text) => (colour ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text),
    write: (text) => {
      stderr.write(text);
    },
  };
}

/** Tells what is allowed but probably not meant: for people alone. */
export function advise(terminal: Terminal, warnings: readonly Fault[]): void {
  for (const warning of warnings)
    terminal.say(`${terminal.paint("yellow", "warning:")} ${describeFault(warning)}`);
}

/** Tells what is wrong: for people on stderr, and with --json as events on stdout. */
export function report(terminal: Terminal, faults: readonly Fault[], cause?: unknown): void {
  for (const fault of faults) {
    terminal.warn(`${terminal.paint("red", "error:")} ${describeFault(fault)}`);
    if (terminal.json) terminal.emit({ event: "error", ...fault });
  }
  if (terminal.debug && cause instanceof Error) terminal.warn(cause.stack ?? cause.message);
}
