import type { Parity } from '../../core/manifest.js';
import type { RunMetrics, TestMetrics } from '../../core/run.js';

/** What `evaluate --json` prints. */
export interface EvaluateResult extends TestMetrics {
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
