import { LRUCache } from 'lru-cache';
import { toHalf } from '../../onnx/half.js';
import type { Operator, Operators } from '../../onnx/operators.js';
import {
  type Constant,
  DATA_TYPE,
  type ElementType,
  float32,
  int64,
  type TensorData,
} from '../../onnx/tensor.js';
import {
  type Fixed,
  type Layout,
  type Node,
  permuted,
  STORED_AXES,
  sameChannels,
  sameShape,
  sizeOf,
  storedShape,
  uniformValue,
  type Value,
} from './value.js';

/**
 * Bytes of the constants that are kept to be one with later equal ones; those unused longest go first. A vector that sums a batch of 2,048
 * images by channels takes 6.4 MB: a computation whose constants go between its runs would be compiled anew each time.
 */
const MOST_CONSTANT_BYTES = 2 ** 26;
/** About what a constant takes beside its data and its key. */
const CONSTANT_OVERHEAD_BYTES = 512;

export interface EmitOptions {
  shape: readonly number[];
  type?: ElementType;
  layout?: Layout;
  stored?: readonly number[];
}

/**
 * Where lowerings append their nodes. Equal nodes are made once, so that a gradient which asks again for what the
 * forward pass had (a pool's indices, a transposed filter) shares it.
 */
export class LazyGraph {
  #nodes = new Map<string, Node>();
  #identities = new WeakMap<object, number>();
  #lastIdentity = 0;
  /** A value in its other layouts. */
  #alternates = new WeakMap<Value, Partial<Record<Layout, Value>>>();
  #constants = new LRUCache<string, Value>({
    maxSize: MOST_CONSTANT_BYTES,
    sizeCalculation: ({ source }, key) =>
      CONSTANT_OVERHEAD_BYTES + key.length + (source as Fixed).constant.data.byteLength,
  });
  #lastConstant = 0;
  /** Gradients that are 0 wherever a rectifier gave 0, by the node of the rectifier. */
  #masked = new WeakMap<object, object>();
  /** By the node of a picture: the picture, and another one with the same sums. */
  #sameSums = new WeakMap<object, { picture: Value; easier: Value }>();

  /**
   * @param isForCpu whether the cpu provider runs it: what is fast there, or done there alone, is not emitted for others
   */
  constructor(readonly isForCpu = true) {}

  /** Forgets which nodes exist, after they ran: what has been computed must not be computed again. */
  forget(): void {
    this.#nodes = new Map();
  }

  leaf(
    data: TensorData,
    type: ElementType,
    shape: readonly number[],
    like?: Pick<Value, 'layout' | 'stored'>,
  ): Value {
    return {
      source: { kind: 'leaf', data },
      output: 0,
      type,
      shape,
      layout: like?.layout ?? 'logical',
      stored: like?.stored ?? shape,
    };
  }

  /** A value that is a part of the structure; equal ones are one, unless the first has been unused for long. */
  fixed(constant: Constant): Value {
    const { type, shape, data } = constant;
    // By their bytes: as text -0 is 0, of which one is not the other where it divides.
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
    return this.#constant(`${type}[${shape}]${bytes}`, () => constant);
  }

  #constant(key: string, make: () => Constant, marks: Pick<Fixed, 'isNoGradient'> = {}): Value {
    let value = this.#constants.get(key);
    if (!value) {
      const constant = make();
      const { type, shape } = constant;
      value = {
        source: { kind: 'fixed', constant, identity: ++this.#lastConstant, ...marks },
        output: 0,
        type,
        shape,
        layout: 'logical',
        stored: shape,
      };
      this.#constants.set(key, value);
    }
    return value;
  }

  /** One number in every place, for operators that do not broadcast. */
  filled(number: number, shape: readonly number[]): Value {
    const key = `float32[${shape}]${number} in each`;
    return this.#constant(key, () => float32(new Float32Array(sizeOf(shape)).fill(number), shape));
  }

  ints(...numbers: number[]): Value {
    return this.fixed(int64(numbers));
  }

  /** One number that stands for a whole tensor; whoever uses it broadcasts it. */
  uniform(number: number, type: ElementType, shape: readonly number[]): Value {
    const scalar: Constant = { type, shape: [], data: SCALARS[type](number) };
    return { ...this.fixed(scalar), shape };
  }

  /** A gradient that is 0 whatever the data are; products and quotients with it are left out. */
  noGradient({ type, shape }: Pick<Value, 'type' | 'shape'>): Value {
    const zero: Constant = { type, shape: [], data: SCALARS[type](0) };
    return { ...this.#constant(`${type}, no gradient`, () => zero, { isNoGradient: true }), shape };
  }

  emit<O extends Operator>(
    operator: O,
    inputs: readonly (Value | null)[],
    attributes: Operators[O],
    { shape, type = inputs[0]!.type, layout = 'logical', stored = shape }: EmitOptions,
  ): Value {
    const source = this.#node(operator, inputs, attributes);
    return { source, output: 0, type, shape, layout, stored };
  }

  /**
   * What an operator without attributes made of the one input `x`, where it was asked for: `Relu(x) > 0` reads what is kept
   * anyway, where `x > 0` would keep x too.
   */
  known(operator: Operator, x: Value): Value | null {
    const { inner, rename } = this.beforeView(x);
    const source = this.#nodes.get(this.#key(`${operator}{}`, [inner]));
    return source ? rename({ ...inner, source, output: 0 }) : null;
  }

  /**
   * What lies under a view, and how to view a result of the same shape in the same way. What ONNX Runtime fuses must be
   * neighbours, without a Reshape between them.
   */
  beforeView(x: Value): { inner: Value; rename: (result: Value) => Value } {
    const { source, stored, shape, layout } = x;
    const isView = source.kind === 'node' && source.operator === 'Reshape';
    if (!isView) return { inner: x, rename: (result) => result };
    return { inner: source.inputs[0]!, rename: (result) => this.view(result, stored, { shape, layout }) };
  }

  /** Notes that `value` is 0 wherever `rectified`, a Relu's output, is 0. */
  markMasked(value: Value, rectified: Value): void {
    this.#masked.set(this.beforeView(value).inner.source, this.beforeView(rectified).inner.source);
  }

  isMasked(value: Value, rectified: Value): boolean {
    return this.#masked.get(this.beforeView(value).inner.source) === this.beforeView(rectified).inner.source;
  }

  /** Notes that each channel of both pictures has the same sum over batch, height and width, of which `easier` is easier. */
  markSums(picture: Value, easier: Value): void {
    this.#sameSums.set(this.beforeView(picture).inner.source, { picture, easier });
  }

  /** The picture with the same sums that is easiest to sum. One that was reshaped to other channels has others. */
  easiestToSum(picture: Value): Value {
    const known = this.#sameSums.get(this.beforeView(picture).inner.source);
    return known && sameChannels(picture, known.picture) ? this.easiestToSum(known.easier) : picture;
  }

  /** Another output of the node that made `value`. */
  sibling(value: Value, output: number, type: ElementType): Value {
    const node = value.source as Node;
    node.outputCount = Math.max(node.outputCount, output + 1);
    return { ...value, output, type };
  }

  /**
   * Has `value` computed as `replacement`, of the same shape in memory, whoever reads it. For one node that makes at once
   * what several made.
   */
  replace({ source }: Value, replacement: Value): void {
    (source as Node).replacement = replacement;
  }

  #node(operator: Operator, inputs: readonly (Value | null)[], attributes: object): Node {
    const signature = operator + JSON.stringify(attributes);
    const key = this.#key(signature, inputs);
    let node = this.#nodes.get(key);
    if (!node) {
      node = { kind: 'node', operator, inputs, signature, attributes, outputCount: 1 };
      this.#nodes.set(key, node);
    }
    return node;
  }

  #key(signature: string, inputs: readonly (Value | null)[]): string {
    return `${signature}(${inputs.map((value) => (value ? this.#reference(value) : '-'))})`;
  }

  /** A leaf is viewed without a node, so that its shape tells one view from another. */
  #reference({ source, output, stored }: Value): string {
    const identity = this.#identity(source);
    return source.kind === 'leaf' ? `${identity}[${stored}]` : `${identity}:${output}`;
  }

  #identity(source: object): number {
    let identity = this.#identities.get(source);
    if (identity === undefined) {
      identity = ++this.#lastIdentity;
      this.#identities.set(source, identity);
    }
    return identity;
  }

  /** The same values under another shape of the same size. */
  reshape(value: Value, shape: readonly number[]): Value {
    if (sameShape(value.shape, shape)) return value;
    if (uniformValue(value) !== null) return { ...value, shape, stored: [], layout: 'logical' };
    return this.view(this.logical(value), shape);
  }

  /** Renames the memory as it lies; `stored` must be full. */
  view(value: Value, stored: readonly number[], as: Partial<Pick<Value, 'shape' | 'layout'>> = {}): Value {
    const { shape = stored, layout = 'logical' } = as;
    if (sameShape(value.stored, stored)) return { ...value, shape, layout };
    if (value.source.kind === 'leaf') return { ...value, shape, layout, stored };
    const { source } = value;
    const whole = source.kind === 'node' && source.operator === 'Reshape' ? source.inputs[0]! : value;
    if (sameShape(whole.stored, stored)) return { ...whole, shape, layout };
    // A 0 else stands for the size that the axis had.
    const attributes = stored.includes(0) ? ({ allowzero: 1 } as const) : {};
    const made = { shape, layout, stored, type: value.type };
    return this.emit('Reshape', [whole, this.ints(...stored)], attributes, made);
  }

  /** Every element in memory, none repeated by broadcasting. */
  full(value: Value): Value {
    const target = storedShape(value.shape, value.layout);
    if (sameShape(value.stored, target)) return value;
    const { type, shape, layout } = value;
    return this.emit('Expand', [value, this.ints(...target)], {}, { shape, layout, stored: target, type });
  }

  /** Full, and in the order that TensorFlow.js sees. */
  logical(value: Value): Value {
    return this.inLayout(this.full(value), 'logical');
  }

  channelsFirst(value: Value): Value {
    return this.inLayout(this.full(value), 'channels-first');
  }

  batchLast(value: Value): Value {
    return this.inLayout(this.full(value), 'batch-last');
  }

  /** In that layout, possibly still broadcast. A scalar lies the same way in all. */
  inLayout(value: Value, layout: Layout): Value {
    if (value.layout === layout) return value;
    if (value.stored.length !== 4) return { ...value, layout };
    const alternates = this.#alternates.get(value) ?? { [value.layout]: value };
    this.#alternates.set(value, alternates);
    const other = alternates[layout] ?? this.#rearranged(value, layout);
    alternates[layout] = other;
    this.#alternates.set(other, alternates);
    return other;
  }

  #rearranged(value: Value, layout: Layout): Value {
    const from = STORED_AXES[value.layout];
    const permutation = STORED_AXES[layout].map((axis) => from.indexOf(axis));
    const stored = permuted(value.stored, permutation);
    const { shape } = value;
    if (keepsOrder(value, permutation)) {
      return { ...this.view(value, stored), shape, layout };
    }
    if (layout === 'logical' && value.layout === 'batch-last') return this.#turned(value, stored, layout, 3);
    if (layout === 'batch-last' && value.layout === 'logical') return this.#turned(value, stored, layout, 1);
    if (layout !== 'logical' && value.layout !== 'logical') {
      return this.inLayout(this.inLayout(value, 'logical'), layout);
    }
    return this.emit(
      'Transpose',
      [value],
      { perm: permutation },
      { shape, layout, stored, type: value.type },
    );
  }

  /** Moves the batch to the other end: the transpose of a matrix whose rows are the first `axes` dimensions. */
  #turned(value: Value, stored: readonly number[], layout: Layout, axes: number): Value {
    const rows = sizeOf(value.stored.slice(0, axes));
    const columns = sizeOf(value.stored.slice(axes));
    const matrix = this.view(value, [rows, columns]);
    const turned = this.emit('Transpose', [matrix], { perm: [1, 0] }, { shape: [columns, rows] });
    return this.view(turned, stored, { shape: value.shape, layout });
  }

  cast(value: Value, type: ElementType): Value {
    if (value.type === type) return value;
    const number = uniformValue(value);
    if (number !== null)
      return this.uniform(type === 'bool' ? Number(number !== 0) : number, type, value.shape);
    const { shape, layout, stored } = value;
    if (type === 'int32' && value.type.startsWith('float')) {
      // As an Int32Array of TensorFlow.js keeps numbers, the lower half of them: 0 of what is infinite or no number. The remainder
      // also keeps ONNX Runtime from making one cast of two.
      // float64 may hold more than int64 does.
      const held = value.type === 'float64' ? this.#lowerHalf(value, { fmod: 1 }) : value;
      return this.cast(this.#lowerHalf(this.cast(held, 'int64')), type);
    }
    return this.emit('Cast', [value], { to: DATA_TYPE[type] }, { shape, layout, stored, type });
  }

  /** What is left of a number by 2³². */
  #lowerHalf(value: Value, attributes: Operators['Mod'] = {}): Value {
    const { shape, layout, stored, type } = value;
    return this.emit('Mod', [value, this.uniform(2 ** 32, type, [])], attributes, { shape, layout, stored });
  }

  /** `value` broadcast to `shape`, without copying. */
  broadcast(value: Value, shape: readonly number[]): Value {
    if (sameShape(value.shape, shape)) return value;
    if (value.stored.length === 0 || value.shape.length === shape.length) return { ...value, shape };
    const logical = this.inLayout(value, 'logical');
    const leading: number[] = new Array(shape.length - value.shape.length).fill(1);
    return { ...this.view(logical, [...leading, ...logical.stored]), shape };
  }
}

const SCALARS: { [T in ElementType]: (number: number) => TensorData } = {
  float32: (number) => Float32Array.of(number),
  float64: (number) => Float64Array.of(number),
  float16: (number) => toHalf(Float32Array.of(number)),
  int32: (number) => Int32Array.of(number),
  int64: (number) => BigInt64Array.of(BigInt(number)),
  int8: (number) => Int8Array.of(number),
  bool: (number) => Uint8Array.of(number),
  uint8: (number) => Uint8Array.of(number),
};

/** Whether a permutation leaves the dimensions that are not 1 in their order. */
function keepsOrder({ stored }: Value, permutation: readonly number[]): boolean {
  const kept = permutation.filter((axis) => stored[axis] !== 1);
  return kept.every((axis, index) => index === 0 || axis > kept[index - 1]!);
}
