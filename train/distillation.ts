import {
  add,
  div,
  losses,
  mul,
  type Scalar,
  softmax,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { logitsOf } from './models/architectures.js';

/** How a network learns from others: Hinton, Vinyals and Dean (2015), "Distilling the knowledge in a neural network". */
export interface DistillationSettings {
  /** Share of the loss that is the distance to the teachers' probabilities, 0 to 1; the rest is that to the labels. 0: no teacher. */
  distillationWeight: number;
  /** What logits of teachers and of the network are divided by before they are compared; the higher, the more likenesses count. */
  distillationTemperature: number;
}

/** What the loss becomes beside teachers. */
export interface Teaching {
  /** The mean of the teachers' softened probabilities for images `[batch, 28, 28, 1]`: `[batch, 10]`. */
  targets(images: Tensor): Tensor2D;
  /**
   * The labels' loss and the teachers', each by its share. The teachers' is multiplied by the temperature's square, or its gradient would
   * fall with it (section 2).
   */
  loss(labelsLoss: Scalar, outputs: Tensor2D, targets: Tensor2D): Scalar;
}

/** Lessons by these teachers; null where there is none, or nothing to learn from them. */
export function teachingBy(
  teachers: readonly LayersModel[],
  { distillationWeight: weight, distillationTemperature: temperature }: DistillationSettings,
): Teaching | null {
  if (teachers.length === 0 || weight === 0) return null;
  const networks = teachers.map(logitsOf);
  const soften = (outputs: Tensor2D): Tensor2D => div(outputs, temperature);
  return {
    targets: (images) => {
      const each = networks.map((network) =>
        softmax(soften(network.apply(images, { training: false }) as Tensor2D)),
      );
      return div(
        each.reduce((sum, one) => add(sum, one)),
        each.length,
      );
    },
    loss: (labelsLoss, outputs, targets) => {
      const teachersLoss: Scalar = losses.softmaxCrossEntropy(targets, soften(outputs));
      return add(mul(1 - weight, labelsLoss), mul(weight * temperature ** 2, teachersLoss));
    },
  };
}
