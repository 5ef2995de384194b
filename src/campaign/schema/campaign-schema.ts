import { z } from "zod";
import type { AcquisitionName } from "../../experiment/design/task/problem.ts";
import type { OutputTransform } from "../../hypothesis/surrogate/surrogate.ts";
import { DOUBT_ANSWERS, type DoubtAnswer, type DoubtPolicy } from "../../loop/doubt.ts";
import { FAILURE_ANSWERS, type FailureAnswer, type FailurePolicy } from "../../loop/step-failure.ts";
import type { OverduePolicy, UnlikePolicy } from "../../loop/suspicion.ts";
import { useWindowFields, type WrittenUseWindow } from "../window/window-schema.ts";
import { expressionSchema, nameSchema, quantitySchema, type Written } from "./quantity-schema.ts";
import { answeredBy, answeredWithin, type WrittenTerms } from "./question-schema.ts";
import { safetySections, type WrittenSafety } from "./safety-schema.ts";
import { stepSchema, type WrittenStep } from "./step-schema.ts";

const range = {
  min: quantitySchema.describe("least value"),
  max: quantitySchema.describe("greatest value"),
};

const choosing = {
  when: z
    .string()
    .describe(
      "a condition over other parameters; where it doesn't hold, the parameter has no meaning and rests",
    )
    .optional(),
  otherwise: quantitySchema
    .describe("where it rests; its least value, first level or first choice by default")
    .optional(),
  context: z
    .literal(true)
    .describe("observed before each experiment, but not chosen; not in a campaign with a procedure")
    .optional(),
};

const parameterSchema = z.union([
  z.strictObject({ ...range, step: quantitySchema.describe("the instrument's step"), ...choosing }),
  z.strictObject({ ...range, scale: z.enum(["linear", "log"]).optional(), ...choosing }),
  z.strictObject({
    ...range,
    integer: z.literal(true),
    scale: z.enum(["linear", "log"]).optional(),
    ...choosing,
  }),
  z.strictObject({
    levels: z.array(quantitySchema).min(2).describe("possible values in their order"),
    ...choosing,
  }),
  z.strictObject({
    choices: z
      .union([z.array(z.string()).min(2), z.literal("from candidates")])
      .describe('names without order; "from candidates": those in the table of candidates'),
    descriptors: z
      .union([z.record(z.string(), z.array(z.number()).min(1)), z.string()])
      .describe(
        "numbers that describe each choice, so that alike choices are expected to behave alike; or a CSV file with a choice and its numbers a row",
      )
      .optional(),
    smiles: z
      .union([z.record(z.string(), z.string()), z.literal(true)])
      .describe(
        "the molecule of each choice as SMILES, instead of descriptors; true where the choices are SMILES themselves",
      )
      .optional(),
    ...choosing,
  }),
  z.strictObject({
    unit: z.string().describe("a number in this unit, with the limits that the table of candidates has"),
    scale: z.enum(["linear", "log"]).optional(),
    ...choosing,
  }),
  z.strictObject({ value: quantitySchema.describe("a constant") }),
]);

const objective = {
  enough: quantitySchema
    .describe("the campaign has reached its goal when the measurement is as good as this")
    .optional(),
  reference: quantitySchema
    .describe(
      "with several objectives: the worst value that counts; a little below the best found by default",
    )
    .optional(),
};

const goalSchema = z.union([
  z.strictObject({ minimise: nameSchema, ...objective }),
  z.strictObject({ maximise: nameSchema, ...objective }),
  z.strictObject({
    target: nameSchema,
    value: quantitySchema,
    within: quantitySchema.describe("the campaign has reached its goal this near to the value").optional(),
  }),
  z.strictObject({ discriminate: nameSchema.describe("measurement about which the hypotheses differ") }),
  z.strictObject({ explore: nameSchema.describe("measurement to be known everywhere") }),
  z.strictObject({
    boundary: nameSchema.describe("measurement of which it is to be known where it crosses a value"),
    value: quantitySchema,
  }),
]);

const hypothesisSchema = z.strictObject({
  predicts: nameSchema.describe("the measurement that this law predicts"),
  expression: expressionSchema.describe("over parameters of the campaign and of the law"),
  priors: z
    .record(nameSchema, z.string())
    .describe(
      'what is known of each parameter of the law: "normal(mean, sd)", "lognormal(median, sigma)" or "uniform(least, greatest)"',
    ),
  noise: quantitySchema.describe("standard deviation of one measurement under this law").optional(),
  weight: z
    .union([z.string(), z.number()])
    .describe("how much it is believed at first, relative to the other laws")
    .optional(),
});

const measurementSchema = z.strictObject({
  expression: expressionSchema.describe("over readings, parameters and constants"),
  unit: z.string().describe("unit of the result").optional(),
  noise: quantitySchema.describe("standard deviation of one measurement, where it is known").optional(),
  min: quantitySchema.describe("smaller results are unusable").optional(),
  max: quantitySchema.describe("greater results are unusable").optional(),
});

const symmetrySchema = z.union([
  z.strictObject({
    permute: z
      .array(z.union([nameSchema, z.array(nameSchema).min(1)]))
      .min(2)
      .describe("parameters, or blocks of parameters, that may change places"),
  }),
  z.strictObject({ sign: z.array(nameSchema).min(1).describe("parameters whose signs may change together") }),
  z.strictObject({ period: z.record(nameSchema, quantitySchema).describe("numbers that come round again") }),
  z.strictObject({
    group: z.array(nameSchema).min(2),
    images: z
      .array(z.array(z.int().min(0)))
      .min(1)
      .describe("permutations: which parameter of the group takes each place, counted from 0"),
  }),
]);

const doubtPolicy = z.enum(["stop", "discard", "accept", "ask"]);

const failurePolicy = z.enum(["fail", "ask"]);

const overduePolicy = z.enum(["note", "retry", "fail", "ask"]);

const campaignFile = z.strictObject({
  labloop: z.literal(1, "this version of labloop reads format 1").describe("format version"),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "a campaign's name is made of small letters, digits and -")
    .describe("short name, part of the campaign's id"),
  description: z.string().optional(),
  owner: z.string().optional(),
  seed: z
    .int()
    .min(0)
    .describe("the only source of randomness: same seed and same measurements, same campaign")
    .optional(),
  lab: z.string().describe("the lab file, beside this file by default").optional(),
  instruments: z
    .record(nameSchema, z.string())
    .describe("instrument of the lab for each role in the procedure; by default they share the name")
    .optional(),
  constants: z
    .record(nameSchema, z.union([quantitySchema, z.record(nameSchema, quantitySchema)]))
    .describe("values that expressions can use")
    .optional(),
  parameters: z.record(nameSchema, parameterSchema).describe("what the campaign may choose"),
  candidates: z
    .string()
    .describe(
      "a CSV file, from this file's folder: the only settings that may be tried, one a row, each once",
    )
    .optional(),
  mixtures: z
    .array(
      z.strictObject({
        of: z.array(nameSchema).min(2),
        total: quantitySchema,
        at_most: z
          .int()
          .min(1)
          .describe("parts that may be there at a time; each is 0, or between its min and max")
          .optional(),
      }),
    )
    .describe("parameters that sum to a total")
    .optional(),
  constraints: z
    .array(z.union([z.string(), z.strictObject({ name: z.string(), expression: z.string() })]))
    .describe("conditions over parameters that every setting has to meet")
    .optional(),
  symmetries: z
    .array(symmetrySchema)
    .describe("what may be done to a setting without changing what comes out")
    .optional(),
  earlier: z
    .array(z.string())
    .describe("CSV files, from this file's folder: results of earlier campaigns over the same parameters")
    .optional(),
  at_once: z
    .int()
    .min(1)
    .max(64)
    .describe("experiments that may be under way at a time; they share the lab's instruments")
    .optional(),
  priority: z
    .int()
    .min(-1000)
    .max(1000)
    .describe("in a lab that campaigns share: who has more goes first; 0 by default")
    .optional(),
  share: z
    .number()
    .min(0.001)
    .max(1000)
    .describe(
      "in a lab that campaigns share: part of the time beside others of the same priority; 1 by default",
    )
    .optional(),
  procedure: z
    .union([
      z.array(stepSchema).min(1),
      z.strictObject({
        module: z.string().describe("a module whose function `procedure` returns the steps"),
      }),
    ])
    .describe("what one experiment does"),
  measurements: z.record(nameSchema, measurementSchema),
  goal: z.union([goalSchema, z.array(goalSchema).min(1)]),
  limits: z
    .record(
      nameSchema,
      z.strictObject({
        min: quantitySchema.describe("suggestions should give at least this").optional(),
        max: quantitySchema.describe("suggestions should give at most this").optional(),
      }),
    )
    .describe("what measurements should keep; a result outside is a result, but never the best")
    .optional(),
  hypotheses: z
    .record(nameSchema, hypothesisSchema)
    .describe("rival laws; a surrogate that stands for none of them is always there")
    .optional(),
  surrogate: z
    .strictObject({
      kernel: z
        .string()
        .describe("covariance as a sum of products, such as `matern52(dose) * rbf(time) + linear(time)`")
        .optional(),
      input_warping: z
        .boolean()
        .describe("learn a scale for every number; for optima near a limit")
        .optional(),
      output_transform: z
        .enum(["half rank", "none", "rank", "power", "evidence"])
        .describe("scale on which the measurement that is optimised is modelled")
        .optional(),
      outliers: z
        .enum(["damped", "kept"])
        .describe("what becomes of results that all others hold for impossible")
        .optional(),
    })
    .describe("how the model that stands for none of the laws is built")
    .optional(),
  design: z
    .strictObject({
      first: z
        .strictObject({ method: z.enum(["sobol", "random"]).optional(), count: z.int().min(1).optional() })
        .optional(),
      then: z.enum(["optimise", "discriminate", "explore", "random"]).optional(),
      discriminate: quantitySchema
        .describe("share of decisions spent on telling hypotheses apart")
        .optional(),
      acquisition: z
        .enum(["upper confidence bound", "log expected improvement", "thompson", "knowledge gradient"])
        .describe("how settings are compared when one measurement is optimised")
        .optional(),
      boldness: z
        .number()
        .min(0)
        .describe("standard deviations in the confidence bound; falls from bold to cautious by default")
        .optional(),
      cost: expressionSchema
        .describe(
          "what an experiment costs; over parameters, and previous.<parameter> of the experiment before; suggestions are worth their gain per cost",
        )
        .optional(),
      prior: z
        .record(
          nameSchema,
          z.union([z.string(), z.record(z.string(), z.number().min(0)).describe("a weight for each choice")]),
        )
        .describe("where the best setting is expected; fades with every result")
        .optional(),
      batch: z.int().min(1).max(64).describe("suggestions made at a time").optional(),
    })
    .optional(),
  budget: z.strictObject({
    experiments: z.int().min(1),
    time: quantitySchema.describe("time on the lab's clock").optional(),
    consumables: z
      .record(nameSchema, z.strictObject({ available: quantitySchema, per_experiment: expressionSchema }))
      .optional(),
  }),
  stop: z
    .array(
      z.union([
        z.strictObject({
          decided: quantitySchema.describe("weight of a law that decides"),
          hypothesis: nameSchema.optional(),
        }),
        z.strictObject({
          no_gain: z.strictObject({
            over: z.int().min(1).describe("experiments"),
            less_than: quantitySchema,
          }),
        }),
      ]),
    )
    .describe("ends the campaign before the budget is used")
    .optional(),
  window: z
    .strictObject(useWindowFields)
    .describe("when experiments may happen, within the window of the lab")
    .optional(),
  failures: z
    .strictObject({
      in_a_row: z.int().min(1).describe("failed experiments in a row that end the campaign").optional(),
      in_doubt: z
        .union([doubtPolicy, z.record(z.string(), doubtPolicy)])
        .describe("what becomes of a command of which nobody knows whether it was done")
        .optional(),
      on_failure: z
        .union([failurePolicy, z.record(z.string(), failurePolicy)])
        .describe("what becomes of an experiment one of whose actions failed and did nothing")
        .optional(),
      asked: z
        .strictObject({
          by: answeredBy,
          within: answeredWithin,
          in_doubt: z
            .enum(DOUBT_ANSWERS)
            .describe("answer about a command in doubt when the time is over")
            .optional(),
          on_failure: z
            .enum(FAILURE_ANSWERS)
            .describe("answer about a failed action when the time is over")
            .optional(),
        })
        .describe("who is asked where the policy is `ask`, and what counts when nobody answers in time")
        .optional(),
    })
    .optional(),
  suspicion: z
    .strictObject({
      overdue: z
        .union([overduePolicy, z.record(z.string(), overduePolicy)])
        .describe("what becomes of an action that goes on for much longer than it usually does")
        .optional(),
      unlike: z
        .enum(["note", "ask", "repeat", "discard"])
        .describe("what becomes of the result of an experiment that is unlike those before")
        .optional(),
    })
    .describe("what becomes of what is unlike its history; it is only told of by default")
    .optional(),
  ...safetySections,
});

/** The schema of campaign.yaml. */
export const campaignSchema: z.ZodType<WrittenCampaign> =
  campaignFile as unknown as z.ZodType<WrittenCampaign>;

/** The schema of a campaign whose experiments somebody else carries out: only what decisions depend on is asked for. */
export const questionSchema: z.ZodType<WrittenQuestion> = campaignFile
  .partial({ labloop: true, name: true, procedure: true, budget: true })
  .extend({
    measurements: z.record(nameSchema, measurementSchema.partial({ expression: true })),
  }) as unknown as z.ZodType<WrittenQuestion>;

/** What a file says about when and by whom a parameter is set. */
export interface WrittenChoosing {
  readonly when?: string;
  readonly otherwise?: Written;
  readonly context?: true;
}

/** A parameter as the file has it. */
export type WrittenParameter =
  | (WrittenChoosing & {
      readonly min: Written;
      readonly max: Written;
      readonly step?: Written;
      readonly integer?: true;
      readonly scale?: "linear" | "log";
    })
  | (WrittenChoosing & { readonly levels: readonly Written[] })
  | (WrittenChoosing & {
      readonly choices: readonly string[] | "from candidates";
      readonly descriptors?: Readonly<Record<string, readonly number[]>> | string;
      readonly smiles?: Readonly<Record<string, string>> | true;
    })
  | (WrittenChoosing & { readonly unit: string; readonly scale?: "linear" | "log" })
  | { readonly value: Written };

/** A symmetry as the file has it. */
export type WrittenSymmetry =
  | { readonly permute: readonly (string | readonly string[])[] }
  | { readonly sign: readonly string[] }
  | { readonly period: Readonly<Record<string, Written>> }
  | { readonly group: readonly string[]; readonly images: readonly (readonly number[])[] };

/** A goal as the file has it. */
export type WrittenGoal =
  | { readonly minimise: string; readonly enough?: Written; readonly reference?: Written }
  | { readonly maximise: string; readonly enough?: Written; readonly reference?: Written }
  | { readonly target: string; readonly value: Written; readonly within?: Written }
  | { readonly discriminate: string }
  | { readonly explore: string }
  | { readonly boundary: string; readonly value: Written };

/** A law as the file has it. */
export interface WrittenHypothesis {
  readonly predicts: string;
  readonly expression: Written;
  readonly priors: Readonly<Record<string, string>>;
  readonly noise?: Written;
  readonly weight?: Written;
}

/** A measurement as the file has it. */
export interface WrittenMeasurement {
  readonly expression: Written;
  readonly unit?: string;
  readonly noise?: Written;
  readonly min?: Written;
  readonly max?: Written;
}

/** A campaign file after the check of its form. */
export interface WrittenCampaign extends WrittenSafety {
  readonly labloop: 1;
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  readonly seed?: number;
  readonly lab?: string;
  readonly instruments?: Readonly<Record<string, string>>;
  readonly constants?: Readonly<Record<string, Written | Readonly<Record<string, Written>>>>;
  readonly parameters: Readonly<Record<string, WrittenParameter>>;
  readonly candidates?: string;
  readonly symmetries?: readonly WrittenSymmetry[];
  readonly earlier?: readonly string[];
  readonly mixtures?: readonly {
    readonly of: readonly string[];
    readonly total: Written;
    readonly at_most?: number;
  }[];
  readonly constraints?: readonly (string | { readonly name: string; readonly expression: string })[];
  readonly at_once?: number;
  readonly priority?: number;
  readonly share?: number;
  readonly procedure: readonly WrittenStep[] | { readonly module: string };
  readonly measurements: Readonly<Record<string, WrittenMeasurement>>;
  readonly goal: WrittenGoal | readonly WrittenGoal[];
  readonly limits?: Readonly<Record<string, { readonly min?: Written; readonly max?: Written }>>;
  readonly hypotheses?: Readonly<Record<string, WrittenHypothesis>>;
  readonly surrogate?: {
    readonly kernel?: string;
    readonly input_warping?: boolean;
    readonly output_transform?: OutputTransform;
    readonly outliers?: "damped" | "kept";
  };
  readonly design?: {
    readonly first?: { readonly method?: "sobol" | "random"; readonly count?: number };
    readonly then?: "optimise" | "discriminate" | "explore" | "random";
    readonly discriminate?: Written;
    readonly acquisition?: AcquisitionName;
    readonly boldness?: number;
    readonly cost?: Written;
    readonly prior?: Readonly<Record<string, string | Readonly<Record<string, number>>>>;
    readonly batch?: number;
  };
  readonly budget: {
    readonly experiments: number;
    readonly time?: Written;
    readonly consumables?: Readonly<
      Record<string, { readonly available: Written; readonly per_experiment: Written }>
    >;
  };
  readonly stop?: readonly (
    | { readonly decided: Written; readonly hypothesis?: string }
    | { readonly no_gain: { readonly over: number; readonly less_than: Written } }
  )[];
  readonly window?: WrittenUseWindow;
  readonly failures?: {
    readonly in_a_row?: number;
    readonly in_doubt?: DoubtPolicy | Readonly<Record<string, DoubtPolicy>>;
    readonly on_failure?: FailurePolicy | Readonly<Record<string, FailurePolicy>>;
    readonly asked?: Pick<WrittenTerms, "by" | "within"> & {
      readonly in_doubt?: DoubtAnswer;
      readonly on_failure?: FailureAnswer;
    };
  };
  readonly suspicion?: {
    readonly overdue?: OverduePolicy | Readonly<Record<string, OverduePolicy>>;
    readonly unlike?: UnlikePolicy;
  };
}

/** What decisions depend on, as a campaign file or a program says it. */
export interface WrittenQuestion
  extends Omit<Partial<WrittenCampaign>, "parameters" | "measurements" | "goal">,
    Pick<WrittenCampaign, "parameters" | "goal"> {
  readonly measurements: Readonly<Record<string, Partial<WrittenMeasurement>>>;
}
