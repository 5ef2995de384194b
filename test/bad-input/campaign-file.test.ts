import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { labloopIn, replaced, testFolder } from "../support/labloop.ts";

type Case = readonly [what: string, changes: Readonly<Record<string, string>>, told: readonly string[]];

/** What is done to examples/colour-match/campaign.yaml, and what `labloop validate` tells. */
const COLOUR_MATCH: readonly Case[] = [
  [
    "a misspelt key",
    { "step: 10 uL": "stepp: 10 uL" },
    [
      'error: campaign.yaml:17:36: "stepp" is no key of "parameters.cyan"',
      '  → did you mean "step"? [file.unknown-key]',
    ],
  ],
  [
    "a misspelt key that is required, once",
    { "budget:\n": "budgett:\n" },
    [
      'error: campaign.yaml:44:1: "budgett" is no key of the file',
      '  → did you mean "budget"? [file.unknown-key]',
    ],
  ],
  [
    "a key that is missing",
    { "  experiments: 40\n": "" },
    ['error: campaign.yaml:45:3: "budget" has no "experiments"', '  → add "experiments:" [file.missing-key]'],
  ],
  [
    "an action in doubt that the procedure doesn't have",
    { "budget:\n": "failures: { in_doubt: { cyan.dispens: ask } }\nbudget:\n" },
    [
      'error: campaign.yaml:44:39: the procedure has no "cyan.dispens" that may not be repeated',
      '  → did you mean "cyan.dispense"? [campaign.bad-failure-policy]',
    ],
  ],
  [
    "something to hold that the lab doesn't have",
    { "  - wait: 5 min": "  - { hold: vial, steps: [{ wait: 1 min }] }\n  - wait: 5 min" },
    [
      'error: campaign.yaml:30:13: the lab has no instrument and no resource "vial"',
      "  → there are: cyan, magenta, yellow, water, waste, sensor [campaign.no-resource]",
    ],
  ],
  [
    "an instrument that is held twice",
    {
      "  - wait: 5 min":
        "  - { hold: cyan, steps: [{ hold: [water, cyan], steps: [{ wait: 1 min }] }] }\n  - wait: 5 min",
    },
    [
      'error: campaign.yaml:30:35: the experiment holds "cyan" here already',
      "  → hold it once, around all steps that need it [campaign.held-twice]",
    ],
  ],
  [
    "an instrument that two branches hold",
    {
      "  - wait: 5 min":
        "  - parallel:\n      - { hold: cyan, steps: [{ wait: 1 min }] }\n      - { hold: cyan, steps: [{ wait: 1 min }] }\n  - wait: 5 min",
    },
    [
      'error: campaign.yaml:32:9: another branch holds "cyan", too',
      "  → hold it around the parallel steps, or let one branch follow the other [campaign.held-twice]",
    ],
  ],
  [
    "a kernel that nobody knows",
    { "budget:\n": "surrogate: { kernel: matern52(cyan) + liner }\nbudget:\n" },
    [
      'error: campaign.yaml:44:22: there is no kernel "liner"',
      '  → did you mean "linear"? [campaign.bad-surrogate]',
    ],
  ],
  [
    "a key of another kind of step",
    { "within: 30 s }": "within: 30 s, always: true }" },
    [
      'error: campaign.yaml:31:65: "always" can\'t stand beside "measure", "as", "times", "within" in "procedure[2]"',
      "  → take one of them out; `labloop schema` tells what goes together [file.unknown-key]",
    ],
  ],
  [
    "a step of no known kind",
    { "- wait: 5 min": "- wait_for: 5 min" },
    [
      'error: campaign.yaml:30:5: "procedure[1]" has none of the forms that are known here',
      "  → it is told by one of these keys: do, measure, wait, wait_until, compute, repeat, parallel, hold, when, note [file.wrong-value]",
    ],
  ],
  [
    "two goals in one",
    { "enough: 0.05 AU": "maximise: distance" },
    [
      'error: campaign.yaml:42:29: "maximise" can\'t stand beside "minimise" in "goal"',
      "  → take one of them out; `labloop schema` tells what goes together [file.unknown-key]",
    ],
  ],
  [
    "a number below its least",
    { "experiments: 40": "experiments: 0" },
    [
      'error: campaign.yaml:45:16: "budget.experiments" has to be at least 1',
      "  → `labloop schema` tells what is allowed here [file.wrong-value]",
    ],
  ],
  [
    "a word that is none of the choices",
    { "budget:\n": "design: { first: { method: sobl } }\nbudget:\n" },
    [
      'error: campaign.yaml:44:28: "design.first.method" has to be "sobol" or "random"',
      '  → did you mean "sobol"? [file.wrong-value]',
    ],
  ],
  [
    "a value of the wrong kind",
    { "max: 1500 uL": "max: true" },
    [
      'error: campaign.yaml:17:27: "parameters.cyan.max" has to be a number, or a text such as "300 uL"',
      "  → `labloop schema` tells what is allowed here [file.wrong-value]",
    ],
  ],
  [
    "a file that is no YAML",
    { "constraints:\n": "constraints: [\n" },
    [
      "error: campaign.yaml:22:3: this is no YAML: Block collections are not allowed within flow collections",
      '  → correct the line; lists begin with "- ", names end with ":", and indentation is made of spaces [file.not-yaml]',
      "error: campaign.yaml:24:1: this is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      '  → correct the line; lists begin with "- ", names end with ":", and indentation is made of spaces [file.not-yaml]',
    ],
  ],
  [
    "a tab as indentation",
    { "  cyan: {": "\tcyan: {" },
    [
      "error: campaign.yaml:17:1: a tab stands where the line is indented",
      "  → indent with spaces [file.not-yaml]",
    ],
  ],
  [
    "a name that stands twice",
    { "seed: 1\n": "seed: 1\nseed: 2\n" },
    ["error: campaign.yaml:5:1: this name stands here twice", "  → take one of them out [file.not-yaml]"],
  ],
  [
    "a second document",
    { "budget:\n": "---\nbudget:\n" },
    [
      'error: campaign.yaml:44:1: a second document begins here ("---")',
      "  → put it into a file of its own [file.not-yaml]",
    ],
  ],
  [
    "another encoding",
    { dyes: "d\uFFFDes" },
    [
      "error: campaign.yaml:3:41: this is no text in UTF-8",
      "  → save the file as UTF-8 in your editor; letters such as µ and ° are often the reason [file.not-text]",
    ],
  ],
  [
    "a file of a newer format, whatever else is in it",
    { "labloop: 1": "labloop: 2\nfuture: yes" },
    [
      "error: campaign.yaml:1:10: this file has format 2, but this version of labloop reads format 1",
      "  → run it with the version of labloop that it was written for [file.other-version]",
    ],
  ],
  [
    "a file without its format",
    { "labloop: 1\n": "" },
    [
      'error: campaign.yaml:1:1: the file has no "labloop"',
      "  → add `labloop: 1`, the version of the file's format [file.missing-key]",
    ],
  ],
  [
    "a word that has a meaning of its own as a name",
    { "constraints:\n": "  constructor: { min: 0, max: 1 }\n\nconstraints:\n" },
    [
      'error: campaign.yaml:21:3: "constructor" is no name: this word has a meaning of its own',
      "  → choose another name [file.wrong-value]",
    ],
  ],
  [
    "a unit of the wrong kind",
    { "volume: cyan }": "volume: 300 s }" },
    [
      'error: campaign.yaml:26:46: "300 s" is a time, but a volume is expected here',
      "  → write the value with a unit of the right kind, such as uL [campaign.wrong-unit]",
    ],
  ],
  [
    "a step in another unit, without blaming what uses the parameter",
    { "max: 1500 uL, step: 10 uL": "max: 1500 uL, step: 10 s" },
    [
      'error: campaign.yaml:17:42: "10 s" is a time, but a volume is expected here',
      "  → write the value with a unit of the right kind, such as uL [campaign.wrong-unit]",
    ],
  ],
  [
    "a unit that there isn't",
    { "max: 1500 uL": "max: 1500 uLL" },
    [
      'error: campaign.yaml:17:27: "uLL" is no unit that labloop knows; did you mean "uL"?',
      "  → write a number and a unit [campaign.bad-quantity]",
    ],
  ],
  [
    "a unit that was forgotten",
    { "max: 1500 uL": "max: 1500" },
    [
      'error: campaign.yaml:17:27: max of "cyan" has no unit, but min is in uL',
      "  → write max in uL too [campaign.wrong-unit]",
    ],
  ],
  [
    "a number without end",
    { "max: 1500 uL": "max: 1e999 uL" },
    [
      'error: campaign.yaml:17:27: "1e999 uL" is too large a number',
      "  → write a smaller one [campaign.bad-quantity]",
    ],
  ],
  [
    "min above max",
    { "min: 0 uL": "min: 1600 uL" },
    [
      'error: campaign.yaml:17:9: "cyan" has no range: min is not below max',
      "  → exchange min and max [campaign.empty-range]",
    ],
  ],
  [
    "a range that is no whole number of steps",
    { "step: 10 uL": "step: 7 uL" },
    [
      'error: campaign.yaml:17:42: the range of "cyan" is no whole number of steps of 7 uL',
      "  → use max: 1498 uL, or another step [campaign.bad-step]",
    ],
  ],
  [
    "a time of nothing",
    { "time: 12 h": "time: 0 h" },
    [
      'error: campaign.yaml:46:9: "0 h" is no span of time',
      "  → write a time above 0 [campaign.bad-quantity]",
    ],
  ],
  [
    "constraints that can't hold together",
    {
      "  - cyan + magenta + yellow <= 3000 uL\n":
        "  - cyan + magenta + yellow <= 3000 uL\n  - cyan >= 1200 uL\n  - cyan + magenta <= 1000 uL\n",
    },
    [
      'error: campaign.yaml:23:5: no setting meets the constraints "cyan >= 1200 uL" and "cyan + magenta <= 1000 uL" together',
      "  → loosen one of these constraints, or widen the parameters' ranges [campaign.infeasible]",
    ],
  ],
  [
    "a mixture that can't sum",
    { "constraints:\n": "mixtures:\n  - { of: [cyan, magenta], total: 9 mL }\nconstraints:\n" },
    [
      "error: campaign.yaml:22:5: no amounts of cyan, magenta within their limits and steps sum to 9 mL",
      "  → change the total, or the ranges and steps of its parts [campaign.infeasible]",
    ],
  ],
  [
    "a mixture that its steps can't make up",
    { "constraints:\n": "mixtures:\n  - { of: [cyan, magenta], total: 1005 uL }\nconstraints:\n" },
    [
      "error: campaign.yaml:22:5: no amounts of cyan, magenta within their limits and steps sum to 1005 uL",
      "  → change the total, or the ranges and steps of its parts [campaign.infeasible]",
    ],
  ],
  [
    "a mixture of an unknown part",
    { "constraints:\n": "mixtures:\n  - { of: [cyan, magneta], total: 1 mL }\nconstraints:\n" },
    [
      'error: campaign.yaml:22:18: "magneta" is no parameter of this campaign',
      '  → did you mean "magenta"? [campaign.bad-mixture]',
    ],
  ],
  [
    "an action that the instrument doesn't have",
    { "do: cyan.dispense": "do: cyan.dispence" },
    [
      'error: campaign.yaml:26:15: cyan (New Era NE-1000 syringe pump) has no action "dispence"',
      '  → did you mean "dispense"? [campaign.no-action]',
    ],
  ],
  [
    "an instrument that the lab doesn't have",
    { "do: cyan.dispense": "do: cyaan.dispense" },
    [
      'error: campaign.yaml:26:15: the lab has no instrument "cyaan"',
      '  → did you mean "cyan"? [campaign.no-instrument]',
    ],
  ],
  [
    "an instrument with a name that every object has",
    { "do: cyan.dispense": "do: constructor.toString" },
    [
      'error: campaign.yaml:26:15: the lab has no instrument "constructor"',
      "  → its instruments: cyan, magenta, yellow, water, waste, sensor [campaign.no-instrument]",
    ],
  ],
  [
    "a role of an instrument that the lab doesn't have, at the role",
    { "parameters:\n": "instruments: { cyan: pump }\n\nparameters:\n" },
    [
      'error: campaign.yaml:16:22: the lab has no instrument "pump"',
      "  → its instruments: cyan, magenta, yellow, water, waste, sensor [campaign.no-instrument]",
    ],
  ],
  [
    "an argument that the action doesn't have",
    { "with: { volume: cyan }": "with: { volum: cyan }" },
    [
      'error: campaign.yaml:26:45: "dispense" of cyan (New Era NE-1000 syringe pump) has no argument "volum"',
      '  → did you mean "volume"? [campaign.no-argument]',
    ],
  ],
  [
    "an argument out of the instrument's reach",
    { "volume: 3000 uL }, within: 3 min": "volume: 90 mL }, within: 3 min" },
    [
      'error: campaign.yaml:32:43: "volume" of waste.withdraw is 90000 uL, but it can be 0 uL to 60000 uL',
      "  → write a value that the instrument can do; limits in the lab file count too [campaign.out-of-reach]",
    ],
  ],
  [
    "a setting at which an argument would be out of reach",
    { "<= 3000 uL": "<= 3010 uL" },
    [
      'error: campaign.yaml:29:47: "volume" of water.dispense would be -10 uL at cyan 1490 uL, magenta 290 uL, yellow 1230 uL, but it can be 0 uL to 60000 uL',
      "  → narrow the parameters' ranges or add a constraint, so that every setting can be made [campaign.out-of-reach]",
    ],
  ],
  [
    "a name that isn't known",
    { "volume: cyan }": "volume: cyann }" },
    [
      'error: campaign.yaml:26:46: "cyann" is not known here',
      '  → did you mean "cyan"? [campaign.bad-expression]',
    ],
  ],
  [
    "a name in the middle of a folded text",
    { "colour.ch510/": "colour.ch511/" },
    [
      'error: campaign.yaml:38:15: "sqrt(log10(colour.ch440/target.ch440)^2 + log10(colour.ch470…": "colour.ch511" is not known here',
      '  → did you mean "colour.ch510"? [campaign.bad-expression]',
    ],
  ],
  [
    "an expression that is nested too deeply",
    { "- cyan + magenta": `- ${"(".repeat(100)}cyan${")".repeat(100)} + magenta` },
    [
      'error: campaign.yaml:22:69: "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((…": the expression is nested too deeply',
      "  → docs/reference/campaign-file.md tells how expressions are written [campaign.bad-expression]",
    ],
  ],
  [
    "an expression without end",
    { "- cyan + magenta": `- ${"cyan + ".repeat(20_000)}magenta` },
    [
      "error: campaign.yaml:22:5: an expression has at most 4000 characters, but this one has 140027",
      "  → take it apart: a step `compute:` gives names to its parts [campaign.bad-expression]",
    ],
  ],
  [
    "what could be a unit or a name",
    {
      "constraints:\n": "  s: { min: 1, max: 2 }\n\nconstraints:\n",
      "- wait: 5 min": "- wait: 5 min\n  - wait: 60 / s",
    },
    [
      'error: campaign.yaml:33:11: "60 / s" could mean the unit 1/s or a division by the value "s"',
      '  → write "(60) / s" for the division, or rename "s" [campaign.bad-expression]',
    ],
  ],
  [
    "a choice that a parameter doesn't have",
    {
      "constraints:\n": "  dye: { choices: [old, new] }\n\nconstraints:\n",
      "- wait: 5 min": '- when: dye == "nev"\n    steps: [{ wait: 1 min }]',
    },
    [
      'error: campaign.yaml:32:18: "nev" is no choice of "dye"',
      '  → did you mean "new"? [campaign.bad-expression]',
    ],
  ],
  [
    "a measurement that isn't there",
    { "minimise: distance": "minimise: distanc" },
    [
      'error: campaign.yaml:42:19: "distanc" is no measurement of this campaign',
      '  → did you mean "distance"? [campaign.no-measurement]',
    ],
  ],
  [
    "a goal that tells nothing apart",
    { "{ minimise: distance, enough: 0.05 AU }": "{ discriminate: distance }" },
    [
      "error: campaign.yaml:42:23: there is nothing to tell apart: this campaign has no hypotheses",
      "  → add rival laws under `hypotheses:`, or choose another goal [campaign.no-hypothesis]",
    ],
  ],
  [
    "a stop rule about hypotheses that aren't there",
    { "budget:\n": "stop: [{ decided: 99 % }]\nbudget:\n" },
    [
      "error: campaign.yaml:44:19: nothing can be decided: this campaign has no hypotheses",
      "  → add `hypotheses:`, or take this rule out [campaign.no-hypothesis]",
    ],
  ],
  [
    "too little for one experiment",
    { "  time: 12 h": "  time: 12 h\n  consumables: { water: { available: 1 mL, per_experiment: 3 mL } }" },
    [
      'error: campaign.yaml:47:38: there is too little of "water" for a single experiment',
      "  → correct what is available, or what an experiment uses [campaign.bad-consumable]",
    ],
  ],
  [
    "a bare 0 for a temperature",
    { "constraints:\n": "  bath: { min: 0, max: 40 degC }\n\nconstraints:\n" },
    [
      'error: campaign.yaml:21:16: "0" is a number without unit, but a temperature is expected here',
      "  → write the value with a unit of the right kind, such as degC [campaign.wrong-unit]",
    ],
  ],
  [
    "a sum of two temperatures",
    {
      "constraints:\n":
        "  bath: { min: 20 degC, max: 40 degC }\n\nconstraints:\n  - bath + 5 degC <= 42 degC\n",
    },
    [
      'error: campaign.yaml:24:10: "bath + 5 degC <= 42 degC": two temperatures on a scale can\'t be added; write the difference in K',
      "  → docs/reference/campaign-file.md tells how expressions are written [campaign.bad-expression]",
    ],
  ],
  [
    "a difference of temperatures beside a temperature",
    {
      "constraints:\n":
        "  bath: { min: 20 degC, max: 40 degC }\n\nconstraints:\n  - bath - 5 degC <= 30 degC\n",
    },
    [
      'error: campaign.yaml:24:19: "bath - 5 degC <= 30 degC": one side of "<=" is a difference of temperatures, the other a temperature on a scale; write the difference in K',
      "  → docs/reference/campaign-file.md tells how expressions are written [campaign.bad-expression]",
    ],
  ],
  [
    "a lab file that is missing",
    { "lab: lab.yaml": "lab: labb.yaml" },
    [
      'error: campaign.yaml:5:6: there is no file "labb.yaml"',
      "  → look at the path, or begin with `labloop init` [file.missing]",
    ],
  ],
];

/** The same with examples/enzyme. */
const ENZYME: readonly Case[] = [
  [
    "a law whose parameter has no prior",
    { "      ki: lognormal(0.1 mM, 1)\n": "" },
    [
      'error: campaign.yaml:39:59: "ki" has no prior, and is no parameter or constant of the campaign',
      '  → add `ki: lognormal(median, sigma)` or another prior under priors; or did you mean "km"? [campaign.no-prior]',
    ],
  ],
  [
    "a prior that is none",
    { "lognormal(0.1 mM, 1)": "lognorm(0.1 mM, 1)" },
    [
      'error: campaign.yaml:43:11: "lognorm(0.1 mM, 1)" is no prior',
      '  → write "normal(mean, sd)", "lognormal(median, sigma)" or "uniform(least, greatest)" [campaign.bad-prior]',
    ],
  ],
  [
    "a hypothesis with the surrogate's name",
    { "  competitive:": "  surrogate:" },
    [
      'error: campaign.yaml:38:5: "surrogate" is the hypothesis that stands for none of the laws, and is always there',
      "  → choose another name [campaign.name-twice]",
    ],
  ],
];

/** Whole files. */
const FILES: readonly (readonly [what: string, text: string, told: readonly string[]])[] = [
  [
    "an empty file",
    "",
    [
      "error: campaign.yaml:1:1: the file has to be a set of names with values",
      "  → `labloop schema` tells what is allowed here [file.wrong-value]",
    ],
  ],
  [
    "aliases that multiply",
    "labloop: 1\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n",
    [
      'error: campaign.yaml:1:1: the aliases of this file ("*name") repeat more than 100 values',
      "  → write the values out, or use `constants:` [file.too-many-aliases]",
    ],
  ],
  [
    "an alias of itself",
    "labloop: 1\nprocedure: &a [{ parallel: *a }]\n",
    [
      'error: campaign.yaml:2:28: "*a" stands inside of what it refers to',
      "  → write the value out [file.not-yaml]",
    ],
  ],
  [
    "an alias of nothing",
    "labloop: 1\nname: *nobody\n",
    [
      'error: campaign.yaml:2:7: "*nobody" refers to nothing: there is no "&nobody" before it',
      "  → write the value out [file.not-yaml]",
    ],
  ],
  [
    "lists in lists without end",
    `labloop: 1\nname: ${"[".repeat(3000)}${"]".repeat(3000)}\n`,
    [
      "error: campaign.yaml:2:1007: lists and names are nested more than 64 deep here",
      "  → write it with fewer brackets or less indentation [file.too-deep]",
    ],
  ],
];

function example(name: string, file: "campaign.yaml" | "lab.yaml"): string {
  return readFileSync(join("examples", name, file), "utf8");
}

function written(campaign: string, lab: string): string {
  const folder = testFolder();
  writeFileSync(join(folder, "campaign.yaml"), campaign);
  writeFileSync(join(folder, "lab.yaml"), lab);
  return folder;
}

/** What `labloop validate` tells of a campaign file, and its exit code. */
async function validated(campaign: string, lab: string): Promise<[told: string[], status: number | null]> {
  const { status, stdout, stderr } = await labloopIn(written(campaign, lab), "validate", "campaign.yaml");
  if (stdout !== "") throw new Error(`stdout is for programs, but has ${stdout}`);
  return [stderr.trimEnd().split("\n"), status];
}

describe.concurrent("labloop validate tells", () => {
  it.each(COLOUR_MATCH)("%s", async (_, changes, told) => {
    expect(
      await validated(
        replaced(example("colour-match", "campaign.yaml"), changes),
        example("colour-match", "lab.yaml"),
      ),
    ).toEqual([told, 2]);
  });

  it.each(ENZYME)("%s", async (_, changes, told) => {
    expect(
      await validated(replaced(example("enzyme", "campaign.yaml"), changes), example("enzyme", "lab.yaml")),
    ).toEqual([told, 2]);
  });

  it.each(FILES)("%s", async (_, text, told) => {
    expect(await validated(text, example("colour-match", "lab.yaml"))).toEqual([told, 2]);
  });

  it("a module that is missing", async () => {
    const text = example("colour-match", "campaign.yaml").replace(
      /procedure:[\s\S]*measurements:/,
      "procedure: { module: steps.mjs }\n\nmeasurements:",
    );
    expect(await validated(text, example("colour-match", "lab.yaml"))).toEqual([
      [
        'error: campaign.yaml:24:22: there is no module "steps.mjs"',
        "  → look at the path; it begins at the campaign file [campaign.bad-module]",
      ],
      2,
    ]);
  });

  it("that a file is a folder, or missing", async () => {
    const folder = testFolder();
    const ended = await labloopIn(folder, "validate", ".", "nowhere.yaml");
    expect(ended.stderr).toBe(
      [
        'error: "." can\'t be read: it is a folder',
        "  → look at the path and its rights [file.unreadable]",
        'error: there is no file "nowhere.yaml"',
        "  → look at the path, or begin with `labloop init` [file.missing]",
        "",
      ].join("\n"),
    );
    expect(ended.status).toBe(2);
  });

  it("everything that is wrong at once, on stdout for programs", async () => {
    const campaign = replaced(example("colour-match", "campaign.yaml"), {
      "do: cyan.dispense": "do: cyan.dispence",
      "time: 12 h": "time: 12 mL",
      "minimise: distance": "minimise: distanc",
    });
    const folder = written(campaign, example("colour-match", "lab.yaml"));
    const { stdout, status } = await labloopIn(folder, "validate", "campaign.yaml", "--json", "--quiet");
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ event, code, place }) => ({ event, code, place }))).toEqual([
      { event: "error", code: "campaign.no-action", place: { file: "campaign.yaml", line: 26, column: 15 } },
      {
        event: "error",
        code: "campaign.no-measurement",
        place: { file: "campaign.yaml", line: 42, column: 19 },
      },
      { event: "error", code: "campaign.wrong-unit", place: { file: "campaign.yaml", line: 46, column: 9 } },
    ]);
    expect(status).toBe(2);
  });
});

describe.concurrent("a campaign with a fault", () => {
  it("doesn't begin to run, and leaves no database behind", async () => {
    const campaign = replaced(example("colour-match", "campaign.yaml"), { "time: 12 h": "time: 12 mL" });
    const folder = written(campaign, example("colour-match", "lab.yaml"));
    const { status, stdout, stderr } = await labloopIn(
      folder,
      "run",
      "campaign.yaml",
      "--simulate",
      "--json",
    );
    expect(stderr).toContain('campaign.yaml:46:9: "12 mL" is a volume, but a time is expected here');
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(status).toBe(2);
    expect(existsSync(join(folder, "labloop.db"))).toBe(false);
  });
});

describe.concurrent("labloop validate warns, and goes on, of", () => {
  it.each<Case>([
    [
      "a parameter that nothing uses",
      { "constraints:\n": "  extra: { min: 0, max: 1 }\n\nconstraints:\n" },
      [
        'warning: campaign.yaml:21:10: nothing uses "extra": no step, no measurement and no hypothesis',
        "  → use it in the procedure, or take it out: the campaign would look for an effect that can't be there [campaign.unused]",
      ],
    ],
    [
      "several experiments that nothing keeps apart",
      { "procedure:\n": "at_once: 3\nprocedure:\n" },
      [
        "warning: campaign.yaml:24:10: nothing keeps the experiments apart: no step holds a vial, a position or an instrument",
        "  → put the steps of one sample into `hold: …, steps: […]`, or take `at_once` out where all share one vessel [campaign.nothing-held]",
      ],
    ],
    [
      "a role that no step uses",
      { "parameters:\n": "instruments: { spare: water }\n\nparameters:\n" },
      [
        'warning: campaign.yaml:16:23: no step uses the role "spare"',
        "  → take it out, or name it in the procedure [campaign.unused]",
      ],
    ],
    [
      "a consumable that ends before the budget",
      {
        "  time: 12 h": "  time: 12 h\n  consumables: { water: { available: 60 mL, per_experiment: 3 mL } }",
      },
      [
        'warning: campaign.yaml:47:38: "water" lasts for 20 of 40 experiments at most',
        "  → provide more, or make the budget of experiments smaller; the campaign ends when it is used up [campaign.short-supply]",
      ],
    ],
    [
      "a start that is longer than the budget",
      { "budget:\n": "design: { first: { count: 50 } }\nbudget:\n" },
      [
        "warning: campaign.yaml:44:27: the start takes 50 experiments, but the budget ends after 40",
        "  → the campaign would end before it has learned anything: make the start smaller or the budget larger [campaign.start-over-budget]",
      ],
    ],
  ])("%s", async (_, changes, told) => {
    const campaign = replaced(example("colour-match", "campaign.yaml"), changes);
    const folder = written(campaign, example("colour-match", "lab.yaml"));
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(stderr.split("\n").slice(0, 2)).toEqual(told);
    expect(stderr).toContain("campaign.yaml: good.");
    expect(status).toBe(0);
  });

  it("a prior that its law doesn't use", async () => {
    const campaign = replaced(example("enzyme", "campaign.yaml"), {
      "      ki: lognormal(0.1 mM, 1)\n": "      ki: lognormal(0.1 mM, 1)\n      kj: lognormal(0.1 mM, 1)\n",
    });
    const folder = written(campaign, example("enzyme", "lab.yaml"));
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(stderr).toContain(
      'warning: campaign.yaml:44:11: "kj" has a prior, but the expression of "competitive" doesn\'t use it',
    );
    expect(status).toBe(0);
  });
});
