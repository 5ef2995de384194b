import { Command, Option } from "commander";
import { EXIT } from "./exit-code.ts";
import { packageVersion } from "./package-root.ts";

type Options = Record<string, unknown>;
type Action = (...given: never[]) => Promise<number>;

const EXAMPLES = `
Examples:
  labloop init                                         write a first campaign, step by step
  labloop validate campaign.yaml                       check the files; nothing moves
  labloop dry-run campaign.yaml                        rehearse on the simulated lab, in virtual time
  labloop run campaign.yaml --live                     run on the real instruments
  labloop resume                                       go on after a crash or a power cut
  labloop show                                         what the latest campaign has found out
  labloop list                                         every campaign in the database
`;

/** The command line; every command's code is loaded when it is called. */
export function createProgram(): Command {
  const program = new Command("labloop")
    .description("Runs closed-loop experiments: hypothesis → experiment → measurement → update.")
    .version(packageVersion(), "-V, --version")
    .helpCommand(false)
    .enablePositionalOptions()
    .showHelpAfterError("(see --help)")
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? 0 : EXIT.badInput);
    })
    .addHelpText("after", EXAMPLES);

  const run = (name: "run" | "dry-run", description: string): Command =>
    common(
      program
        .command(name)
        .description(description)
        .argument("<campaign.yaml...>", "the campaign file; several share the lab that they name"),
    )
      .option("--seed <n>", "seed instead of the file's")
      .option("--lab <file>", "lab file instead of the campaign's")
      .option("--history", "in a simulation: learn from earlier simulated campaigns what is usual");
  run("run", "run a campaign on the real lab (--live) or the simulated one (--simulate)")
    .option("--live", "move real instruments")
    .option("--simulate", "simulated instruments, in virtual time")
    .option("--real-time", "with --simulate: at the speed of real instruments")
    .option("--speed <times>", "with --simulate: so many times as fast as real instruments, such as 50")
    .addOption(new Option("--schedule <n>").hideHelp())
    .addOption(new Option("--token <text>").hideHelp())
    .option("--notify", "with --real-time: send messages to people, which a simulation only shows")
    .option(
      "--resume <how>",
      "with --live: go on with an unfinished run of these files: auto, ask (default) or never",
    )
    .action(call(async () => (await import("./commands/run.ts")).run));
  run("dry-run", "rehearse a campaign on the simulated lab in virtual time, and tell how long it would take")
    .option(
      "--nights <n>",
      "rehearse so many nights, each with another seed, and tell what to expect; none is kept",
    )
    .option("--from <time>", 'when the night begins on the lab\'s wall, such as "18:00"')
    .option("--until <time>", 'by when it should be done, such as "08:00": tells how likely that is')
    .option(
      "--what-if <fault>",
      'something that goes wrong, such as "02:10 bath silence 5 min"; may be repeated',
      collected,
    )
    .option(
      "--chaos [rate]",
      "faults at random, so many an hour and instrument; as often as the records say by default",
    )
    .option("--out <file.html>", "the outlook as a page, with a chart of a night")
    .action(call(async () => (await import("./commands/run.ts")).dryRun));
  common(
    program
      .command("resume")
      .description("go on with a campaign whose process ended, or that is paused")
      .argument("[id]", "campaign; the latest unfinished one by default"),
  )
    .option("--why <text>", "kept in the journal")
    .action(call(async () => (await import("./commands/resume.ts")).resume));
  common(program.command("list").description("list campaigns")).action(
    call(async () => (await import("./commands/list.ts")).list),
  );
  common(
    program
      .command("show")
      .description("tell what a campaign has found out, and why")
      .argument("[id]", "campaign; the latest by default"),
  )
    .option("--experiment <n>", "all about one experiment")
    .action(call(async () => (await import("./commands/show.ts")).show));
  common(
    program
      .command("export")
      .description("write a campaign for other programs")
      .argument("[id]", "campaign; the latest by default"),
  )
    .option("--format <format>", "csv, bluesky (event-model documents) or json (the events)", "csv")
    .option("--out <file>", "a file instead of stdout")
    .action(call(async () => (await import("./commands/export.ts")).exportCampaign));
  common(
    program
      .command("report")
      .description("write the morning's report of a campaign: one page that needs nothing else, and prints")
      .argument("[id]", "campaign; the latest by default"),
  )
    .option("--out <file>", "where to; <campaign>.html or .pdf here by default")
    .option("--format <format>", "html or pdf (through Chromium); by the file's name, or html")
    .action(call(async () => (await import("./commands/report.ts")).reportCampaign));
  common(
    program
      .command("watch")
      .description("follow a campaign that another process runs; leaving is safe")
      .argument("[id]", "campaign; the latest by default"),
  )
    .option("--since <seq>", "begin behind this entry of the journal", "0")
    .action(call(async () => (await import("./commands/watch.ts")).watch));
  common(
    program
      .command("stock")
      .description(
        "tell what is left of a lab's reagents and in its waste, or keep that it was refilled or emptied",
      )
      .argument("<lab.yaml>", "the lab file"),
  )
    .option(
      "--refill <name=amount>",
      "what is there of a reagent now, such as dye-cyan=500mL; may be repeated",
      collected,
    )
    .option("--emptied <name>", "a waste container that is empty now; may be repeated", collected)
    .action(call(async () => (await import("./commands/stock.ts")).stock));
  common(
    program
      .command("validate")
      .description("check campaign and lab files; no instrument is touched")
      .argument("<files...>", "campaign files"),
  )
    .option("--lab <file>", "lab file instead of the campaign's")
    .action(call(async () => (await import("./commands/validate.ts")).validate));
  common(
    program
      .command("replay")
      .description("rehearse decisions on a table of past experiments")
      .argument("<table.csv>", "one experiment a row, with a header line"),
  )
    .option("--parameters <names>", "columns that were set, such as a,b,c; all others by default")
    .option("--maximise <names>", "column to be made large")
    .option("--minimise <names>", "column to be made small")
    .option("--objectives <names>", "further columns, such as cost:minimise,yield:maximise")
    .option("--budget <n>", "experiments, at most 100 by default")
    .option("--batch <q>", "experiments decided on at a time")
    .option("--start <rows>", "rows to begin with, such as 3,17, counted from 0")
    .option("--categorical <names>", "parameters that are choices, even if they look like numbers")
    .option("--mixture <names>", "parameters that sum to a whole")
    .option(
      "--descriptors <column=table.csv>",
      "numbers for each choice of a parameter; may be repeated",
      collected,
    )
    .option("--columns <names>", "names of the columns, for a table without a header line")
    .option("--seed <n>", "seed of the random numbers")
    .action(call(async () => (await import("./commands/replay.ts")).replay));
  common(
    program
      .command("explain")
      .description("tell what results say: what matters, how sure that is, what there is left to gain")
      .argument("<campaign.yaml>", "the campaign file; its procedure and lab are not looked at"),
  )
    .option("--data <results.csv>", "results so far: a column for each parameter and measurement")
    .option("--tolerance <value>", "distance from the optimum that is near enough, in the measurement's unit")
    .option("--hours <n>", "hours that an experiment takes")
    .action(call(async () => (await import("./commands/explain.ts")).explain));
  common(
    program
      .command("suggest")
      .description("tell what to try next, from results in a table; no instrument is touched")
      .argument("<campaign.yaml>", "the campaign file; its procedure and lab are not looked at"),
  )
    .option("--data <results.csv>", "results so far: a column for each parameter and measurement")
    .option("--pending <pending.csv>", "settings under way")
    .option(
      "--context <name=value>",
      "what is observed, for each context parameter; may be repeated",
      collected,
    )
    .option("--count <n>", "how many suggestions")
    .option("--seed <n>", "seed instead of the file's")
    .action(call(async () => (await import("./commands/suggest.ts")).suggest));
  addInstruments(program);
  addSchedule(program);
  common(
    program
      .command("doctor")
      .description("see whether this computer is fit for a night: disk, database, clock, ports"),
  ).action(call(async () => (await import("./commands/doctor.ts")).doctor));
  common(
    program
      .command("init")
      .description("write a first campaign and lab, from an example")
      .argument("[folder]", "where to; asked for by default"),
  )
    .option("--template <example>", "colour-match or enzyme")
    .option("--name <name>", "the campaign's name")
    .option("--experiments <n>", "experiments at most")
    .action(call(async () => (await import("./commands/init.ts")).init));
  common(
    program
      .command("diagram")
      .description("print the machines as Mermaid")
      .argument("[machine]", "campaign or experiment; both by default"),
  ).action(call(async () => (await import("./commands/diagram.ts")).diagram));
  common(
    program
      .command("schema")
      .description("print the JSON Schema of a file, for editors")
      .argument("<file>", "campaign or lab"),
  ).action(call(async () => (await import("./commands/schema.ts")).schema));
  common(
    program
      .command("verify")
      .description("prove that a journal was not altered and that replay gives the same state")
      .argument("[id]", "campaign; all by default"),
  ).action(call(async () => (await import("./commands/verify.ts")).verify));
  common(
    program
      .command("backup")
      .description("copy the database into one file, also while campaigns run")
      .argument("<file>", "where to"),
  )
    .option("--force", "replace a file that is there")
    .action(call(async () => (await import("./commands/backup.ts")).backup));
  common(
    program
      .command("restore")
      .description("make a database (--db) from a backup")
      .argument("<file>", "the backup"),
  ).action(call(async () => (await import("./commands/backup.ts")).restore));
  common(program.command("forget").description("delete concluded campaigns that were begun long ago"))
    .option("--older-than <time>", 'such as "90 d"; needed')
    .option("--yes", "don't ask")
    .action(call(async () => (await import("./commands/forget.ts")).forget));
  common(
    program
      .command("acknowledge")
      .description("say that you have seen what an interlock tripped on; nothing goes on before")
      .argument("[id]", "campaign; the latest by default"),
  )
    .option("--resume", "and go on with a campaign that it paused")
    .option("--why <text>", "kept in the journal")
    .action(call(async () => (await import("./commands/acknowledge.ts")).acknowledge));
  addAlarms(program);
  common(
    program
      .command("notify")
      .enablePositionalOptions()
      .description("messages to people")
      .command("test")
      .description("send a message on every way to every person of a lab, and say what came of it")
      .argument("<lab.yaml>", "the lab file")
      .argument("[person]", "one person; all by default"),
  ).action(call(async () => (await import("./commands/notify.ts")).test));
  common(
    program
      .command("questions")
      .description("what campaigns that run want to know from somebody")
      .argument("[id]", "one campaign; all that run by default"),
  ).action(call(async () => (await import("./commands/answer.ts")).questions));
  common(
    program
      .command("answer")
      .description('answer a question from another terminal: labloop answer [ID] [NUMBER] "done"')
      .argument("<words...>", "campaign and number of the question where there are several, and the answer"),
  ).action(call(async () => (await import("./commands/answer.ts")).answer));
  for (const [name, description] of REQUESTS) {
    const command = common(
      program.command(name).description(description).argument("[id]", "campaign; the running one by default"),
    ).option("--why <text>", "kept in the journal");
    if (name === "pause")
      command.option("--at <where>", "experiment (default), step (after the running step) or now");
    if (name === "skip" || name === "retry" || name === "discard")
      command.option("--experiment <n>", "which experiment, where several are under way");
    if (name === "repeat") command.option("--experiment <n>", "which experiment; the latest one by default");
    command.action(
      call(async () => {
        const { request } = await import("./commands/request.ts");
        return (id: string | undefined, options: Options) => request(name, id, options);
      }),
    );
  }
  return program;
}

function addAlarms(program: Command): void {
  const alarms = common(
    program
      .command("alarms")
      .enablePositionalOptions()
      .description("what wants your attention now: alarms of running campaigns, the most urgent first")
      .argument("[id]", "one campaign; all that run by default"),
  )
    .option("--all", "past campaigns, too, and alarms that are normal")
    .action(call(async () => (await import("./commands/alarms.ts")).alarms));
  const ask = (name: "acknowledge" | "shelve" | "unshelve", description: string, what: string): Command =>
    common(
      alarms
        .command(name)
        .description(description)
        .argument("<name>", what)
        .argument("[id]", "campaign; the latest running one by default"),
    )
      .option("--why <text>", "kept in the journal")
      .action(call(async () => (await import("./commands/alarms.ts"))[name]));
  ask(
    "acknowledge",
    "say that you have seen an alarm; a trip goes on holding the lab",
    "which alarm, or all",
  );
  ask("shelve", "put an alarm aside for a while; it returns by itself", "which alarm").requiredOption(
    "--for <time>",
    "such as 30min",
  );
  ask("unshelve", "take an alarm back that was put aside", "which alarm");
}

function addSchedule(program: Command): void {
  const schedule = program.command("schedule").description("run campaigns at a time, by `labloop serve`");
  common(
    schedule
      .command("add")
      .description("put a campaign on the schedule; its files are checked now")
      .argument("<campaign.yaml>", "the campaign file"),
  )
    .option("--live", "on real instruments")
    .option("--simulate", "on simulated instruments, in real time")
    .option("--at <time>", 'when, such as "19:00" or "2030-01-07 19:00"; when its window opens by default')
    .option("--every <span>", "again and again: day or week, at the same time on the wall")
    .option("--missed <what>", "when nobody served the schedule at its time: run (late, by default) or skip")
    .option("--seed <n>", "seed instead of the file's")
    .option("--lab <file>", "lab file instead of the campaign's")
    .action(call(async () => (await import("./commands/schedule.ts")).add));
  common(schedule.command("list").description("what is scheduled"))
    .option("--all", "what is over, too")
    .action(call(async () => (await import("./commands/schedule.ts")).list));
  common(schedule.command("next").description("what is run next")).action(
    call(async () => (await import("./commands/schedule.ts")).next),
  );
  common(
    schedule.command("remove").description("don't run it").argument("<number>", "as the list has it"),
  ).action(call(async () => (await import("./commands/schedule.ts")).remove));
  common(program.command("serve").description("run what is due on the schedule, until Ctrl-C"))
    .option("--logs <folder>", "where what campaigns print goes; beside the database by default")
    .action(call(async () => (await import("./commands/serve.ts")).serve));
}

function addInstruments(program: Command): void {
  const instruments = program
    .command("instruments")
    .enablePositionalOptions()
    .description("list drivers and instruments, find them, and work them by hand")
    .argument("[lab.yaml]", "the lab file; the drivers that come with labloop without it")
    .option("--driver <id>", "all about one driver, such as new-era/ne-1000")
    .option("--check", "connect each instrument and ask who it is; nothing moves")
    .option("--live", "with --check: the real instruments")
    .option("--simulate", "with --check: their simulated twins");
  common(instruments).action(call(async () => (await import("./commands/instruments/list.ts")).instruments));
  common(instruments.command("list").description("the same as without a word").argument("[lab.yaml]"))
    .option("--driver <id>", "all about one driver")
    .action(call(async () => (await import("./commands/instruments/list.ts")).instruments));
  const one = (name: string, description: string): Command =>
    common(
      instruments
        .command(name)
        .description(description)
        .argument("<lab.yaml>", "the lab file")
        .argument("<name>", "the instrument's name in it"),
    )
      .option("--live", "the real instrument")
      .option("--simulate", "its simulated twin");
  const act = (name: "call" | "trace", description: string): void => {
    one(name, description)
      .argument("<action>", "such as dispense")
      .argument("[argument=value...]", "such as volume=2mL")
      .option("--yes", "with --live: don't ask before it acts")
      .action(call(async () => (await import("./commands/instruments/call.ts"))[name]));
  };
  act("call", "carry out one action");
  act("trace", "carry out one action, and show every byte");
  one("set", "set a property, and read it back")
    .argument("<property>", "such as setpoint")
    .argument("<value>", "such as 40degC")
    .option("--yes", "with --live: don't ask before it acts")
    .action(call(async () => (await import("./commands/instruments/call.ts")).set));
  one("read", "read properties")
    .argument("[property]", "all by default")
    .action(call(async () => (await import("./commands/instruments/read.ts")).read));
  one("watch", "read properties again and again")
    .argument("[property]", "all by default")
    .option("--every <time>", "time between two readings; 1 s by default")
    .option("--times <n>", "how often; until Ctrl-C by default")
    .action(call(async () => (await import("./commands/instruments/read.ts")).watch));
  common(
    instruments
      .command("usual")
      .description("tell how long actions usually take and what is usually read, by the campaigns so far")
      .argument("<lab.yaml>", "the lab file"),
  )
    .option("--simulate", "by simulated campaigns; by those on real instruments without it")
    .action(call(async () => (await import("./commands/instruments/usual.ts")).usual));
  common(instruments.command("probe").description("find out which instrument answers on which port"))
    .option("--live", "yes, send questions to what is plugged in")
    .option("--port <path>", "one serial port; all by default")
    .option("--tcp <host:port>", "a socket in place of serial ports")
    .option("--driver <id>", "one driver; all by default")
    .action(call(async () => (await import("./commands/instruments/probe.ts")).probe));
  common(
    instruments
      .command("emulate")
      .description("offer a simulated instrument to other software")
      .argument("<driver>", "such as julabo/circulator"),
  )
    .option("--tcp <port>", "at a port of this computer; 0 for any")
    .option("--pty <path>", "at a pseudo-terminal with this name (needs socat)")
    .option("--process <name>", "what it acts on; nothing by default")
    .option("--set <name=value>", "a setting of the simulated instrument; may be repeated", collected)
    .option("--seed <n>", "of its noise")
    .action(call(async () => (await import("./commands/instruments/emulate.ts")).emulate));
  common(
    instruments
      .command("new")
      .description("write a driver with a twin and their tests, to begin from")
      .argument("<vendor/model>", "such as acme/widget"),
  ).action(call(async () => (await import("./commands/instruments/new.ts")).create));
}

const REQUESTS = [
  ["pause", "pause a running campaign after the running experiment, or earlier (--at)"],
  ["skip", "leave out the running step, or the next one of a campaign paused at a step"],
  ["retry", "break the running step off and do it again, or the last one of a campaign paused at a step"],
  ["repeat", "do an experiment again, next"],
  ["discard", "discard the sample of the running experiment, and go on with the next one"],
  ["stop", "stop a running campaign after the running experiment, and park"],
  ["abort", "bring a running campaign's instruments to their safe state now, and end it"],
  ["halt", "emergency: every instrument to its safe state at once; nothing begins before it is acknowledged"],
] as const;

/** The values of an option that may be repeated. */
function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function common(command: Command): Command {
  return command
    .option("--db <path>", "database: a SQLite file or a postgresql:// address (LABLOOP_DB)")
    .option("--json", "NDJSON on stdout")
    .option("--quiet", "no progress")
    .option("--no-color", "no colours")
    .option("--debug", "stack traces");
}

/** Loads a command, calls it, and takes its exit code. */
function call(
  load: () => Promise<Action | ((...given: never[]) => Promise<number>)>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const action = (await load()) as (...all: unknown[]) => Promise<number>;
    // Commander gives the command itself as the last argument.
    process.exitCode = await action(...given.slice(0, -1));
  };
}
