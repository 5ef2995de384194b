import type { Law } from "./law/law.ts";
import type { Surrogate } from "./surrogate/surrogate.ts";

/** Something that predicts a measurement from a setting. */
export type Hypothesis = Law | Surrogate;
