import type { FitEvent } from '../train/events.js';
import { advance, NO_PROGRESS } from '../train/progress.js';
import { type TrainMessage, WATCHED } from '../train/sweeps/messages.js';

const INTERVAL_MILLISECONDS = 200;

export const isWatched = (): boolean => process.env[WATCHED] !== undefined && process.send !== undefined;

/** Tells the program that watches this training, as `sweep` and `worker` do, how it goes; nobody else. */
export function tellWatcher(): (event: FitEvent) => void {
  if (!isWatched()) return () => {};
  let progress = NO_PROGRESS;
  let toldAt = Number.NEGATIVE_INFINITY;
  // Who has gone is told nothing; that it has gone ends the training elsewhere.
  const tell = (message: TrainMessage) => process.send?.(message, undefined, undefined, () => {});
  return (event) => {
    const now = performance.now();
    progress = advance(progress, event, now);
    if (event.type === 'saved') tell({ type: 'saved', epoch: event.epoch, progress });
    else if (now - toldAt >= INTERVAL_MILLISECONDS) tell({ type: 'progress', progress });
    else return;
    toldAt = now;
  };
}
