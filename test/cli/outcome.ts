import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { decodeCheckpoint } from '../../train/checkpoint.js';

/** Everything of a run that is no time: bytes, and numbers exactly. */
export function outcomeOf(run: string) {
  const text = (file: string) => readFileSync(join(run, file), 'utf8');
  const bytes = (file: string) => readFileSync(join(run, file));
  const checkpoint = decodeCheckpoint(bytes(RUN_FILES.optimizer), run);
  const metrics = JSON.parse(text(RUN_FILES.metrics)) as RunMetrics;
  return {
    files: readdirSync(run).sort(),
    weights: bytes(RUN_FILES.weights).toString('hex'),
    model: text(RUN_FILES.model),
    recipe: text(RUN_FILES.recipe),
    losses: text(RUN_FILES.losses),
    // Without the last two columns, images a second and seconds.
    epochs: text(RUN_FILES.epochs).replace(/,[^,\n]*,[^,\n]*$/gm, ''),
    predictions: text(RUN_FILES.predictions),
    report: text(RUN_FILES.report),
    steps: [metrics.steps, metrics.epochs, checkpoint.step],
    test: metrics.test,
    optimizer: checkpoint.tensors.map(({ name, values }) => [
      name,
      Buffer.from(values.buffer).toString('hex'),
    ]),
    epochSums: { ...checkpoint.epochSums, stepSeconds: 0, seconds: 0 },
  };
}
