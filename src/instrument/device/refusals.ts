/** Ends a call with a fault of one code; the instrument's name is put before the message. */
export type Ending = (message: string, advice: string) => never;

/**
 * The ways in which most calls end that don't succeed, each with its code. What happens to one driver only has a code
 * of its own, and ends by `fail`.
 */
export interface Refusals {
  /** It raised an alarm: `instrument.alarm`. */
  readonly alarmed: Ending;
  /** It didn't take a command: `instrument.refused`. */
  readonly refused: Ending;
  /** It took a command, and isn't in the state that this should have led to: `instrument.not-set`. */
  readonly notSet: Ending;
  /** It is in a state in which this can't be done: `instrument.wrong-state`. */
  readonly wrongState: Ending;
  /** Something else is at this address than the lab file says: `instrument.other-instrument`. */
  readonly otherInstrument: Ending;
}

/**
 * Names the usual ways of ending a call.
 *
 * @param fail - ends a call by a Trouble with a code
 */
export function refusalsOf(fail: (code: string, message: string, advice: string) => never): Refusals {
  const ending =
    (code: string): Ending =>
    (message, advice) =>
      fail(code, message, advice);
  return {
    alarmed: ending("instrument.alarm"),
    refused: ending("instrument.refused"),
    notSet: ending("instrument.not-set"),
    wrongState: ending("instrument.wrong-state"),
    otherInstrument: ending("instrument.other-instrument"),
  };
}
