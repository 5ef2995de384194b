import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { labloopIn, replaced, testFolder } from "../support/labloop.ts";

/** What is done to examples/colour-match/lab.yaml, and what `labloop validate` tells. */
const CASES: readonly (readonly [
  what: string,
  changes: Readonly<Record<string, string>>,
  told: readonly string[],
])[] = [
  [
    "a driver that there isn't",
    { "new-era/ne-1000": "new-era/ne-100" },
    [
      'error: lab.yaml:11:13: there is no driver "new-era/ne-100"',
      '  → did you mean "new-era/ne-1000"? [lab.no-driver]',
    ],
  ],
  [
    "a setting that the driver doesn't have",
    { "syringe-volume: 60 mL, rate": "syringe-volume: 60 mL, rat" },
    [
      'error: lab.yaml:13:15: cyan has no setting "rat"',
      '  → did you mean "rate"? [instrument.unknown-setting]',
    ],
  ],
  [
    "a setting out of the driver's reach",
    { "diameter: 26.7 mm": "diameter: 267 mm" },
    [
      'error: lab.yaml:13:15: setting "diameter" of cyan is 267 mm, but has to be at most 50 mm',
      '  → correct "diameter" of cyan in the lab file [instrument.setting-out-of-limits]',
    ],
  ],
  [
    "a limit out of the instrument's reach",
    { "simulated: { port: cyan }": "limits: { dispense.volume: { max: 90 mL } }" },
    [
      "error: lab.yaml:14:39: the limit 90 mL is out of the instrument's reach, 0 … 60000 uL",
      "  → set a limit that the instrument can reach [lab.out-of-reach]",
    ],
  ],
  [
    "a limit of an argument that isn't there",
    { "simulated: { port: cyan }": "limits: { dispense.volum: { max: 1 mL } }" },
    [
      'error: lab.yaml:14:31: "dispense.volum" is no argument of New Era NE-1000 syringe pump',
      '  → did you mean "dispense.volume"? [lab.no-such-limit]',
    ],
  ],
  [
    "a resource that is an instrument",
    { "instruments:\n": "resources: { cyan: { places: 2 } }\ninstruments:\n" },
    [
      'error: lab.yaml:9:20: "cyan" is an instrument already, which experiments can hold as it is',
      "  → take it out here, or choose another name [lab.bad-resource]",
    ],
  ],
  [
    "a place that is there twice",
    { "instruments:\n": "resources: { vial: { places: [1, 2, 1] } }\ninstruments:\n" },
    [
      'error: lab.yaml:9:30: "resources.vial.places" is not right: each number can be there only once',
      "  → `labloop schema` tells what is allowed here [file.wrong-value]",
    ],
  ],
  [
    "a watchdog that waits too long",
    { "labloop: 1\n": "labloop: 1\nwatchdog: { after: 5 min }\n" },
    [
      'error: lab.yaml:2:20: "5 min" is no time from 0.5 s to 60 s',
      '  → write how long labloop may be silent, such as "1 s" [lab.bad-time]',
    ],
  ],
  [
    "a time zone that there isn't",
    { "Europe/Berlin": "Europe/Berln" },
    [
      'error: lab.yaml:6:9: "Europe/Berln" is no time zone',
      '  → did you mean "Europe/Berlin"? [lab.bad-time]',
    ],
  ],
  [
    "a session that expires over MQTT 3.1.1",
    { '1883" }': '1883", session_expiry: 10 min }' },
    [
      "error: lab.yaml:37:63: sessions of MQTT 3.1.1 have no expiry",
      "  → add `version: 5`, or leave `session_expiry` out [lab.session-without-expiry]",
    ],
  ],
  [
    "a session that expires after no time",
    { '1883" }': '1883", version: 5, session_expiry: 10 mL }' },
    [
      'error: lab.yaml:37:75: "10 mL" is no time from 1 s to 4294967294 s',
      '  → write how long the broker keeps messages, such as "10 min" [lab.bad-time]',
    ],
  ],
  [
    "a simulated process that there isn't",
    { "process: colour-mixing": "process: color-mixing" },
    [
      'error: lab.yaml:7:12: there is no process "color-mixing"',
      '  → did you mean "colour-mixing"? [lab.no-process]',
    ],
  ],
  [
    "a setting that the twin doesn't have",
    { "port: cyan": "port: cyan, sup: endless" },
    [
      'error: lab.yaml:14:16: the simulated cyan has no setting "sup"',
      "  → its settings are: port, address, syringe-volume, contents, supply, cv [instrument.unknown-setting]",
    ],
  ],
  [
    "an instrument without driver",
    { "    driver: new-era/ne-1000\n": "" },
    ['error: lab.yaml:11:5: "instruments.cyan" has no "driver"', '  → add "driver:" [file.missing-key]'],
  ],
  [
    "a newer format",
    { "labloop: 1": "labloop: 2" },
    [
      "error: lab.yaml:1:10: this file has format 2, but this version of labloop reads format 1",
      "  → run it with the version of labloop that it was written for [file.other-version]",
    ],
  ],
];

/** An interlock behind those of examples/flow-reaction/lab.yaml, and what `labloop validate` tells of it. */
const INTERLOCKS: readonly (readonly [what: string, interlock: string, told: readonly string[]])[] = [
  [
    "of a property that there isn't",
    "watch: bath.temperatur, max: 90 degC, then: abort",
    [
      'error: lab.yaml:48:19: "bath.temperatur" is not known here',
      '  → did you mean "bath.temperature"? [campaign.bad-expression]',
    ],
  ],
  [
    "of an instrument that there isn't",
    "watch: bath.temperature, max: 90 degC, before: bth.reach, then: abort",
    [
      'error: lab.yaml:48:59: there is no instrument "bth"',
      '  → did you mean "bath"? [lab.unknown-instrument]',
    ],
  ],
  [
    "before an action that there isn't",
    "watch: bath.temperature, max: 90 degC, before: [bath.reech], then: abort",
    ['error: lab.yaml:48:60: bath has no action "reech"', '  → did you mean "reach"? [lab.bad-interlock]'],
  ],
  [
    "with a limit of another dimension",
    "watch: bath.temperature, max: 90 mL, then: abort",
    [
      'error: lab.yaml:48:42: "90 mL" is a volume, but a temperature is expected here',
      "  → write the value with a unit of the right kind, such as degC [campaign.wrong-unit]",
    ],
  ],
  [
    "with a rate that is none",
    "watch: bath.temperature, rate: 5 K, over: 1 min, then: abort",
    ['error: lab.yaml:48:43: "5 K" is a temperature, but a quantity in s^-1·K is expected here'],
  ],
  [
    "with a rate over no time",
    "watch: bath.temperature, rate: 5 K/min, then: abort",
    [
      'error: lab.yaml:48:43: "rate" needs "over"',
      "  → add the time over which the change is taken, such as `over: 1 min` [lab.bad-interlock]",
    ],
  ],
  [
    "that compares with nothing",
    "watch: bath.temperature, within: 5 K, then: abort",
    ['error: lab.yaml:48:45: "within" needs "against"'],
  ],
  [
    "that compares with something else",
    "watch: bath.temperature, against: aryl.rate, within: 5 K, then: abort",
    ['error: lab.yaml:48:46: "aryl.rate" is a volume flow, but a temperature is expected here'],
  ],
  [
    "that nothing follows",
    "watch: bath.temperature, max: 90 degC",
    ['error: lab.yaml:48:19: "watch" needs "then"'],
  ],
  [
    "that something else follows than there is",
    "watch: bath.temperature, max: 90 degC, then: stop",
    ["error: lab.yaml:48:57: "],
  ],
  [
    "without a condition",
    "watch: bath.temperature, then: abort",
    [
      "error: lab.yaml:48:19: no condition is given",
      "  → add min, max, rate, against or stale [lab.bad-interlock]",
    ],
  ],
  ["that watches nothing", "then: abort", ["it isn't said what is watched"]],
  [
    "whose hysteresis leaves nothing",
    "watch: bath.temperature, min: 20 degC, max: 30 degC, hysteresis: 5 K, then: abort",
    ["error: lab.yaml:48:42: nothing is safe between 20 degC and 30 degC"],
  ],
  [
    "whose hysteresis is of no limit",
    "watch: bath.temperature, rate: 5 K/min, over: 1 min, hysteresis: 5 K, then: abort",
    ['"hysteresis" means nothing here: there is no limit that it could be of'],
  ],
  [
    "that is stale at once",
    "watch: bath.temperature, stale: 1 s, then: abort",
    ["error: lab.yaml:48:44: a reading is taken every 1 s, so that it is stale at once"],
  ],
  [
    "that is no reading",
    "watch: 20 degC, max: 30 degC, then: abort",
    ['error: lab.yaml:48:19: "20 degC" is no reading'],
  ],
  [
    "with a safe procedure that there isn't",
    "watch: bath.temperature, max: 90 degC, then: abort, procedure: quench",
    ['there is no safe procedure "quench"'],
  ],
  [
    "that pauses, with a safe procedure",
    "watch: bath.temperature, max: 90 degC, then: pause, procedure: quench",
    ["`then: pause` carries out no safe procedure"],
  ],
  [
    "of actions of one instrument",
    "exclusive: [bath.reach, bath.stop]",
    ["error: lab.yaml:48:23: an instrument does one thing at a time anyhow"],
  ],
  [
    "of actions that reads something, too",
    "exclusive: [bath, aryl], max: 30 degC",
    ['error: lab.yaml:48:42: "max" means nothing here'],
  ],
];

describe.concurrent("labloop validate tells of an interlock", () => {
  it.each(INTERLOCKS)("%s", async (_, interlock, told) => {
    const folder = testFolder();
    const read = (file: string): string => readFileSync(join("examples/flow-reaction", file), "utf8");
    writeFileSync(join(folder, "campaign.yaml"), read("campaign.yaml"));
    const lab = replaced(read("lab.yaml"), { "\nalarms:": `  wrong: { ${interlock} }\n\nalarms:` });
    writeFileSync(join(folder, "lab.yaml"), lab);
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    for (const part of told) expect(stderr).toContain(part);
    expect(status).toBe(2);
  });
});

const ADA = "people: { contacts: { ada: { email: ada@lab.example } } }";
const MAIL = "mail: { server: 'mail.lab.example:587', from: labloop@lab.example }";

/** Sections behind examples/flow-reaction/lab.yaml, and what `labloop validate` tells of them. */
const MESSAGES: readonly (readonly [what: string, sections: string, told: readonly string[]])[] = [
  [
    "to somebody unknown",
    `${ADA}\nnotify: { ${MAIL}, rules: [{ on: [trip], to: [adda] }] }`,
    ['there is nobody "adda" in people.contacts', 'did you mean "ada"? [lab.bad-notify]'],
  ],
  [
    "by mail without a server",
    `${ADA}\nnotify: { rules: [{ on: [trip], to: [ada] }] }`,
    ["there is no mail server", "[lab.bad-notify]"],
  ],
  ["to somebody without a way", "people: { contacts: { ada: {} } }", ["there is no way to reach ada"]],
  [
    "to an address that is none",
    "people: { contacts: { ada: { email: ada } } }",
    ['write an address, such as "ada@lab.example"'],
  ],
  [
    "through a call that nobody signs",
    'people: { contacts: { ada: { webhook: { url: "https://rooms.example/x" } } } }',
    ["nothing signs the calls"],
  ],
  [
    "with quiet hours that never end",
    `${ADA}\nnotify: { ${MAIL}, rules: [{ on: [alarm], to: [ada], quiet: { from: "07:00", to: "07:00" } }] }`,
    ["the quiet hours are the whole day"],
  ],
  [
    "with a summary in quiet hours",
    `${ADA}\nnotify: { ${MAIL}, rules: [{ on: [morning], to: [ada], at: "05:00", quiet: { from: "22:00", to: "06:00" } }] }`,
    ["the summary at 05:00 falls into the quiet hours"],
  ],
  [
    "with a next person, but no time",
    `${ADA}\nnotify: { ${MAIL}, rules: [{ on: [trip], to: [ada], then: [ada] }] }`,
    ["nobody knows when it is their turn", "write `repeat`"],
  ],
  [
    "with a password that would be sent openly",
    `notify: { mail: { server: "m.lab:25", from: l@lab.example, user: l, password_env: X, encryption: none }, rules: [{ on: [trip], to: [ada] }] }`,
    ["a password is not sent without encryption"],
  ],
  [
    "with links that begin nowhere",
    `${ADA}\nnotify: { ${MAIL}, replies: { listen: "8089" }, rules: [{ on: [question], to: [ada] }] }`,
    ['write address and port of this computer, such as "127.0.0.1:8089"'],
  ],
  [
    "with links to a port that there isn't",
    `${ADA}\nnotify: { ${MAIL}, replies: { listen: "127.0.0.1:80890" }, rules: [{ on: [question], to: [ada] }] }`,
    ["there is no port 80890", "write a port from 1 to 65535 [lab.bad-notify]"],
  ],
  [
    "with links that no phone finds",
    `${ADA}\nnotify: { ${MAIL}, replies: { listen: "0.0.0.0:8089" }, rules: [{ on: [question], to: [ada] }] }`,
    ["no phone finds this computer at 0.0.0.0", "write `url`"],
  ],
  [
    "with links to an address that ends in a question",
    `${ADA}\nnotify: { ${MAIL}, replies: { listen: "[::1]:8089", url: "https://lab.example/?a=" }, rules: [{ on: [question], to: [ada] }] }`,
    ["write it without ? and #"],
  ],
  [
    "with links that are over before anybody opens them",
    `${ADA}\nnotify: { ${MAIL}, replies: { listen: "127.0.0.1:8089", valid: 5 s }, rules: [{ on: [question], to: [ada] }] }`,
    ["nobody opens a message in so short a time", "write 1 min or more [lab.bad-notify]"],
  ],
  [
    "with links that are found years later",
    `${ADA}\nnotify: { ${MAIL}, replies: { listen: "127.0.0.1:8089", valid: 700 h }, rules: [{ on: [question], to: [ada] }] }`,
    ["a link that old is found by others"],
  ],
  [
    "with links that are good for no time at all",
    `${ADA}\nnotify: { ${MAIL}, replies: { listen: "127.0.0.1:8089", valid: 5 mL }, rules: [{ on: [question], to: [ada] }] }`,
    ["[campaign.wrong-unit]"],
  ],
  [
    "with links that nobody gets",
    `${ADA}\nnotify: { ${MAIL}, replies: { listen: "127.0.0.1:8089" }, rules: [{ on: [trip], to: [ada] }] }`,
    ["nobody is told of questions", "add `question` to `on` of a rule [lab.bad-notify]"],
  ],
];

describe.concurrent("messages", () => {
  it.each(MESSAGES)("%s are refused", async (_, sections, told) => {
    const folder = testFolder();
    const read = (file: string): string => readFileSync(join("examples/flow-reaction", file), "utf8");
    writeFileSync(join(folder, "campaign.yaml"), read("campaign.yaml"));
    writeFileSync(join(folder, "lab.yaml"), `${read("lab.yaml")}${sections}\n`);
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(stderr).toMatch(/error: lab\.yaml:\d+:\d+: /);
    for (const part of told) expect(stderr).toContain(part);
    expect(status).toBe(2);
  });
});

/** An alarm at the end of examples/flow-reaction/lab.yaml, and what `labloop validate` tells of it. */
const ALARMS: readonly (readonly [what: string, alarm: string, told: readonly string[]])[] = [
  [
    "of a property that there isn't",
    "wrong: { watch: bath.temperatur, max: 90 degC, priority: low }",
    ['"bath.temperatur" is not known here', 'did you mean "bath.temperature"? [campaign.bad-expression]'],
  ],
  ["without a priority", "wrong: { watch: bath.temperature, max: 90 degC }", ["error: lab.yaml:63:12: "]],
  [
    "without a condition",
    "wrong: { watch: bath.temperature, priority: low }",
    ["error: lab.yaml:63:21: no condition is given", "min, max, rate, against or stale [lab.bad-alarm]"],
  ],
  [
    "with the name of an interlock",
    "bath-hot: { watch: bath.temperature, max: 90 degC, priority: low }",
    ['"bath-hot" is the name of another alarm', "choose another name [lab.bad-alarm]"],
  ],
  [
    "with a name that is taken",
    "all: { watch: bath.temperature, max: 90 degC, priority: low }",
    ['"all" is the name of another alarm'],
  ],
  [
    "that another one suppresses that there isn't",
    "wrong: { watch: bath.temperature, max: 90 degC, priority: low, unless: [bath-hit] }",
    ['there is no alarm or interlock "bath-hit"', 'did you mean "bath-hot"? [lab.bad-alarm]'],
  ],
  [
    "that is critical and suppressed",
    "wrong: { watch: bath.temperature, max: 90 degC, priority: critical, unless: [bath-hot] }",
    ["a critical alarm is never suppressed"],
  ],
  [
    "whose delay is no time",
    "wrong: { watch: bath.temperature, max: 90 degC, priority: low, on_delay: 3 K }",
    ['"3 K" is a temperature'],
  ],
];

describe.concurrent("labloop validate tells of an alarm", () => {
  const read = (file: string): string => readFileSync(join("examples/flow-reaction", file), "utf8");

  it.each(ALARMS)("%s", async (_, alarm, told) => {
    const folder = testFolder();
    writeFileSync(join(folder, "campaign.yaml"), read("campaign.yaml"));
    writeFileSync(join(folder, "lab.yaml"), `${read("lab.yaml")}    ${alarm}\n`);
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    for (const part of told) expect(stderr).toContain(part);
    expect(status).toBe(2);
  });

  it("that would escalate to what it is already", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "campaign.yaml"), read("campaign.yaml"));
    writeFileSync(join(folder, "lab.yaml"), replaced(read("lab.yaml"), { "to: critical": "to: medium" }));
    const { stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(stderr).toContain('no high alarm rises by "to: medium"');
  });
});

describe.concurrent("labloop validate tells, in the lab file, of", () => {
  it.each(CASES)("%s", async (_, changes, told) => {
    const folder = testFolder();
    const read = (file: string): string => readFileSync(join("examples/colour-match", file), "utf8");
    writeFileSync(join(folder, "campaign.yaml"), read("campaign.yaml"));
    writeFileSync(join(folder, "lab.yaml"), replaced(read("lab.yaml"), changes));
    const { status, stdout, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(stderr.trimEnd().split("\n")).toEqual(told);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe.skipIf(process.platform === "win32")("a file without an end", () => {
  it("is told, and not read", async () => {
    const { status, stderr } = await labloopIn(testFolder(), "validate", "/dev/zero");
    expect(stderr).toContain('"/dev/zero" can\'t be read: it is a device, not a file');
    expect(status).toBe(2);
  });
});
