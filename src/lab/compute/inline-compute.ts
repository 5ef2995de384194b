import { decide } from "../../experiment/design/decide.ts";
import { update } from "../../update/bayes/update-belief.ts";
import type { Compute } from "./compute.ts";

/** Arithmetic in this thread: for tests, and where nothing else has to go on meanwhile. */
export function inlineCompute(): Compute {
  return {
    decide: async (task) => decide(task),
    update: async (task) => update(task),
    close: async () => {},
  };
}
