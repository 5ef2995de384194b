export { cos, exp, expm1, hypot, log, log1p, log2, log10, pow, sin, tan, tanh } from "../base/elementary.ts";
export { type BoxMinimum, type BoxOptions, minimiseInBox, type Objective } from "./box-minimiser.ts";
export {
  type Cholesky,
  choleskyOf,
  extendCholesky,
  type InverseRoom,
  inverseOf,
  inverseRoom,
  logDeterminant,
  lowerInverseOf,
  solveLower,
  solveLowerFour,
  solveUpper,
} from "./cholesky.ts";
export { erfcx } from "./erfcx.ts";
export { expAll } from "./exp-all.ts";
export { logImprovement, logImprovementSlope, logOneMinusExp } from "./expected-improvement.ts";
export { logExpectedMaximum } from "./expected-maximum.ts";
export { type FreeRegion, freeRegion } from "./free-region.ts";
export { dominates, hypervolume, undominated } from "./hypervolume.ts";
export { logSumExp } from "./log-sum-exp.ts";
export {
  logNormalDensity,
  logNormalProbability,
  logStandardNormalDensity,
  normalDensity,
  normalProbability,
  normalQuantile,
} from "./normal-distribution.ts";
export { logNormalInterval } from "./normal-interval.ts";
export { median, quantile } from "./quantile.ts";
export { simplexPoint } from "./simplex.ts";
export { SOBOL_DIMENSIONS, sobolPoints } from "./sobol.ts";
export { type SymmetricEigen, symmetricEigen } from "./symmetric-eigen.ts";
