import {
  argMax,
  cast,
  equal,
  keep,
  losses,
  mean,
  oneHot,
  type Rank,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { CLASS_COUNT, INPUT_SIDE } from '../core/image.js';
import { type CompiledStep, compileStep, type TensorInput } from './compiled-step.js';
import { logitsOf } from './models/architectures.js';
import { SeededDropout } from './models/dropout.js';
import { OPTIMIZERS, type OptimizerName, type OptimizerSettings } from './optimizers.js';
import { groupParameters, updateGroup } from './parameter-groups.js';
import { randomStream } from './random.js';

export interface TrainStepOptions {
  model: LayersModel;
  optimizer: OptimizerName;
  settings: OptimizerSettings;
  /** Share of the target spread evenly over the classes, 0 to 1. */
  labelSmoothing: number;
  seed: number;
}

export interface StepResult {
  /** Mean cross-entropy over the batch, before the update. */
  loss: number;
  /** Share of the batch classified correctly, before the update. */
  accuracy: number;
}

export interface TrainStep {
  /**
   * One update.
   * @param images `[batch, 28, 28, 1]`
   * @param labels `[batch]`
   * @param step counts from 1 over the whole run
   */
  run(images: Float32Array, labels: Int32Array, learningRate: number, step: number): Promise<StepResult>;
  /** The optimiser's memory, as long as the trainable parameters for each of its slots. */
  slots: Variable<Rank.R1>[];
  /** Frees the optimiser's memory and what was compiled, after the steps begun so far. */
  dispose(): Promise<void>;
}

/** The training step of a network: forward, backward and update as one computation. */
export function createTrainStep({
  model,
  optimizer,
  settings,
  labelSmoothing,
  seed,
}: TrainStepOptions): TrainStep {
  const rule = OPTIMIZERS[optimizer];
  const logits = logitsOf(model);
  const weights = model.trainableWeights.map((weight) => weight.read() as Variable);
  const groups = groupParameters(weights, optimizer);
  const slots = groups.flatMap((group) => group.slots);
  const dropouts = model.layers.filter((layer): layer is SeededDropout => layer instanceof SeededDropout);

  const step: CompiledStep = compileStep((images, labels, rate, ...noise) => {
    dropouts.forEach((layer, index) => {
      layer.noise = noise[index]!;
    });
    const targets = cast(oneHot(labels as Tensor1D, CLASS_COUNT), 'float32') as Tensor2D;
    let outputs: Tensor2D | undefined;
    const { value: loss, grads } = variableGrads(() => {
      outputs = keep(logits.apply(images, { training: true }) as Tensor2D);
      return losses.softmaxCrossEntropy(targets, outputs, undefined, labelSmoothing) as Scalar;
    }, weights);
    for (const group of groups) updateGroup(group, grads, rate as Scalar, optimizer, settings);
    const isRight = equal(cast(argMax(outputs!, 1), 'int32'), labels);
    outputs!.dispose();
    return [loss, mean(cast(isRight, 'float32'))];
  });

  return {
    slots,
    async dispose() {
      await step.dispose();
      for (const slot of slots) slot.dispose();
    },
    async run(images, labels, learningRate, number) {
      const count = labels.length;
      const rate = rule.rate(learningRate, number, settings);
      const [loss, accuracy] = await step([
        { data: images, shape: [count, INPUT_SIDE, INPUT_SIDE, 1], dtype: 'float32' },
        { data: labels, shape: [count], dtype: 'int32' },
        { data: Float32Array.of(rate), shape: [], dtype: 'float32' },
        ...dropouts.map((layer, index) => dropoutNoise(layer, count, seed, number, index)),
      ]);
      return { loss: loss![0]!, accuracy: accuracy![0]! };
    },
  };
}

/** The random numbers of one dropout layer in one step: a function of these arguments alone. */
function dropoutNoise(
  layer: SeededDropout,
  batch: number,
  seed: number,
  step: number,
  index: number,
): TensorInput {
  const shape = [batch, ...(layer.inboundNodes[0]!.inputShapes[0] as (number | null)[]).slice(1).map(Number)];
  const stream = randomStream(seed, 'dropout', index, step);
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let element = 0; element < data.length; element++) data[element] = stream.next();
  return { data, shape, dtype: 'float32' };
}
