import { createStrategy } from "labloop";

/** Computes one suggestion after the other beside the main thread, as the worker of a campaign does. */
const names = ["a", "b", "c", "d", "e", "f"];
const strategy = createStrategy({
  parameters: Object.fromEntries(names.map((name) => [name, { min: 0, max: 1 }])),
  measurements: { y: {} },
  goal: { maximise: "y" },
  seed: 1,
});
for (let i = 0; i < 500; i++) {
  const [suggestion] = strategy.suggest();
  if (suggestion === undefined) break;
  const distance = names.reduce((sum, name) => sum + ((suggestion.setting[name] as number) - 0.3) ** 2, 0);
  strategy.observe({ setting: suggestion.setting, outcome: { y: -distance } });
}
