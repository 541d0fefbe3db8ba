/**
 * How a process that trains is talked to, on either side, whichever library it trains with: it prints one JSON line when it is
 * ready, then answers each line of its standard input by one of its own. The end of its input ends it.
 */

export interface Ready {
  /** What trains, with its version. */
  engine: string;
  /** Numbers that the optimiser changes. */
  parameters: number;
  batch: number;
  threads: number;
}

/** What each line of input is answered by. */
export interface Answers {
  /** One step: forward, backward, update, and the loss read. */
  step: {
    milliseconds: number;
    /** Of them gathering the batch. */
    batchMilliseconds?: number;
    /** Of them within ONNX Runtime, running. */
    runMilliseconds?: number;
    /** Of them within ONNX Runtime, compiling what was new. */
    compileMilliseconds?: number;
  };
  /** Peak resident memory of the process so far. */
  memory: { bytes: number };
}

export type Question = keyof Answers;
