import { unmet } from '../core/errors.js';
import { batchCount } from './dataset/batches.js';
import type { ResolvedRecipe } from './recipes/resolve.js';
import type { OpenedRun } from './run-folder.js';
import { spansRun } from './schedules.js';

/**
 * The recipe of a run that goes on, for another number of epochs: the steps that it has done are those of a run that began with so many.
 * @param trainImages how many images it is trained on
 * @param epochs undefined for as many as it began with
 * @throws TenfoldError `bad-usage` where it has begun more than these, or where its rates are spread over all that it began with
 */
export function withEpochs(
  { recipe, checkpoint }: OpenedRun,
  trainImages: number,
  epochs: number | undefined,
): ResolvedRecipe {
  const { training } = recipe;
  if (epochs === undefined || epochs === training.epochs) return recipe;
  const refuse = (expected: string, advice: string) =>
    unmet({
      code: 'bad-usage',
      what: '--epochs of a run that goes on',
      expected,
      got: String(epochs),
      advice,
    });
  const stepsPerEpoch = batchCount({ count: trainImages, batchSize: training.batchSize });
  const epochsBegun = Math.ceil((checkpoint?.step ?? 0) / stepsPerEpoch);
  if (epochsBegun > 0 && spansRun(training)) {
    const warmup = training.warmup > 0 ? `, warmup ${training.warmup}` : '';
    throw refuse(
      `${training.epochs}, over which its learning rate is spread (schedule ${training.schedule}${warmup})`,
      'Leave --epochs out, or train anew.',
    );
  }
  if (epochs < epochsBegun) {
    throw refuse(`at least the ${epochsBegun} that it has begun`, 'Name more, or leave --epochs out.');
  }
  return { ...recipe, training: { ...training, epochs } } as ResolvedRecipe;
}
