// Preloaded into a process of labloop (node --import): ends it, without a warning, before or after an append, or tells
// how many there were.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const [moment, number] = (process.env.LABLOOP_TEST_KILL ?? "").split(" ");
const Database = createRequire(import.meta.url)("better-sqlite3");
const { prepare } = Database.prototype;
let appends = 0;

Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  if (!sql.includes('INSERT INTO "JournalAppend"')) return statement;
  for (const method of ["run", "all", "get"]) {
    const execute = statement[method];
    statement[method] = (...values) => {
      appends += 1;
      const isDue = appends === Number(number);
      if (isDue && moment === "before") process.kill(process.pid, "SIGKILL");
      const result = execute.apply(statement, values);
      if (isDue && moment === "after") process.kill(process.pid, "SIGKILL");
      return result;
    };
  }
  return statement;
};

const { LABLOOP_TEST_COUNT: counted } = process.env;
if (counted !== undefined) process.on("exit", () => writeFileSync(counted, String(appends)));
