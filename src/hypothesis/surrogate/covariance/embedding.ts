import { cos, sin } from "../../../numerics/index.ts";
import type { FactorLayout, TunedFactor } from "./tuning.ts";

/** How a factor of a kernel sees features: as coordinates on which distances, or products, are all that counts. */
export interface Embedding {
  /** Coordinates of a row. */
  readonly width: number;
  /** Writes the coordinates of the features that start at `at` in `x`; features from `known` on count as 0. */
  place(x: Float64Array, at: number, known: number, into: Float64Array, to: number): void;
  /** Adds ∂/∂x to `into`, given ∂/∂coordinates and the coordinates themselves. */
  pull(slopes: Float64Array, coordinates: Float64Array, from: number, into: Float64Array, to: number): void;
  /** Adds ∂/∂ of the logarithms that the embedding is tuned by. */
  pullTuning(part: EmbeddedRow, layout: FactorLayout, gradient: Float64Array): void;
}

/** A row as it is seen, and the derivative of something by its coordinates. */
export interface EmbeddedRow {
  readonly slopes: Float64Array;
  readonly coordinates: Float64Array;
  readonly from: number;
  /** Features of the row, which start at `at`. */
  readonly x: Float64Array;
  readonly at: number;
}

/** The middle of a feature, about which a line turns. */
const MIDDLE = 0.5;

/** The embedding of a factor with its tuning. */
export function embeddingOf(factor: TunedFactor): Embedding {
  return factor.kind === "periodic" ? circles(factor) : scaled(factor, factor.kind === "linear" ? MIDDLE : 0);
}

/** z = (x - origin) / length */
function scaled({ features, lengths }: TunedFactor, origin: number): Embedding {
  const width = features.length;
  return {
    width,
    place: (x, at, known, into, to) => {
      for (let k = 0; k < width; k++) {
        const feature = features[k] as number;
        const value = feature < known ? (x[at + feature] as number) : 0;
        into[to + k] = (value - origin) / (lengths[k] as number);
      }
    },
    pull: (slopes, _, from, into, to) => {
      for (let k = 0; k < width; k++) {
        const place = to + (features[k] as number);
        into[place] = (into[place] as number) + (slopes[from + k] as number) / (lengths[k] as number);
      }
    },
    pullTuning: ({ slopes, coordinates, from }, { lengthAt }, gradient) => {
      for (let k = 0; k < width; k++) {
        const place = lengthAt[k] as number;
        gradient[place] =
          (gradient[place] as number) - (slopes[from + k] as number) * (coordinates[from + k] as number);
      }
    },
  };
}

/** z = (cos, sin)(2πx / period) / length, so that the distance is 2 sin(π(x - x') / period) / length. */
function circles({ features, lengths, periods = new Float64Array(features.length) }: TunedFactor): Embedding {
  const width = 2 * features.length;
  /** ∂/∂ angle */
  const turn = (slopes: Float64Array, z: Float64Array, at: number): number =>
    (slopes[at + 1] as number) * (z[at] as number) - (slopes[at] as number) * (z[at + 1] as number);
  return {
    width,
    place: (x, at, known, into, to) => {
      for (const [k, feature] of features.entries()) {
        const value = feature < known ? (x[at + feature] as number) : 0;
        const angle = (2 * Math.PI * value) / (periods[k] as number);
        into[to + 2 * k] = cos(angle) / (lengths[k] as number);
        into[to + 2 * k + 1] = sin(angle) / (lengths[k] as number);
      }
    },
    pull: (slopes, coordinates, from, into, to) => {
      for (const [k, feature] of features.entries()) {
        const by = turn(slopes, coordinates, from + 2 * k) * ((2 * Math.PI) / (periods[k] as number));
        into[to + feature] = (into[to + feature] as number) + by;
      }
    },
    pullTuning: ({ slopes, coordinates, from, x, at }, { lengthAt, periodAt = lengthAt }, gradient) => {
      for (const [k, feature] of features.entries()) {
        const here = from + 2 * k;
        const [length, period] = [lengthAt[k] as number, periodAt[k] as number];
        const stretch =
          (slopes[here] as number) * (coordinates[here] as number) +
          (slopes[here + 1] as number) * (coordinates[here + 1] as number);
        const angle = (2 * Math.PI * (x[at + feature] as number)) / (periods[k] as number);
        gradient[length] = (gradient[length] as number) - stretch;
        gradient[period] = (gradient[period] as number) - turn(slopes, coordinates, here) * angle;
      }
    },
  };
}
