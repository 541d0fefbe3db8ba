import { add, div, mul, type Scalar, sqrt, square, sub, type Tensor1D } from '@tensorflow/tfjs-core';

/** Settings that any optimiser may use. */
export interface OptimizerSettings {
  /** Share of the old mean gradient that stays, 0 to 1. */
  beta1: number;
  /** Share of the old mean squared gradient that stays, 0 to 1. */
  beta2: number;
  /** Keeps the division of Adam finite. */
  epsilon: number;
  /** Share of the old velocity that stays in SGD, 0 to 1. */
  momentum: number;
}

interface Update {
  parameters: Tensor1D;
  slots: Tensor1D[];
}

interface OptimizerRule {
  /** Vectors as long as the parameters, all 0 at the start. */
  slots: readonly string[];
  /** What the direction is multiplied by in this step, computed outside the graph; steps count from 1. */
  rate(learningRate: number, step: number, settings: OptimizerSettings): number;
  /** Pure: old values to new ones. All parameters of the network are one vector. */
  update(
    parameters: Tensor1D,
    gradient: Tensor1D,
    slots: readonly Tensor1D[],
    rate: Scalar,
    settings: OptimizerSettings,
  ): Update;
}

export type OptimizerName = 'adam' | 'sgd';

export const OPTIMIZERS: { [N in OptimizerName]: OptimizerRule } = {
  // Kingma and Ba 2015, algorithm 1 in the form of the end of section 2, as Keras has it: the bias corrections are in
  // the rate, epsilon outside them.
  adam: {
    slots: ['mean', 'meanSquare'],
    rate: (learningRate, step, { beta1, beta2 }) =>
      (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step),
    update: (parameters, gradient, [oldMean, oldMeanSquare], rate, { beta1, beta2, epsilon }) => {
      const mean: Tensor1D = add(mul(oldMean!, beta1), mul(gradient, 1 - beta1));
      const meanSquare: Tensor1D = add(mul(oldMeanSquare!, beta2), mul(square(gradient), 1 - beta2));
      const direction = div(mean, add(sqrt(meanSquare), epsilon));
      return { parameters: sub(parameters, mul(direction, rate)), slots: [mean, meanSquare] };
    },
  },
  // Sutskever and others 2013, as PyTorch has it: the velocity is in gradients, the rate multiplies it.
  sgd: {
    slots: ['velocity'],
    rate: (learningRate) => learningRate,
    update: (parameters, gradient, [oldVelocity], rate, { momentum }) => {
      const velocity: Tensor1D = add(mul(oldVelocity!, momentum), gradient);
      return { parameters: sub(parameters, mul(velocity, rate)), slots: [velocity] };
    },
  },
};
