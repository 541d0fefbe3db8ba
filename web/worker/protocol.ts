import type { ErrorCode } from '../../core/errors.js';
import type { RgbaImage } from '../../core/image.js';
import type { Prediction } from '../../core/predict.js';
import type { NumberPrediction } from '../../core/predict-numbers.js';

/** What the element and a page show of the model. */
export interface ModelSummary {
  name: string;
  version: string;
  /** On the held-out test set, 0 to 1. */
  testAccuracy: number;
  testImages: number;
  parameters: number;
  /** The file of the bundle that was loaded, `model.int8.onnx` for instance, and its bytes. */
  file: string;
  bytes: number;
  /** From the first request to the first answer possible, milliseconds. */
  loadMilliseconds: number;
}

/** How loading stands: bytes come; none has for a while; all are there and the session is made ready. */
export type LoadState = 'loading' | 'stalled' | 'starting';

/** Bytes come and to come of runtime and model together, after the transport's own compression was undone. */
export interface LoadProgress {
  loaded: number;
  total: number;
  state: LoadState;
}

/** An error as it crosses from the worker. */
export interface Failure {
  code: ErrorCode;
  message: string;
}

/** What is read of a picture: one digit, or whole numbers. */
export type Answers = {
  one: {
    prediction: Prediction;
    /** What the model was given, `[28, 28]`, ink 1 on 0; zeros where there was nothing to read. */
    input: Float32Array;
  };
  many: {
    numbers: NumberPrediction;
    /** Of all lines, a line feed between them. */
    text: string;
    /** Of the picture, pixels. */
    width: number;
    height: number;
  };
};
export type Digits = keyof Answers;

interface AnswerTiming {
  /** Pixels to answer, milliseconds. */
  totalMilliseconds: number;
  /** The network's share of it, milliseconds. */
  modelMilliseconds: number;
}

export type Answer = { [Kind in Digits]: { digits: Kind } & Answers[Kind] & AnswerTiming }[Digits];

/** Pixels of the draw pad as they are, or a decoded picture. */
export type Picture = RgbaImage | ImageBitmap;

type Tagged<Messages> = { [Kind in keyof Messages]: { kind: Kind } & Messages[Kind] }[keyof Messages];

/** What the page sends to the worker. */
export type Request = Tagged<{
  /** Once, first; absolute URLs: the bundle's folder, and the runtime's wasm file. */
  load: { bundle: string; runtime: string };
  classify: { id: number; picture: Picture; digits: Digits };
}>;

/** What the worker sends back. */
export type Reply = Tagged<{
  /** Once, first: its script runs. */
  started: object;
  progress: LoadProgress;
  loaded: { model: ModelSummary };
  /** The bundle cannot be used; the worker is of no more use. */
  unloadable: Failure;
  /** Something that hinders nobody, such as a device with no room to keep the model. */
  notice: Failure;
  answer: { id: number; answer: Answer };
  refusal: { id: number } & Failure;
}>;

/** One handler for each kind of message: a kind without one does not compile. */
export type Handlers<Message extends { kind: string }> = {
  [Kind in Message['kind']]: (message: Extract<Message, { kind: Kind }>) => void;
};

/** Calls the handler of the message's kind. */
export function dispatch<Message extends { kind: string }>(
  handlers: Handlers<Message>,
  message: Message,
): void {
  const handle = handlers[message.kind as Message['kind']] as (message: Message) => void;
  handle(message);
}
