import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { checkSchema } from "../campaign/file/check-schema.ts";
import { parseSourceFile } from "../campaign/file/source-file.ts";
import { brokerPassword } from "./broker-password.ts";
import { labSchema } from "./lab-schema.ts";

const folder = mkdtempSync(join(tmpdir(), "labloop-password-"));
const lab = join(folder, "lab.yaml");
const mqtt = "mqtt://labloop@broker.lab";

afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

describe("a broker's password", () => {
  it("comes from the variable that is named", () => {
    vi.stubEnv("LABLOOP_TEST_PASSWORD", "hunter2");
    const found = brokerPassword({ mqtt, password_env: "LABLOOP_TEST_PASSWORD" }, lab);
    expect(found).toEqual({ kind: "password", password: "hunter2" });
    const none = brokerPassword({ mqtt, password_env: "LABLOOP_TEST_ABSENT" }, lab);
    expect(none).toMatchObject({ kind: "failed", fault: { code: "lab.no-password" } });
  });

  it.skipIf(process.platform === "win32")("comes from a file that its owner alone may read", () => {
    const file = join(folder, "secret");
    writeFileSync(file, "hunter2\nnot this\n", { mode: 0o600 });
    const asked = { mqtt, password_file: "secret" };
    expect(brokerPassword(asked, lab)).toEqual({ kind: "password", password: "hunter2" });
    chmodSync(file, 0o640);
    expect(brokerPassword(asked, lab)).toMatchObject({
      fault: { message: '"secret" can be read by others than its owner' },
    });
  });

  it("is refused in an address, and not repeated in what is said of it", () => {
    for (const address of ["mqtt://labloop:hunter2@broker", "mqtts://:hunter2@broker:8883"]) {
      const text = `labloop: 1\nname: x\ninstruments:\n  a: { driver: a/b, connect: { mqtt: "${address}" } }\n`;
      const parsed = parseSourceFile("lab.yaml", text);
      if (parsed.kind === "faults") throw new Error("this is YAML");
      const checked = checkSchema(parsed.source, labSchema);
      expect(checked.kind).toBe("faults");
      expect(JSON.stringify(checked)).toContain("password_env");
      expect(JSON.stringify(checked)).not.toContain("hunter2");
    }
  });
});
