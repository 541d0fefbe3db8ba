import { float32 } from '../onnx/tensor.js';
import type {
  Convolution,
  Dense,
  Op,
  OpKinds,
  PlainNode,
  TransposedConvolution,
  ValueId,
} from './intermediate.js';

/**
 * Replaces an operation and the only one that reads it by fewer or cheaper ones that compute the same; undefined where the
 * rule does not apply. The last replacement takes the reader's place and output.
 */
type PairRule = (producer: Op, reader: Op) => Op[] | undefined;

/** Batch norm behind a linear layer: into its weights, `(Wx + b)s + t = (Ws)x + (bs + t)`. */
const foldAffineBackwards: PairRule = (producer, reader) => {
  if (reader.kind !== 'affine' || !isLinear(producer)) return;
  const { scale, shift, output } = reader;
  const outputOf = outputOfLinear(producer.kind, producer);
  const bias = shift.map((value, index) => value + (producer.bias?.[index] ?? 0) * scale[index]!);
  return [{ ...producer, output, bias, kernel: (index) => producer.kernel(index) * scale[outputOf(index)]! }];
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
  const outputOf = outputOfLinear(reader.kind, reader);
  const outputs = reader.kernelShape[reader.kind === 'convolution' ? 0 : 1]!;
  const bias = reader.bias?.slice() ?? new Float64Array(outputs);
  for (let index = 0; index < product(reader.kernelShape); index++) {
    bias[outputOf(index)]! += reader.kernel(index) * shift[inputOf(index)]!;
  }
  return [{ ...reader, inputs, bias, kernel: (index) => reader.kernel(index) * scale[inputOf(index)]! }];
};

/** A zero padding before a convolution is the convolution's own. */
const foldPadding: PairRule = (producer, reader) => {
  if (!isNode(producer, 'Pad') || reader.kind !== 'convolution') return;
  const added = producer.inputs[1];
  if (typeof added !== 'object') return;
  const sides = Array.from(added.data, Number);
  const [before, after] = [sides.slice(0, sides.length / 2), sides.slice(sides.length / 2)];
  // The batch and the channels, which a convolution cannot pad.
  if ([...before.slice(0, 2), ...after.slice(0, 2)].some((side) => side > 0)) return;
  const window = [...before.slice(2), ...after.slice(2)];
  const pads = reader.pads.map((pad, side) => pad + window[side]!);
  return [{ ...reader, inputs: producer.inputs.slice(0, 1), pads }];
};

/** Of two changes of shape only the second counts. */
const joinReshapes: PairRule = (producer, reader) => {
  const reshapes = isNode(producer, 'Reshape') || isNode(producer, 'Flatten');
  if (!reshapes || !(isNode(reader, 'Reshape') || isNode(reader, 'Flatten'))) return;
  return [{ ...reader, inputs: [producer.inputs[0]!, ...reader.inputs.slice(1)] }];
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
  const keepsOrder = producer.scale.every((factor) => factor >= 0);
  const commutes =
    isNode(reader, 'AveragePool') ||
    isNode(reader, 'Flatten') ||
    (isNode(reader, 'ReduceMean') && sparesChannels(reader)) ||
    (isNode(reader, 'MaxPool') && keepsOrder) ||
    (isNode(reader, 'ReduceMax') && sparesChannels(reader) && keepsOrder);
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

/** Whether the channels stand in dimension 1 behind the reduction as well. */
function sparesChannels({ attributes }: PlainNode): boolean {
  return 'axes' in attributes && attributes.axes.every((axis) => axis > 1);
}

/** In the order in which they are tried: what a layer takes from behind is gone before anything sinks away from it. */
const RULES: readonly PairRule[] = [
  foldAffineBackwards,
  foldPadding,
  guardPadding,
  foldAffineForwards,
  sinkAffine,
  joinReshapes,
];

/**
 * Leaves out what nothing reads and rewrites the rest until no rule applies.
 * @param kept values that must stay as they are: the graph's outputs.
 */
export function rewrite(ops: readonly Op[], kept: readonly ValueId[]): readonly Op[] {
  return improved(withoutUnread(ops, kept), kept);
}

function withoutUnread(ops: readonly Op[], kept: readonly ValueId[]): readonly Op[] {
  const read = new Set(kept);
  return ops
    .toReversed()
    .filter(({ output, inputs }) => {
      if (!read.has(output)) return false;
      for (const input of inputs) if (typeof input === 'number') read.add(input);
      return true;
    })
    .reverse();
}

function improved(given: readonly Op[], kept: readonly ValueId[]): readonly Op[] {
  let ops = given;
  for (;;) {
    const next = improvedOnce(ops, kept);
    if (!next) return ops;
    ops = next;
  }
}

/** Undefined where no rule applies. */
function improvedOnce(ops: readonly Op[], kept: readonly ValueId[]): Op[] | undefined {
  const pairs = solePairs(ops, kept);
  for (const rule of RULES) {
    for (const [producer, reader] of pairs) {
      const replacement = rule(producer, reader);
      if (!replacement) continue;
      return ops.flatMap((op) => (op === producer ? [] : op === reader ? replacement : [op]));
    }
  }
  return undefined;
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

/** The kinds that are linear and have an output channel for each number of their bias. */
type Linear = 'convolution' | 'dense' | 'transposedConvolution';

const OUTPUT_OF: { readonly [K in Linear]: (op: OpKinds[K]) => ChannelOf } = {
  convolution: ({ kernelShape: [, ...rest] }) => {
    const size = product(rest);
    return (index) => Math.floor(index / size);
  },
  dense:
    ({ kernelShape: [, outputs] }) =>
    (index) =>
      index % outputs,
  transposedConvolution: ({ kernelShape: [, outputs, ...window] }: TransposedConvolution) => {
    const size = product(window);
    return (index) => Math.floor(index / size) % outputs!;
  },
};

function isLinear(op: Op): op is OpKinds[Linear] {
  return op.kind in OUTPUT_OF;
}

function outputOfLinear<K extends Linear>(kind: K, op: OpKinds[K]): ChannelOf {
  return OUTPUT_OF[kind](op);
}

function inputOfConvolution({ kernelShape: [outputs, inputs, ...window], groups }: Convolution): ChannelOf {
  const pixels = product(window);
  const size = inputs! * pixels;
  const perGroup = outputs! / groups;
  return (index) => {
    const group = Math.floor(Math.floor(index / size) / perGroup);
    return group * inputs! + (Math.floor(index / pixels) % inputs!);
  };
}

function inputOfDense({ kernelShape: [, outputs] }: Dense): ChannelOf {
  return (index) => Math.floor(index / outputs);
}

const product = (extents: readonly number[]) => extents.reduce((total, extent) => total * extent, 1);
