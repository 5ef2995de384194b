import { defineConfig } from "vitest/config";

/** Other people's emulators, servers and brokers: `npm run test:third-party`. */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: { include: ["test/third-party/third-party.ts"], testTimeout: 60_000, reporters: ["verbose"] },
});
