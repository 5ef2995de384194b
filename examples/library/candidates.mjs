// Candidates: labloop chooses among what is on the shelf, under the humidity of the day.
// Run it with `node examples/library/candidates.mjs`.
import { createStrategy } from "labloop";

const SOLVENTS = { water: 80.1, methanol: 32.7, acetonitrile: 37.5, THF: 7.6, toluene: 2.4, hexane: 1.9 };

// 1,200 prepared vials: every solvent, 20 temperatures, 10 amounts of catalyst.
const candidates = Object.keys(SOLVENTS).flatMap((solvent) =>
  Array.from({ length: 200 }, (_, i) => ({
    solvent,
    temperature: 20 + 5 * Math.floor(i / 10),
    catalyst: `${100 * (1 + (i % 10))} umol/L`,
  })),
);

const strategy = createStrategy({
  parameters: {
    // Alike polarities are expected to behave alike.
    solvent: {
      choices: "from candidates",
      descriptors: Object.fromEntries(
        Object.entries(SOLVENTS).map(([name, polarity]) => [name, [Math.log(polarity)]]),
      ),
    },
    temperature: { unit: "degC" },
    catalyst: { unit: "mmol/L" },
    humidity: { min: "20 %", max: "80 %", context: true },
  },
  candidates,
  measurements: { yield: { unit: "%" } },
  goal: { maximise: "yield" },
  design: { first: { count: 8 } }, // enough to see most solvents once
  seed: 8,
});

// Stands in for your instrument: a yield in percent.
function experiment({ solvent, temperature, catalyst, humidity }) {
  const polarity = Math.log(SOLVENTS[solvent] / 10);
  return (
    90 *
    Math.exp(
      -(polarity ** 2) / 2 - ((temperature - 75) / 40) ** 2 - (catalyst - 0.6) ** 2 - (humidity - 20) / 300,
    )
  );
}

let best = { yield: 0 };
for (let n = 1; n <= 20; n++) {
  const humidity = 30 + ((n * 17) % 30); // as the hygrometer reads today
  const [suggestion] = strategy.suggest(1, { context: { humidity } });
  if (suggestion === undefined) break; // every candidate has been tried
  const { setting } = suggestion;
  const result = experiment(setting);
  strategy.observe({ setting, outcome: { yield: result } });
  if (result > best.yield) best = { yield: result, setting, n };
  console.log(`${n}  ${JSON.stringify(setting)}  ${result.toFixed(1)} %`);
}
console.log(`best: ${best.yield.toFixed(1)} % in experiment ${best.n}, ${JSON.stringify(best.setting)}`);
