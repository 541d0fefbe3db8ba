import {
  type CastAttrs,
  type DataType,
  type ExpandDimsAttrs,
  getKernelsForBackend,
  type KernelFunc,
  type NamedAttrMap,
  type ReshapeAttrs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import type { OnnxRuntimeBackend } from './backend.js';
import { type KernelInputs, mapInputs, runOnCpu } from './fallback.js';
import type { LazyGraph } from './lazy-graph.js';
import { COMPLEX, type Parts, type PartsOf } from './lowerings/complex.js';
import { LOWERINGS } from './lowerings/index.js';
import type { KernelName } from './lowerings/kernels.js';
import { expandedShape } from './lowerings/shape.js';
import { sizeOf, type Value } from './value.js';

/** Runs one kernel on our backend. */
type Kernel = (
  ours: OnnxRuntimeBackend,
  inputs: KernelInputs,
  attributes: NamedAttrMap,
) => TensorInfo | TensorInfo[];

/** A lowering whose inputs are checked by its kernel's caller, TensorFlow.js. */
type AnyLowering = (graph: LazyGraph, inputs: never, attributes: never) => Value | Value[];

/** Every kernel of our backend: lowered where there is a lowering for the inputs' types, else the cpu backend's. */
export function kernels(): Map<string, KernelFunc> {
  const onCpu = new Map(
    getKernelsForBackend('cpu').map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]),
  );
  const names = new Set([...Object.keys(LOWERINGS), ...Object.keys(COMPLEX), ...onCpu.keys()]);
  return new Map([...names].map((name) => [name, kernel(name, onCpu.get(name))]));
}

function kernel(name: string, onCpu: KernelFunc | undefined): KernelFunc {
  const lower = (LOWERINGS as Record<string, AnyLowering | undefined>)[name];
  const forNumbers: Kernel | null = lower ? lowered(lower, !ARITHMETIC.has(name)) : null;
  const forComplex: Kernel | null = COMPLEX[name] ? complex(name) : null;
  const fallback: Kernel = (ours, inputs, attributes) => runOnCpu(name, onCpu!, ours, inputs, attributes);
  const reshape = RESHAPES[name];
  return ({ inputs, attrs, backend }) => {
    const ours = backend as OnnxRuntimeBackend;
    const attributes = attrs ?? {};
    const given = inputs as Record<string, TensorInfo | undefined>;
    if (reshape) {
      const input = Object.values(given)[0]!;
      const shape = reshape(input, attributes as never);
      if (shape) return ours.share(input.dataId, shape, input.dtype);
    }
    const types = [attributes.dtype, ...Object.values(given).map((input) => input?.dtype)];
    const isComplex = !forNumbers || types.includes('complex64');
    const chosen = types.includes('string') ? null : isComplex ? forComplex : forNumbers;
    return (chosen ?? fallback)(ours, given, attributes);
  };
}

/** The shape under which a kernel gives its input's data back, or null where it makes others. */
type Reshape = (input: TensorInfo, attributes: never) => readonly number[] | null;

/** Kernels that register no data of their own, on TensorFlow.js's backends either. */
const RESHAPES: Readonly<Record<string, Reshape>> = {
  Cast: ({ dtype, shape }, attributes: CastAttrs) => (attributes.dtype === dtype ? shape : null),
  ExpandDims: ({ shape }, { dim }: ExpandDimsAttrs) => expandedShape(shape, dim),
  Identity: ({ shape }) => shape,
  Reshape: (input, { shape }: ReshapeAttrs) => {
    const size = sizeOf(input.shape);
    const whole = util.inferFromImplicitShape(shape, size);
    // What infers a shape takes any for no elements.
    util.assert(
      sizeOf(whole) === size,
      () => `Error in reshape: a tensor of ${size} elements has no shape [${whole}].`,
    );
    return whole;
  },
};

/** Kernels that reckon with bools as with the numbers 0 and 1, where ONNX's operators take none; they give int32 then. */
const ARITHMETIC: ReadonlySet<string> = new Set<KernelName>([
  'Abs',
  'Add',
  'AddN',
  'BatchMatMul',
  'Bincount',
  'ClipByValue',
  'DenseBincount',
  'Einsum',
  'FloorDiv',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'Maximum',
  'Minimum',
  'Mod',
  'Multiply',
  'Neg',
  'Pow',
  'Relu',
  'Relu6',
  'Sign',
  'Square',
  'SquaredDifference',
  'Step',
  'Sub',
  'UnsortedSegmentSum',
]);

const lowered =
  (lower: AnyLowering, takesBool: boolean): Kernel =>
  (ours, inputs, attributes) => {
    const values = mapInputs(inputs, (input) => {
      const value = ours.valueFor(input as TensorInfo);
      return takesBool || value.type !== 'bool' ? value : ours.graph.cast(value, 'int32');
    });
    const result = lower(ours.graph, values as never, attributes as never);
    return Array.isArray(result)
      ? result.map((value) => ours.toTensorInfo(value))
      : ours.toTensorInfo(result);
  };

const complex =
  (name: string): Kernel =>
  (ours, inputs, attributes) => {
    const parts = mapInputs(inputs, (input) => ours.partsFor(input as TensorInfo));
    const result = COMPLEX[name]!(ours.graph, parts as PartsOf, attributes);
    const register = (values: Parts) =>
      ours.register(
        { values },
        values[0]!.shape,
        values.length === 2 ? 'complex64' : (values[0]!.type as DataType),
      );
    return isList(result) ? result.map(register) : register(result);
  };

const isList = (result: Parts | Parts[]): result is Parts[] => Array.isArray(result[0]);
