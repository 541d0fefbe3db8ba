import type { Progress } from '../progress.js';

/** Set for a training that another program watches: it tells that one how it goes over its channel. */
export const WATCHED = 'TENFOLD_WATCHED';

/** What a watched training tells. */
export type TrainMessage =
  /** Now and then. */
  | { type: 'progress'; progress: Progress }
  /** After each epoch, when it is saved. */
  | { type: 'saved'; epoch: number; progress: Progress };

export const isTrainMessage = (value: unknown): value is TrainMessage => {
  const type = (value as { type?: unknown } | null)?.type;
  return type === 'progress' || type === 'saved';
};
