import { float32 } from '../onnx/tensor.js';
import type { Convolution, Dense, Op, Pads, PlainNode, ValueId } from './intermediate.js';

/**
 * Replaces an operation and the only one that reads it by fewer or cheaper ones that compute the same; undefined where the
 * rule does not apply. The last replacement takes the reader's place and output.
 */
type PairRule = (producer: Op, reader: Op) => Op[] | undefined;

/** Batch norm behind a linear layer: into its weights, `(Wx + b)s + t = (Ws)x + (bs + t)`. */
const foldAffineBackwards: PairRule = (producer, reader) => {
  if (reader.kind !== 'affine' || (producer.kind !== 'convolution' && producer.kind !== 'dense')) return;
  const { scale, shift, output } = reader;
  const outputOf = producer.kind === 'convolution' ? outputOfConvolution(producer) : outputOfDense(producer);
  const bias = shift.map((value, index) => value + (producer.bias?.[index] ?? 0) * scale[index]!);
  return [{ ...producer, output, bias, kernel: producer.kernel.map((w, i) => w * scale[outputOf(i)]!) }];
};

/**
 * Batch norm before a linear layer: `W(xs + t) + b = (Ws)x + (Wt + b)`. Not where a convolution pads: the padding is zero
 * after the shift.
 */
const foldAffineForwards: PairRule = (producer, reader) => {
  if (producer.kind !== 'affine' || (reader.kind !== 'convolution' && reader.kind !== 'dense')) return;
  const { scale, shift, inputs } = producer;
  const isPadded = reader.kind === 'convolution' && reader.pads.some((pad) => pad > 0);
  if (isPadded && shift.some((value) => value !== 0)) return;
  const inputOf = reader.kind === 'convolution' ? inputOfConvolution(reader) : inputOfDense(reader);
  const outputOf = reader.kind === 'convolution' ? outputOfConvolution(reader) : outputOfDense(reader);
  const outputs = reader.kind === 'convolution' ? reader.kernelShape[0] : reader.kernelShape[1];
  const bias = reader.bias?.slice() ?? new Float64Array(outputs);
  reader.kernel.forEach((weight, index) => {
    bias[outputOf(index)]! += weight * shift[inputOf(index)]!;
  });
  return [{ ...reader, inputs, bias, kernel: reader.kernel.map((w, i) => w * scale[inputOf(i)]!) }];
};

/** A zero padding before a convolution is the convolution's own. */
const foldPadding: PairRule = (producer, reader) => {
  if (!isNode(producer, 'Pad') || reader.kind !== 'convolution') return;
  const added = producer.inputs[1];
  if (typeof added !== 'object') return;
  const [, , top, left, , , bottom, right] = Array.from(added.data, Number);
  const sides = [top, left, bottom, right];
  const pads = reader.pads.map((pad, side) => pad + sides[side]!) as unknown as Pads;
  return [{ ...reader, inputs: producer.inputs.slice(0, 1), pads }];
};

/**
 * ONNX Runtime makes a zero padding before a max-pool the pool's own, which pads with minus infinity: wrong where all that
 * a window sees is negative (1.30 and before). It leaves any other value alone: the smallest above zero.
 */
const guardPadding: PairRule = (producer, reader) => {
  if (!isNode(producer, 'Pad') || !isNode(reader, 'MaxPool') || producer.inputs.length > 2) return;
  return [{ ...producer, inputs: [...producer.inputs, float32([SMALLEST_NORMAL])] }, reader];
};

/** Of float32; smaller ones some processors take for zero. */
const SMALLEST_NORMAL = 2 ** -126;

/** Batch norm before a pool or a flattening works as well behind it, on fewer values and nearer to what absorbs it. */
const sinkAffine: PairRule = (producer, reader) => {
  if (producer.kind !== 'affine' || reader.kind !== 'node') return;
  const commutes =
    isNode(reader, 'AveragePool') ||
    isNode(reader, 'ReduceMean') ||
    isNode(reader, 'Flatten') ||
    ((isNode(reader, 'MaxPool') || isNode(reader, 'ReduceMax')) &&
      producer.scale.every((factor) => factor >= 0));
  if (!commutes) return;
  // A flattening makes features of pixels: each channel's values stand as many times as it had pixels.
  const repeats = isNode(reader, 'Flatten') ? reader.shape[0]! / producer.scale.length : 1;
  const repeated = (values: Float64Array) =>
    Float64Array.from(
      { length: values.length * repeats },
      (_, index) => values[Math.floor(index / repeats)]!,
    );
  const { output, shape } = reader;
  return [
    // The value between the two is now this one's: nothing else read it.
    { ...reader, inputs: producer.inputs, output: producer.output },
    {
      ...producer,
      inputs: [producer.output],
      output,
      shape,
      scale: repeated(producer.scale),
      shift: repeated(producer.shift),
    },
  ];
};

/** In the order in which they are tried: what a layer takes from behind is gone before anything sinks away from it. */
const RULES: readonly PairRule[] = [
  foldAffineBackwards,
  foldPadding,
  guardPadding,
  foldAffineForwards,
  sinkAffine,
];

/**
 * Rewrites a network until no rule applies.
 * @param kept values that must stay as they are: the graph's outputs.
 */
export function rewrite(ops: readonly Op[], kept: readonly ValueId[]): readonly Op[] {
  const pairs = solePairs(ops, kept);
  for (const rule of RULES) {
    for (const [producer, reader] of pairs) {
      const replacement = rule(producer, reader);
      if (!replacement) continue;
      const rewritten = ops.flatMap((op) => (op === producer ? [] : op === reader ? replacement : [op]));
      return rewrite(rewritten, kept);
    }
  }
  return ops;
}

/** Every operation whose output is read exactly once, with its reader. */
function solePairs(ops: readonly Op[], kept: readonly ValueId[]): [producer: Op, reader: Op][] {
  const readers = new Map<ValueId, Op[]>();
  for (const op of ops) {
    for (const input of op.inputs) {
      if (typeof input === 'number') readers.set(input, [...(readers.get(input) ?? []), op]);
    }
  }
  return ops.flatMap((op) => {
    const [reader, ...others] = readers.get(op.output) ?? [];
    return reader && others.length === 0 && !kept.includes(op.output) ? [[op, reader]] : [];
  });
}

function isNode(op: Op, operator: PlainNode['operator']): op is PlainNode {
  return op.kind === 'node' && op.operator === operator;
}

/** From an index into the kernel to the output channel, or the input channel, that the weight belongs to. */
type ChannelOf = (index: number) => number;

function outputOfConvolution({ kernelShape: [, inputs, height, width] }: Convolution): ChannelOf {
  const size = inputs * height * width;
  return (index) => Math.floor(index / size);
}

function inputOfConvolution({
  kernelShape: [outputs, inputs, height, width],
  groups,
}: Convolution): ChannelOf {
  const pixels = height * width;
  const size = inputs * pixels;
  const perGroup = outputs / groups;
  return (index) => {
    const group = Math.floor(Math.floor(index / size) / perGroup);
    return group * inputs + (Math.floor(index / pixels) % inputs);
  };
}

function outputOfDense({ kernelShape: [, outputs] }: Dense): ChannelOf {
  return (index) => index % outputs;
}

function inputOfDense({ kernelShape: [, outputs] }: Dense): ChannelOf {
  return (index) => Math.floor(index / outputs);
}
