// Ask and tell: labloop decides, your own code does the experiments.
// Run it with `node examples/library/ask-tell.mjs`.
import { createStrategy, strategyFromJson } from "labloop";

// The same words as in a campaign file. Settings come back as numbers in the unit of `max`.
let strategy = createStrategy({
  parameters: {
    temperature: { min: "20 degC", max: "120 degC" },
    catalyst: { min: "0.1 mmol/L", max: "10 mmol/L", scale: "log" },
    solvent: { choices: ["acetonitrile", "toluene", "DMF"] },
  },
  measurements: { yield: { unit: "%", noise: "1 %" } },
  goal: { maximise: "yield" },
  seed: 7,
});

// Stands in for your instrument: a yield in percent.
function experiment({ temperature, catalyst, solvent }) {
  const best = { acetonitrile: 78, toluene: 95, DMF: 88 }[solvent];
  return best * Math.exp(-(((temperature - best) / 40) ** 2) - Math.log10(catalyst / 2) ** 2);
}

let best = { yield: 0 };
for (let n = 1; n <= 25; n++) {
  const [{ setting, reasons }] = strategy.suggest();
  const result = experiment(setting);
  strategy.observe({ setting, outcome: { yield: result } });
  if (result > best.yield) best = { yield: result, setting, n };
  console.log(`${n}  ${JSON.stringify(setting)}  ${result.toFixed(1)} %  (${reasons.method})`);

  // Everything it knows is plain data: put it away, and go on tomorrow exactly where it stood.
  strategy = strategyFromJson(JSON.parse(JSON.stringify(strategy)));
}
console.log(`best: ${best.yield.toFixed(1)} % in experiment ${best.n}, ${JSON.stringify(best.setting)}`);
