import type { ProcessRecord } from './process-record.js';
import type { TrainingEnd, TrainingProcess } from './training-process.js';

export interface RecordedEndOptions {
  record: ProcessRecord;
  /** As the record calls it. */
  run: string;
  /** Once aborted, the training saves and ends. */
  signal: AbortSignal;
}

/**
 * Waits for a training's end, with its process on record until then.
 * @throws TenfoldError `failed` where that cannot be written: the training is not left alone, but has saved and ended by then
 */
export async function recordedEnd(
  training: TrainingProcess,
  { record, run, signal }: RecordedEndOptions,
): Promise<TrainingEnd> {
  const { stop } = training;
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    record.began(run, training.pid);
    const end = await training.ended;
    record.ended(run);
    return end;
  } catch (error) {
    stop();
    await training.ended;
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
