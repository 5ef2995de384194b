/** The import arrows of the house: left may import right. */
const inside = {
  base: [],
  numerics: ["base"],
  hypothesis: ["base", "numerics"],
  experiment: ["base", "numerics", "hypothesis"],
  measurement: ["base", "numerics"],
  update: ["base", "numerics", "hypothesis", "measurement"],
  instrument: ["base", "measurement"],
  loop: ["base", "hypothesis", "experiment", "measurement", "update"],
  campaign: ["base", "hypothesis", "experiment", "measurement", "update", "loop"],
  record: ["base", "hypothesis", "experiment", "measurement", "update", "loop", "campaign"],
  lab: [
    "base",
    "numerics",
    "hypothesis",
    "experiment",
    "measurement",
    "update",
    "instrument",
    "loop",
    "campaign",
    "record",
  ],
  operator: [
    "base",
    "numerics",
    "hypothesis",
    "experiment",
    "measurement",
    "update",
    "instrument",
    "loop",
    "campaign",
    "record",
    "lab",
  ],
};

/** The rooms of an experiment, and those of its design: left may import right. */
const insideExperiment = { space: [], timetable: [], design: ["space"], explain: ["space", "design"] };
const insideDesign = {
  task: [],
  model: ["task"],
  acquisition: ["task", "model"],
  front: ["task", "model", "acquisition"],
  weighing: ["task", "model", "acquisition"],
  search: ["acquisition"],
};

const test = "\\.test(-d)?\\.ts$";

/** A rule for each room of a folder: of `among` it may import itself and what is allowed. */
function arrows(folder, rooms, among = folder) {
  return Object.entries(rooms).map(([room, allowed]) => ({
    name: `${folder}/${room}-imports`,
    severity: "error",
    from: { path: `^${folder}/${room}/`, pathNot: test },
    to: { path: `^${among}/`, pathNot: `^${folder}/(${[room, ...allowed].join("|")})/` },
  }));
}

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, pathNot: [test, "(^|/)index\\.ts$", "\\.d\\.ts$"] },
      to: {},
    },
    ...arrows("src", inside, "(src|drivers|simulators)"),
    ...arrows("src/experiment", insideExperiment),
    ...arrows("src/experiment/design", insideDesign),
    {
      name: "drivers-import-the-instrument-door",
      severity: "error",
      from: { path: "^drivers/", pathNot: test },
      to: { path: "^(src|simulators)/", pathNot: "^src/instrument/index\\.ts$" },
    },
    {
      name: "simulators-import-two-doors",
      severity: "error",
      from: { path: "^simulators/", pathNot: test },
      to: { path: "^(src|drivers)/", pathNot: "^src/(instrument|numerics)/index\\.ts$" },
    },
    {
      name: "prisma-only-in-record",
      severity: "error",
      from: { pathNot: "^(src/record/|prisma\\.config\\.ts)" },
      to: { path: "node_modules/(@prisma|prisma|better-sqlite3)/" },
    },
    {
      name: "lines-only-in-transport",
      severity: "error",
      from: { path: "^(src|drivers|simulators)/", pathNot: `^src/instrument/transport/|${test}` },
      to: { path: "node_modules/(serialport|@serialport|mqtt|mqtt-packet|aedes)/" },
    },
    {
      name: "nothing-imports-a-test",
      severity: "error",
      from: { path: "^(src|drivers|simulators)/", pathNot: test },
      to: { path: test },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|coverage)/|src/record/generated/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "node", "default"],
    },
  },
};
