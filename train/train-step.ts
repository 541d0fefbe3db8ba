import {
  add,
  argMax,
  cast,
  equal,
  fill,
  keep,
  losses,
  mean,
  mul,
  oneHot,
  type Rank,
  type Scalar,
  slice,
  type Tensor1D,
  type Tensor2D,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../core/image.js';
import { type CompiledStep, compileStep, scalarInput, type TensorInput } from './compiled-step.js';
import type { Teaching } from './distillation.js';
import { logitsOf } from './models/architectures.js';
import { SeededDropout } from './models/dropout.js';
import { OPTIMIZERS, type OptimizerName, type OptimizerSettings } from './optimizers.js';
import { clipFactor, gradientOf, groupParameters, updateAverages, updateGroup } from './parameter-groups.js';
import { randomStream } from './random.js';

/** What a step does to weights and gradients beside the optimiser's own rule. */
export interface UpdateSettings {
  /**
   * Kernels are pulled towards 0 by this share of themselves: as `weightDecay / 2` times the sum of their squares in the
   * loss, or beside the step, times the learning rate, where the optimiser decouples it. Biases and batch normalisation
   * are left alone. 0: none.
   */
  weightDecay: number;
  /** The highest norm that the gradient of all parameters together may have; 0: any. */
  clipNorm: number;
  /** Share of the old average that stays in the moving average of the weights, 0 to 1; 0: no average is kept. */
  averageDecay: number;
}

export interface TrainStepOptions {
  model: LayersModel;
  /** Of the same architecture: its weights become the moving averages of the model's, its batch statistics the model's own. */
  averages?: LayersModel | null;
  optimizer: OptimizerName;
  settings: OptimizerSettings & UpdateSettings;
  /** Share of the target spread evenly over the classes, 0 to 1. */
  labelSmoothing: number;
  /** What the outliers' cross-entropy to equal probabilities counts beside the digits' own. */
  outlierWeight?: number;
  /** What it learns from other networks beside the labels. */
  teaching?: Teaching | null;
  seed: number;
}

export interface StepResult {
  /**
   * Mean cross-entropy to the labels over the batch's digits, before the update; their smoothing, weight decay, outliers and teachers are
   * not in it.
   */
  loss: number;
  /** Share of the digits classified correctly, before the update. */
  accuracy: number;
}

export interface TrainStep {
  /**
   * One update.
   * @param images `[batch, 28, 28, 1]`, then any number of outliers like them
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
  averages = null,
  optimizer,
  settings,
  labelSmoothing,
  outlierWeight = 0,
  teaching = null,
  seed,
}: TrainStepOptions): TrainStep {
  const logits = logitsOf(model);
  const variablesOf = (weights: LayersModel['weights']) => weights.map((weight) => weight.read() as Variable);
  const weights = variablesOf(model.trainableWeights);
  const groups = groupParameters(weights, optimizer, settings);
  const slots = groups.flatMap((group) => group.slots);
  const dropouts = model.layers.filter((layer): layer is SeededDropout => layer instanceof SeededDropout);
  const rule = OPTIMIZERS[optimizer];
  const factors = stepFactors(optimizer, settings);
  const names = Object.keys(factors) as (keyof Factors<unknown>)[];
  const { weightDecay, clipNorm } = settings;
  const penalty = rule.decouplesDecay ? 0 : weightDecay;

  const step: CompiledStep = compileStep((images, labels, rate, ...others) => {
    const { decay, average }: Factors<Scalar> = Object.fromEntries(
      names.map((name, index) => [name, others[index] as Scalar]),
    );
    dropouts.forEach((layer, index) => {
      layer.noise = others[names.length + index]!;
    });
    const targets = cast(oneHot(labels as Tensor1D, CLASS_COUNT), 'float32') as Tensor2D;
    const digits = labels.shape[0]!;
    const outliers = images.shape[0]! - digits;
    const taught = teaching?.targets(outliers > 0 ? slice(images, 0, digits) : images);
    let outputs: Tensor2D | undefined;
    const digitsLoss = (smoothing: number) =>
      losses.softmaxCrossEntropy(targets, outputs!, undefined, smoothing) as Scalar;
    const { value, grads } = variableGrads(() => {
      const all = logits.apply(images, { training: true }) as Tensor2D;
      outputs = keep(outliers > 0 ? slice(all, 0, digits) : all);
      const smoothed = digitsLoss(labelSmoothing);
      const loss = taught ? teaching!.loss(smoothed, outputs, taught) : smoothed;
      return outliers > 0 ? add(loss, mul(outlierWeight, outlierLoss(slice(all, digits)))) : loss;
    }, weights);
    const gradients = groups.map((group) => gradientOf(group, grads, penalty));
    const factor = clipNorm > 0 ? clipFactor(gradients, clipNorm) : null;
    groups.forEach((group, index) => {
      const gradient = gradients[index]!;
      updateGroup(group, factor ? mul(gradient, factor) : gradient, {
        optimizer,
        settings,
        rate: rate as Scalar,
        decay,
      });
    });
    if (averages && average) {
      updateAverages(variablesOf(averages.trainableWeights), weights, average);
      // Moving averages already: averaged once more, what they began with would weigh on them for thousands of steps.
      const statistics = variablesOf(model.nonTrainableWeights);
      variablesOf(averages.nonTrainableWeights).forEach((variable, index) => {
        variable.assign(statistics[index]!);
      });
    }
    const loss = outliers > 0 || taught || labelSmoothing > 0 ? digitsLoss(0) : value;
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
      const count = images.length / INPUT_LENGTH;
      const [loss, accuracy] = await step([
        { data: images, shape: [count, INPUT_SIDE, INPUT_SIDE, 1], dtype: 'float32' },
        { data: labels, shape: [labels.length], dtype: 'int32' },
        scalarInput(rule.rate(learningRate, number, settings)),
        ...names.map((name) => scalarInput(factors[name]!(learningRate, number))),
        ...dropouts.map((layer, index) => dropoutNoise(layer, count, seed, number, index)),
      ]);
      return { loss: loss![0]!, accuracy: accuracy![0]! };
    },
  };
}

/** Mean cross-entropy to equal probabilities of logits `[outliers, 10]`: Hendrycks and others (2019), section 3. */
const outlierLoss = (outputs: Tensor2D): Scalar =>
  losses.softmaxCrossEntropy(fill(outputs.shape, 1 / CLASS_COUNT), outputs);

/** The numbers that change from step to step beside the rate; a step takes only those that it needs. */
interface Factors<Value> {
  /** Share of each kernel that is taken off beside the step. */
  decay?: Value;
  /** Share of its distance to the weight that each average moves by. */
  average?: Value;
}

/** Each of them as a function of a step's learning rate and its number, from 1. */
function stepFactors(
  optimizer: OptimizerName,
  { weightDecay, averageDecay }: UpdateSettings,
): Factors<(learningRate: number, step: number) => number> {
  return {
    ...(OPTIMIZERS[optimizer].decouplesDecay &&
      weightDecay > 0 && { decay: (learningRate: number) => learningRate * weightDecay }),
    // Adam's correction of the same bias: the average has no part of where the weights began.
    ...(averageDecay > 0 && {
      average: (_: number, step: number) => (1 - averageDecay) / (1 - averageDecay ** step),
    }),
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
