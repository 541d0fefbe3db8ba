import type { Prediction } from '../../core/predict.js';
import type { PlacedDigit } from '../../core/predict-numbers.js';
import type { DigitResult } from '../element/events.js';
import type { Digits } from '../worker/protocol.js';

/** An answer to one picture, as far as two of them are compared; one digit or a number of them. */
export interface ComparedAnswer {
  /** What was read; empty where nothing was. */
  text: string;
  /** Of the least sure digit, 0 to 1. */
  confidence: number;
  /** A row of ten for each digit. */
  probabilities: readonly (readonly number[])[];
  /** From the pixels, or the request with the network between, to the answer, milliseconds. */
  milliseconds: number;
}

const answerOf = (
  text: string,
  digits: readonly Pick<Prediction, 'confidence' | 'probabilities'>[],
  milliseconds: number,
): ComparedAnswer => ({
  text,
  confidence: digits.length === 0 ? 0 : Math.min(...digits.map(({ confidence }) => confidence)),
  probabilities: digits.map(({ probabilities }) => probabilities),
  milliseconds,
});

/** The element's answer. */
export const ofBrowser = (result: DigitResult): ComparedAnswer =>
  answerOf(
    result.text,
    result.digits === 'one' ? [result] : result.lines.flatMap(({ digits }) => digits),
    result.milliseconds,
  );

/** What `POST /predict` answers, as far as the page reads it. */
type Results = {
  one: Prediction;
  many: { number: string; digits: PlacedDigit[] };
};

const READERS: { [Kind in Digits]: (result: Results[Kind], milliseconds: number) => ComparedAnswer } = {
  one: (result, milliseconds) =>
    answerOf(result.digit === null ? '' : String(result.digit), [result], milliseconds),
  many: ({ number, digits }, milliseconds) => answerOf(number, digits, milliseconds),
};

/**
 * Posts the picture as it is.
 * @throws Error with the server's own words where it refuses, or where it does not answer.
 */
export async function askServer(url: string, picture: Blob, digits: Digits): Promise<ComparedAnswer> {
  const form = new FormData();
  form.append('image', picture, 'digit.png');
  const started = performance.now();
  const response = await fetch(`${url}?digits=${digits}`, { method: 'POST', body: form });
  if (!response.ok) throw new Error(await refusal(response));
  const { results } = (await response.json()) as { results: [Results[typeof digits]] };
  const read = READERS[digits] as (result: Results[Digits], milliseconds: number) => ComparedAnswer;
  return read(results[0], performance.now() - started);
}

async function refusal(response: Response): Promise<string> {
  const status = `The server answered ${response.status}`;
  try {
    return `${status}: ${((await response.json()) as { error: string }).error}`;
  } catch {
    return `${status} ${response.statusText}.`;
  }
}

/** What to say of two answers to the same picture. */
export function compare(
  ours: Pick<ComparedAnswer, 'text' | 'probabilities'>,
  theirs: Pick<ComparedAnswer, 'text' | 'probabilities'>,
): string {
  if (ours.text !== theirs.text) return 'They disagree: the two may hold different bundles.';
  const difference = Math.max(
    0,
    ...ours.probabilities.flatMap((row, place) =>
      row.map((share, label) => Math.abs(share - theirs.probabilities[place]![label]!)),
    ),
  );
  if (difference === 0) return 'The same answer, to the last bit.';
  return `The same answer; no probability differs by more than ${difference.toExponential(1)}.`;
}
