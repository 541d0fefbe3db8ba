import type { ModelStatus, Wanted } from '../models/models.js';
import type { Computing, Duration, Statistics } from '../models/statistics.js';
import type { StatisticsBody } from './schemas.js';

const duration = ({ count, nanoseconds }: Duration) => ({ count, ns: nanoseconds });

/** Outputs are written while the next batch is computed, and not measured apart; caches are not in use here. */
const unmeasured = (count: number) => ({ count, ns: 0 });

const computing = ({ preprocess, inference }: Computing) => ({
  compute_input: duration(preprocess),
  compute_infer: duration(inference),
  compute_output: unmeasured(inference.count),
});

const WHOLE_NUMBER = /^\d{1,18}$/;

/**
 * Triton numbers versions, and perf_analyzer ends where one is no number: where a model has such versions they are told
 * by their places among its loaded ones, from 1.
 */
function numbered(version: string, versions: readonly string[]): string {
  return versions.every((each) => WHOLE_NUMBER.test(each)) ? version : `${versions.indexOf(version) + 1}`;
}

const isLoaded = ({ state }: ModelStatus): boolean => state === 'ready' || state === 'unloading';

/** The counts of all loaded versions, or of those wanted, in the words of Triton's statistics extension. */
export function statisticsBody(
  statuses: readonly ModelStatus[],
  statistics: Statistics,
  wanted: Wanted = {},
): StatisticsBody {
  const loaded = statuses.filter(isLoaded);
  const asked = loaded.filter(
    ({ name, version }) => (wanted.name ?? name) === name && (wanted.version ?? version) === version,
  );
  return {
    model_stats: asked.map(({ name, version }) => {
      const versions = loaded.filter((other) => other.name === name).map((other) => other.version);
      const counts = statistics.of({ name, version });
      return {
        name,
        version: numbered(version, versions),
        version_name: version,
        last_inference: counts.lastInferenceMilliseconds,
        inference_count: counts.images,
        execution_count: counts.batches,
        inference_stats: {
          success: duration(counts.success),
          fail: duration(counts.failure),
          queue: duration(counts.queue),
          ...computing(counts.requests),
          cache_hit: unmeasured(0),
          cache_miss: unmeasured(0),
        },
        batch_stats: [...counts.batchSizes]
          .sort(([a], [b]) => a - b)
          .map(([batchSize, computed]) => ({ batch_size: batchSize, ...computing(computed) })),
      };
    }),
  };
}
