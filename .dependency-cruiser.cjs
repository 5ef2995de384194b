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

const test = "\\.test(-d)?\\.ts$";

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, pathNot: [test, "(^|/)index\\.ts$", "\\.d\\.ts$"] },
      to: {},
    },
    ...Object.entries(inside).map(([room, allowed]) => ({
      name: `${room}-imports`,
      severity: "error",
      from: { path: `^src/${room}/`, pathNot: test },
      to: { path: "^(src|drivers|simulators)/", pathNot: `^src/(${[room, ...allowed].join("|")})/` },
    })),
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
      to: { path: "node_modules/(serialport|@serialport|mqtt|aedes)/" },
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
