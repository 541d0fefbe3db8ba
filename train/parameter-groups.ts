import {
  concat,
  type NamedTensorMap,
  type Rank,
  reshape,
  type Scalar,
  split,
  type Tensor,
  type Tensor1D,
  tidy,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { OPTIMIZERS, type OptimizerName, type OptimizerSettings } from './optimizers.js';

/** Parameters that are updated as one vector. */
export interface ParameterGroup {
  weights: readonly Variable[];
  /** The optimiser's memory of them. */
  slots: Variable<Rank.R1>[];
}

/** From this size on, joining a tensor with others, which copies it, costs more than an update of its own. */
const LARGE = 65_536;

/** All small parameters together, each large one by itself; with the optimiser's slots, all 0. */
export function groupParameters(weights: readonly Variable[], optimizer: OptimizerName): ParameterGroup[] {
  const isLarge = ({ size }: Variable) => size >= LARGE;
  const small = weights.filter((weight) => !isLarge(weight));
  const groups = [...(small.length > 0 ? [small] : []), ...weights.filter(isLarge).map((weight) => [weight])];
  return groups.map((members, index) => {
    const size = members.reduce((sum, weight) => sum + weight.size, 0);
    const slots = OPTIMIZERS[optimizer].slots.map((name) =>
      tidy(() => variable<Rank.R1>(zeros([size]), false, `${optimizer}/${name}/${index}`)),
    );
    return { weights: members, slots };
  });
}

/** One step of the optimiser; assigns weights and slots. */
export function updateGroup(
  { weights, slots }: ParameterGroup,
  gradients: NamedTensorMap,
  rate: Scalar,
  optimizer: OptimizerName,
  settings: OptimizerSettings,
): void {
  const gradient = flat(weights.map((weight) => gradients[weight.name]!));
  const updated = OPTIMIZERS[optimizer].update(flat(weights), gradient, slots, rate, settings);
  const sizes = weights.map(({ size }) => size);
  split(updated.parameters, sizes).forEach((values, index) => {
    const weight = weights[index]!;
    weight.assign(reshape(values, weight.shape));
  });
  updated.slots.forEach((values, index) => {
    slots[index]!.assign(values);
  });
}

const flat = (tensors: readonly Tensor[]): Tensor1D =>
  concat(tensors.map((one): Tensor1D => reshape(one, [-1])));
