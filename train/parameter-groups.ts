import {
  add,
  concat,
  div,
  maximum,
  mul,
  type NamedTensorMap,
  type Rank,
  reshape,
  type Scalar,
  split,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tidy,
  type Variable,
  variable,
  zerosLike,
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

/** All small ones together, each large one by itself. */
function bySize(weights: readonly Variable[]): Variable[][] {
  const isLarge = ({ size }: Variable) => size >= LARGE;
  const small = weights.filter((weight) => !isLarge(weight));
  return [...(small.length > 0 ? [small] : []), ...weights.filter(isLarge).map((weight) => [weight])];
}

/** All small parameters together, each large one by itself; with the optimiser's slots at their start. */
export function groupParameters(
  weights: readonly Variable[],
  optimizer: OptimizerName,
  settings: OptimizerSettings,
): ParameterGroup[] {
  const { slots: names, slotStart } = OPTIMIZERS[optimizer];
  const start = slotStart(settings);
  return bySize(weights).map((members, index) => {
    const size = members.reduce((total, weight) => total + weight.size, 0);
    const slots = names.map((name) =>
      tidy(() =>
        variable(tensor1d(new Float32Array(size).fill(start)), false, `${optimizer}/${name}/${index}`),
      ),
    );
    return { weights: members, slots };
  });
}

/**
 * The gradient of the group, `[size]`, of the loss to which `penalty / 2` times the sum of the squared kernels is added;
 * biases and the weights of batch normalisation are left out of that sum.
 */
export function gradientOf(
  { weights }: ParameterGroup,
  gradients: NamedTensorMap,
  penalty: number,
): Tensor1D {
  const gradient = flat(weights.map((weight) => gradients[weight.name]!));
  return penalty > 0 ? add(gradient, mul(kernelsOf(weights), penalty)) : gradient;
}

/** What gradients are multiplied by so that the norm of all of them together is `norm` at most. */
export function clipFactor(gradients: readonly Tensor1D[], norm: number): Scalar {
  const squares = gradients.map((gradient) => sum(square(gradient)) as Scalar);
  const whole = sqrt(squares.reduce((total, one): Scalar => add(total, one)));
  return div(norm, maximum(whole, norm));
}

export interface UpdateOptions {
  optimizer: OptimizerName;
  settings: OptimizerSettings;
  /** What the optimiser's direction is multiplied by. */
  rate: Scalar;
  /** Share of each kernel that is taken off beside the step. */
  decay?: Scalar | undefined;
}

/** One step of the optimiser; assigns weights and slots. */
export function updateGroup(
  { weights, slots }: ParameterGroup,
  gradient: Tensor1D,
  { optimizer, settings, rate, decay }: UpdateOptions,
): void {
  const before = flat(weights);
  const parameters: Tensor1D = decay ? sub(before, mul(kernelsOf(weights), decay)) : before;
  const updated = OPTIMIZERS[optimizer].update(parameters, gradient, slots, rate, settings);
  assignFlat(weights, updated.parameters);
  updated.slots.forEach((values, index) => {
    slots[index]!.assign(values);
  });
}

/** Moves each average by `share` of its distance to its weight; assigns the averages. */
export function updateAverages(
  averages: readonly Variable[],
  weights: readonly Variable[],
  share: Scalar,
): void {
  const weightOf = new Map(averages.map((average, index) => [average, weights[index]!]));
  for (const members of bySize(averages)) {
    const before = flat(members);
    const target = flat(members.map((average) => weightOf.get(average)!));
    assignFlat(members, add(before, mul(sub(target, before), share)));
  }
}

/** The kernels' values at their places, 0 at those of biases and of batch normalisation, which have one dimension. */
const kernelsOf = (weights: readonly Variable[]): Tensor1D =>
  flat(weights.map((weight) => (weight.rank > 1 ? weight : zerosLike(weight))));

const flat = (tensors: readonly Tensor[]): Tensor1D =>
  concat(tensors.map((one): Tensor1D => reshape(one, [-1])));

function assignFlat(weights: readonly Variable[], values: Tensor1D): void {
  const sizes = weights.map(({ size }) => size);
  split(values, sizes).forEach((part, index) => {
    const weight = weights[index]!;
    weight.assign(reshape(part, weight.shape));
  });
}
