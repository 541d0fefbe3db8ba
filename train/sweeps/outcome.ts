import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '../../core/json.js';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import type { Progress } from '../progress.js';
import type { RunSpec } from './plan.js';

/** What becomes known of a run while a sweep is under way. */
export type RunNews =
  /** `place` names the worker where the run is not this machine's. */
  | { type: 'started'; resumes: boolean; place?: string | undefined }
  | { type: 'progress'; progress: Progress; place?: string | undefined }
  | { type: 'saved'; progress: Progress; place?: string | undefined }
  | { type: 'finished'; metrics: RunMetrics }
  | { type: 'failed'; reason: string }
  /** It stopped before its end, with all that was done saved. */
  | { type: 'interrupted' };

export type TellNews = (spec: RunSpec, news: RunNews) => void;

/** Does the runs of a sweep that are not finished, wherever that be; it tells each one's end as news. */
export interface Executor {
  execute(specs: readonly RunSpec[], tell: TellNews, signal: AbortSignal): Promise<void>;
}

/** @throws TenfoldError `corrupt` where the file is not JSON */
export async function readMetrics(folder: string): Promise<RunMetrics> {
  const path = join(folder, RUN_FILES.metrics);
  const text = await readFile(path, 'utf8');
  return parseJson(text, path, 'corrupt', 'Remove the run and train it anew.') as RunMetrics;
}
