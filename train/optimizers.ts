import { add, div, mul, type Scalar, sqrt, square, sub, type Tensor1D } from '@tensorflow/tfjs-core';

/** Settings that some optimiser uses. */
export interface OptimizerSettings {
  /** Share of the old mean gradient that stays, 0 to 1. */
  beta1: number;
  /** Share of the old mean squared gradient that stays in Adam and AdamW, 0 to 1. */
  beta2: number;
  /** Keeps the divisions finite. */
  epsilon: number;
  /** Share of the old velocity that stays, 0 to 1. */
  momentum: number;
  /** Share of the old mean squares that stays in RMSprop and Adadelta, 0 to 1. */
  rho: number;
  /** What Adagrad's sum of squared gradients begins at. */
  initialAccumulator: number;
}

interface Update {
  parameters: Tensor1D;
  slots: Tensor1D[];
}

interface OptimizerRule {
  /** The settings that it uses, with their values where a recipe of another optimiser is given this one. */
  defaults: Partial<OptimizerSettings>;
  /** Vectors as long as the parameters. */
  slots: readonly string[];
  /** What the slots are filled with at the start. */
  slotStart(settings: OptimizerSettings): number;
  /** Weight decay shrinks the weights beside the step; else it is a part of the loss, and so of the gradient. */
  decouplesDecay: boolean;
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

export type OptimizerName =
  | 'adam'
  | 'adamw'
  | 'sgd'
  | 'momentum'
  | 'nesterov'
  | 'rmsprop'
  | 'adadelta'
  | 'adagrad';

const zero = () => 0;
const learningRateItself = (learningRate: number) => learningRate;

/** A running mean of squares: `share` of the old one stays. */
const meanOfSquares = (old: Tensor1D, value: Tensor1D, share: number): Tensor1D =>
  add(mul(old, share), mul(square(value), 1 - share));

// Kingma and Ba 2015, algorithm 1 in the form of the end of section 2, as Keras has it: the bias corrections are in
// the rate, epsilon outside them.
const ADAM: OptimizerRule = {
  defaults: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  slots: ['mean', 'meanSquare'],
  slotStart: zero,
  decouplesDecay: false,
  rate: (learningRate, step, { beta1, beta2 }) =>
    (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step),
  update: (parameters, gradient, [oldMean, oldMeanSquare], rate, { beta1, beta2, epsilon }) => {
    const mean: Tensor1D = add(mul(oldMean!, beta1), mul(gradient, 1 - beta1));
    const meanSquare = meanOfSquares(oldMeanSquare!, gradient, beta2);
    const direction = div(mean, add(sqrt(meanSquare), epsilon));
    return { parameters: sub(parameters, mul(direction, rate)), slots: [mean, meanSquare] };
  },
};

// Sutskever and others 2013, as PyTorch has it: the velocity is in gradients, the rate multiplies it.
const MOMENTUM: OptimizerRule = {
  defaults: { momentum: 0.9 },
  slots: ['velocity'],
  slotStart: zero,
  decouplesDecay: false,
  rate: learningRateItself,
  update: (parameters, gradient, [oldVelocity], rate, { momentum }) => {
    const velocity: Tensor1D = add(mul(oldVelocity!, momentum), gradient);
    return { parameters: sub(parameters, mul(velocity, rate)), slots: [velocity] };
  },
};

export const OPTIMIZERS: { [N in OptimizerName]: OptimizerRule } = {
  adam: ADAM,
  // Loshchilov and Hutter 2019.
  adamw: { ...ADAM, decouplesDecay: true },
  // Without any memory.
  sgd: {
    defaults: {},
    slots: [],
    slotStart: zero,
    decouplesDecay: false,
    rate: learningRateItself,
    update: (parameters, gradient, _slots, rate) => ({
      parameters: sub(parameters, mul(gradient, rate)),
      slots: [],
    }),
  },
  momentum: MOMENTUM,
  // Nesterov's gradient as PyTorch has it: the step that the velocity will take next is taken at once.
  nesterov: {
    ...MOMENTUM,
    update: (parameters, gradient, [oldVelocity], rate, { momentum }) => {
      const velocity: Tensor1D = add(mul(oldVelocity!, momentum), gradient);
      const direction = add(gradient, mul(velocity, momentum));
      return { parameters: sub(parameters, mul(direction, rate)), slots: [velocity] };
    },
  },
  // Tieleman and Hinton 2012, as Keras 3 has it: epsilon is within the root (PyTorch has it outside).
  rmsprop: {
    defaults: { rho: 0.9, epsilon: 1e-7 },
    slots: ['meanSquare'],
    slotStart: zero,
    decouplesDecay: false,
    rate: learningRateItself,
    update: (parameters, gradient, [oldMeanSquare], rate, { rho, epsilon }) => {
      const meanSquare = meanOfSquares(oldMeanSquare!, gradient, rho);
      const direction = div(gradient, sqrt(add(meanSquare, epsilon)));
      return { parameters: sub(parameters, mul(direction, rate)), slots: [meanSquare] };
    },
  },
  // Zeiler 2012, algorithm 1, with a rate as Keras and PyTorch have it; rho and epsilon are Keras's (PyTorch: 0.9, 1e-6).
  adadelta: {
    defaults: { rho: 0.95, epsilon: 1e-7 },
    slots: ['meanSquare', 'meanSquareChange'],
    slotStart: zero,
    decouplesDecay: false,
    rate: learningRateItself,
    update: (parameters, gradient, [oldMeanSquare, oldChange], rate, { rho, epsilon }) => {
      const meanSquare = meanOfSquares(oldMeanSquare!, gradient, rho);
      const scale = div(sqrt(add(oldChange!, epsilon)), sqrt(add(meanSquare, epsilon)));
      const direction: Tensor1D = mul(scale, gradient);
      const change = meanOfSquares(oldChange!, direction, rho);
      return { parameters: sub(parameters, mul(direction, rate)), slots: [meanSquare, change] };
    },
  },
  // Duchi and others 2011, as Keras 3 has it: epsilon is within the root (PyTorch has it outside).
  adagrad: {
    defaults: { initialAccumulator: 0.1, epsilon: 1e-7 },
    slots: ['sumOfSquares'],
    slotStart: ({ initialAccumulator }) => initialAccumulator,
    decouplesDecay: false,
    rate: learningRateItself,
    update: (parameters, gradient, [oldSum], rate, { epsilon }) => {
      const sumOfSquares: Tensor1D = add(oldSum!, square(gradient));
      const direction = div(gradient, sqrt(add(sumOfSquares, epsilon)));
      return { parameters: sub(parameters, mul(direction, rate)), slots: [sumOfSquares] };
    },
  },
};
