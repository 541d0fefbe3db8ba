import type { Parity } from '../../core/manifest.js';
import type { ClassMetrics, RunMetrics } from '../../core/run.js';

/** What `evaluate --json` prints. */
export interface EvaluateResult {
  accuracy: number;
  loss: number;
  perClass: ClassMetrics[];
  /** `[10, 10]`, true digits by predicted ones. */
  confusion: number[][];
  images: number;
}

/** What `pipeline --json` prints. */
export interface PipelineResult {
  url: string;
  run: string;
  bundle: string;
  test: RunMetrics['test'];
  parity: Pick<Parity, 'images' | 'maxAbsDiff' | 'top1Agreement'>;
  seconds: number;
}
