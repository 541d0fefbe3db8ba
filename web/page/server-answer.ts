import type { Prediction } from '../../core/predict.js';

/** The server's answer to one picture. */
export interface ServerAnswer extends Pick<Prediction, 'digit' | 'confidence' | 'probabilities'> {
  /** Request to answer, the network between included, milliseconds. */
  milliseconds: number;
}

/** What `POST /predict` answers, as far as the page reads it. */
interface PredictResponse {
  results: Prediction[];
}

/**
 * Posts the picture as it is.
 * @throws Error with the server's own words where it refuses, or where it does not answer.
 */
export async function askServer(url: string, picture: Blob): Promise<ServerAnswer> {
  const form = new FormData();
  form.append('image', picture, 'digit.png');
  const started = performance.now();
  const response = await fetch(url, { method: 'POST', body: form });
  if (!response.ok) throw new Error(await refusal(response));
  const { results } = (await response.json()) as PredictResponse;
  const { digit, confidence, probabilities } = results[0]!;
  return { digit, confidence, probabilities, milliseconds: performance.now() - started };
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
  ours: Pick<Prediction, 'digit' | 'probabilities'>,
  theirs: Pick<Prediction, 'digit' | 'probabilities'>,
): string {
  if (ours.digit !== theirs.digit) return 'They disagree: the two may hold different bundles.';
  const difference = Math.max(
    ...ours.probabilities.map((share, label) => Math.abs(share - theirs.probabilities[label]!)),
  );
  if (difference === 0) return 'The same answer, to the last bit.';
  return `The same answer; no probability differs by more than ${difference.toExponential(1)}.`;
}
