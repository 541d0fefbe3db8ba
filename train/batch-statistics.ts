import { div, type Tensor, tensor, tidy, type Variable, zerosLike } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { INPUT_LENGTH, INPUT_SIDE } from '../core/image.js';
import { NO_AUGMENTATION } from './augment/settings.js';
import { type CompiledStep, compileStep } from './compiled-step.js';
import { createPrepare, type PrepareSettings } from './dataset/prepare.js';
import { logitsOf } from './models/architectures.js';

export interface StatisticsSettings {
  /**
   * Batches of training images on which batch normalisation's statistics of the averaged network are measured anew after every
   * epoch, by turns as they were augmented and as they are; 0: they stay the moving averages of the network in training, whose
   * weights are others.
   */
  statisticsBatches: number;
}

/** Measures batch normalisation's statistics of a network. */
export interface StatisticsMeter {
  /** Gives the network the mean, over batches `[n, 28, 28, 1]`, of each batch's means and variances, if it has such statistics. */
  measure(batches: Iterable<Float32Array>): Promise<void>;
  dispose(): Promise<void>;
}

/** A moving statistic and the share of its old value that a step keeps. */
interface Statistic {
  variable: Variable;
  momentum: number;
}

/**
 * The statistics that belong to a network's weights as they are: those of averaged weights are nobody's by-product, and have to be
 * measured (Izmailov and others 2018, "Averaging weights leads to wider optima and better generalization", section 3.2). Dropout
 * drops nothing meanwhile.
 */
export function statisticsMeter(model: LayersModel): StatisticsMeter {
  const statistics = statisticsOf(model);
  const logits = logitsOf(model);
  // What a step adds to a moving statistic that was 0 is a share of the batch's own.
  const ofBatch: CompiledStep = compileStep((images: Tensor) => {
    for (const { variable } of statistics) variable.assign(zerosLike(variable));
    logits.apply(images, { training: true });
    return statistics.map(({ variable, momentum }) => div(variable, 1 - momentum));
  });
  return {
    async measure(batches) {
      if (statistics.length === 0) return;
      const sums = statistics.map(({ variable }) => new Float64Array(variable.size));
      let count = 0;
      for (const images of batches) {
        const shape = [images.length / INPUT_LENGTH, INPUT_SIDE, INPUT_SIDE, 1];
        const measured = await ofBatch([{ data: images, shape, dtype: 'float32' }]);
        for (const [index, sum] of sums.entries()) {
          for (let channel = 0; channel < sum.length; channel++) sum[channel]! += measured[index]![channel]!;
        }
        count++;
      }
      tidy(() => {
        for (const [index, { variable }] of statistics.entries()) {
          variable.assign(
            tensor(
              Float32Array.from(sums[index]!, (sum) => sum / count),
              variable.shape,
            ),
          );
        }
      });
    },
    dispose: () => ofBatch.dispose(),
  };
}

const statisticsOf = (model: LayersModel): Statistic[] =>
  model.layers
    .filter((layer) => layer.getClassName() === 'BatchNormalization')
    .flatMap((layer) =>
      layer.nonTrainableWeights.map((weight) => ({
        variable: weight.read() as Variable,
        momentum: layer.getConfig().momentum as number,
      })),
    );

/**
 * The first batches of an epoch, without outliers: every other one as the epoch's steps had it, the rest as their images are.
 * @param firstStep steps of the run before the epoch
 */
export function* statisticsBatches(
  settings: PrepareSettings,
  firstStep: number,
  count: number,
): Generator<Float32Array> {
  const memory = new ArrayBuffer(settings.batchSize * INPUT_LENGTH * Float32Array.BYTES_PER_ELEMENT);
  const augmented = createPrepare({ ...settings, outlierShare: 0 });
  const plain = createPrepare({ ...settings, outlierShare: 0, augmentation: NO_AUGMENTATION });
  for (let batch = 0; batch < count; batch++) {
    const prepare = batch % 2 === 0 ? augmented : plain;
    yield prepare({ step: firstStep + batch, memory }).images;
  }
}
