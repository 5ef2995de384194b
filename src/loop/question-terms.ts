/** Who may answer a question, how long that may take, and what counts as the answer when nobody does. */
export interface QuestionTerms {
  /** Login names, or roles of the lab file; anybody when absent. */
  readonly by?: readonly string[];
  readonly otherwise?: {
    readonly answer: string;
    /** Milliseconds after which it counts. */
    readonly after: number;
  };
}
