// Generates the clients of both providers from the one file of models. Prisma takes a schema from one folder, and a
// link in the folder doesn't survive every checkout, so the models are copied beside each provider's schema.
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
for (const provider of ["sqlite", "postgresql"]) {
  copyFileSync(`${here}models.prisma`, `${here}${provider}/models.prisma`);
  const { status } = spawnSync("prisma", ["generate"], {
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, LABLOOP_DB: provider },
  });
  if (status !== 0) process.exit(status ?? 1);
}
