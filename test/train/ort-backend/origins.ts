import {
  backend,
  cast,
  conv2d,
  customGrad,
  engine,
  eye,
  fill,
  reshape,
  type Tensor,
  type Tensor4D,
  tile,
} from '@tensorflow/tfjs-core';
import { OnnxRuntimeBackend } from '../../../train/ort-backend/index.js';
import type { Case, InputSpec } from './case.js';

interface Rule {
  applies(spec: InputSpec): boolean;
  /** The shape of the tensor that is written. */
  shape(spec: InputSpec): number[];
  /** The input, from what was written. */
  make(written: Tensor, spec: InputSpec): Tensor;
}

const isEmpty = ({ shape }: InputSpec) => shape.includes(0);
const isImage = ({ shape }: InputSpec) => shape.length === 4;
const whole = ({ shape }: InputSpec) => shape;

const repeatedAxis = (shape: readonly number[]) => shape.findIndex((size) => size > 1);
const repeats = (spec: InputSpec) => !spec.values && !isEmpty(spec) && repeatedAxis(spec.shape) >= 0;
const once = ({ shape }: InputSpec) => shape.with(repeatedAxis(shape), 1);
const repeated = (x: Tensor, { shape }: InputSpec) =>
  tile(
    x,
    shape.map((size, axis) => size / x.shape[axis]!),
  );

/** The same numbers as they come out of a convolution. */
function convolved(x: Tensor, { dtype }: InputSpec): Tensor {
  const channels = x.shape[3]!;
  const identity = reshape(eye(channels), [1, 1, channels, channels]) as Tensor4D;
  return cast(conv2d(cast(x, 'float32') as Tensor4D, identity, 1, 'valid'), dtype);
}

/** The same numbers with the batch innermost, as the convolutions of large batches leave them. */
const batchLast = (x: Tensor): Tensor =>
  customGrad((image) => {
    const ours = backend();
    const value =
      ours instanceof OnnxRuntimeBackend
        ? engine().makeTensorFromTensorInfo(
            ours.toTensorInfo(ours.graph.inLayout(ours.valueFor(image as Tensor), 'batch-last')),
            ours,
          )
        : (image as Tensor).clone();
    return { value, gradFunc: (dy) => dy as Tensor };
  })(x);

const constant = (number: number): Rule => ({
  applies: ({ shape, low, high, values }) => !values && !shape.includes(0) && low <= number && number <= high,
  shape: whole,
  make: (_written, { shape, dtype }) => fill(shape as [number], number, dtype),
});

/**
 * How both backends come by an input. The numbers are the same; what differs is how ours keeps them: as TensorFlow.js
 * does, channels-first, with the batch innermost, once for all along an axis, or as one number of the structure.
 */
const ORIGINS = {
  written: { applies: () => true, shape: whole, make: (written) => written },
  convolved: {
    applies: (spec) => isImage(spec) && !isEmpty(spec) && (spec.values ?? []).every(Number.isFinite),
    shape: whole,
    make: convolved,
  },
  repeated: { applies: repeats, shape: once, make: repeated },
  'convolved and repeated': {
    applies: (spec) => isImage(spec) && repeats(spec),
    shape: once,
    make: (written, spec) => repeated(convolved(written, spec), spec),
  },
  'batch-last': { applies: (spec) => isImage(spec) && !isEmpty(spec), shape: whole, make: batchLast },
  'batch-last and repeated': {
    applies: (spec) => isImage(spec) && repeats(spec),
    shape: once,
    make: (written, spec) => batchLast(repeated(written, spec)),
  },
  zeros: constant(0),
  ones: constant(1),
} satisfies Record<string, Rule>;

export type Origin = keyof typeof ORIGINS;

const ALL = Object.keys(ORIGINS) as Origin[];

export const originOf = (origin: Origin): Rule => ORIGINS[origin];

/** Whether an input of this origin depends on anything written. */
export const isWritten = (origin: Origin): boolean => origin !== 'zeros' && origin !== 'ones';

/** The origins worth a run, an origin for each input: all of one kind, then one input unlike the others. */
export function plansOf({ inputs, origins = ALL }: Case): Origin[][] {
  const written = inputs.map((): Origin => 'written');
  const plans = new Map([[written.join(), written]]);
  for (const origin of origins) {
    for (const isChosen of [all, first, last]) {
      const plan = inputs.map(
        (spec, index): Origin =>
          isChosen(index, inputs.length) && originOf(origin).applies(spec) ? origin : 'written',
      );
      plans.set(plan.join(), plan);
    }
  }
  return [...plans.values()];
}

const all = () => true;
const first = (index: number) => index === 0;
const last = (index: number, count: number) => index === count - 1;
