import type { CastAttrs, NamedAttrMap } from '@tensorflow/tfjs-core';
import type { ElementType } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import { add, elementwise, multiply, number, subtract, unary, zeros } from './elementwise.js';
import { LOWERINGS } from './index.js';
import type { KernelName } from './kernels.js';

/** A tensor's value, or the real and the imaginary part of complex numbers. */
export type Parts = readonly Value[];

/** The inputs of a kernel, by name or by number. */
export type PartsOf = Readonly<Record<string, Parts>>;

/** As a lowering, where an input or the output is complex. */
export type ComplexLowering = (
  graph: LazyGraph,
  inputs: PartsOf,
  attributes: NamedAttrMap,
) => Parts | Parts[];

type AnyLowering = (graph: LazyGraph, inputs: unknown, attributes: unknown) => Value | Value[];

/** For kernels that treat both parts alike. */
function partwise(name: KernelName): ComplexLowering {
  const lower = LOWERINGS[name] as AnyLowering;
  return (graph, inputs, attributes) => {
    const [real, imaginary] = [0, 1].map((part) => {
      // Indices have no imaginary part: they are the same for both.
      const chosen = Object.entries(inputs).map(([key, parts]) => [key, parts[part] ?? parts[0]!] as const);
      const given = Array.isArray(inputs) ? chosen.map(([, value]) => value) : Object.fromEntries(chosen);
      return lower(graph, given, attributes);
    }) as [Value | Value[], Value | Value[]];
    if (!Array.isArray(real)) return [real, imaginary as Value];
    return real.map((value, index) => [value, (imaginary as Value[])[index]!]);
  };
}

/** The smallest normal float32. */
const SMALLEST = 2 ** -126;

/** Along the last axis, all others being batch. */
const fourier =
  (inverse: 0 | 1): ComplexLowering =>
  (graph, { input }) => {
    const { shape } = input![0]!;
    const length = shape.at(-1)!;
    const batch = sizeOf(shape.slice(0, -1));
    const parts = input!.map((part) => graph.view(graph.logical(part), [batch, length, 1]));
    const pairs = graph.emit('Concat', parts, { axis: 2 }, { shape: [batch, length, 2] });
    const transformed = graph.emit('DFT', [pairs], { axis: 1, inverse }, { shape: [batch, length, 2] });
    return [0, 1].map((part) => {
      const picked = graph.emit(
        'Gather',
        [transformed, graph.ints(part)],
        { axis: 2 },
        { shape: [batch, length, 1] },
      );
      return graph.view(picked, shape);
    });
  };

/** Kernels on complex numbers; all but the shapes' have no other ONNX form than their formulas. */
export const COMPLEX: Readonly<Record<string, ComplexLowering>> = {
  Add: partwise('Add'),
  AddN: partwise('AddN'),
  BroadcastTo: partwise('BroadcastTo'),
  Cast: (graph, { x }, attributes) => {
    const { dtype } = attributes as unknown as CastAttrs;
    const [real] = x!;
    if (dtype !== 'complex64') return [graph.cast(real!, dtype as ElementType)];
    const number = graph.cast(real!, 'float32');
    return [number, zeros(graph, number)];
  },
  Complex: (_graph, { real, imag }) => [real![0]!, imag![0]!],
  ComplexAbs: (graph, { x }) => {
    const sizes = x!.map((part) => unary(graph, 'Abs', part, {}));
    // Scaled by the larger part, whose square may be too large or too small for a float32.
    const larger = elementwise(graph, 'Max', sizes);
    const scale = elementwise(graph, 'Max', [larger, number(graph, SMALLEST, larger)]);
    const [real, imaginary] = sizes.map((size) => {
      const share = elementwise(graph, 'Div', [size, scale]);
      return elementwise(graph, 'Mul', [share, share]);
    });
    return [multiply(graph, unary(graph, 'Sqrt', add(graph, real!, imaginary!), {}), scale)];
  },
  Concat: partwise('Concat'),
  FFT: fourier(0),
  GatherV2: partwise('GatherV2'),
  IFFT: fourier(1),
  Imag: (_graph, { input }) => [input![1]!],
  Multiply: (graph, { a, b }) => {
    const [real, imaginary] = a as [Value, Value];
    const [otherReal, otherImaginary] = b as [Value, Value];
    const product = (left: Value, right: Value) => multiply(graph, left, right);
    return [
      subtract(graph, product(real, otherReal), product(imaginary, otherImaginary)),
      add(graph, product(real, otherImaginary), product(imaginary, otherReal)),
    ];
  },
  Neg: partwise('Neg'),
  OnesLike: (graph, { x }) => [graph.uniform(1, 'float32', x![0]!.shape), zeros(graph, x![0]!)],
  Pack: partwise('Pack'),
  Real: (_graph, { input }) => [input![0]!],
  Reverse: partwise('Reverse'),
  Slice: partwise('Slice'),
  SplitV: partwise('SplitV'),
  Sub: partwise('Sub'),
  Tile: partwise('Tile'),
  Transpose: partwise('Transpose'),
  Unpack: partwise('Unpack'),
  ZerosLike: partwise('ZerosLike'),
};
