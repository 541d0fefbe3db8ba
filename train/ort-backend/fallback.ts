import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { DataType, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { unmet } from '../../core/errors.js';
import type { OnnxRuntimeBackend } from './backend.js';
import { pickedData } from './concrete.js';

/** Inputs as a kernel gets them: by name, or by number; a few kernels take lists under a name. */
export type KernelInputs = Readonly<Record<string, TensorInfo | TensorInfo[] | undefined>>;

/**
 * Runs a kernel of TensorFlow.js's cpu backend on tensors of ours: strings, and what ONNX has no operator for.
 * @throws TenfoldError `bad-usage` where an input has not been computed, or a step is being recorded: the cpu backend
 * computes at once, and once.
 */
export function runOnCpu(
  name: string,
  compute: KernelFunc,
  ours: OnnxRuntimeBackend,
  inputs: KernelInputs,
  attributes: NamedAttrMap,
): TensorInfo | TensorInfo[] {
  const cpu = createCpuBackend();
  const onCpu = (info: TensorInfo) => toCpu(cpu, ours, info, name);
  const given = mapInputs(inputs, (input) => (Array.isArray(input) ? input.map(onCpu) : onCpu(input)));
  const result = compute({ inputs: given as Record<string, TensorInfo>, attrs: attributes, backend: cpu });
  return Array.isArray(result) ? result.map((info) => fromCpu(cpu, ours, info)) : fromCpu(cpu, ours, result);
}

/** Applies `change` to every input that is there; a list stays one. */
export function mapInputs<T>(
  inputs: KernelInputs,
  change: (input: TensorInfo | TensorInfo[]) => T,
): Record<string, T> | T[] {
  const changed = Object.entries(inputs).flatMap(([key, input]) =>
    input ? [[key, change(input)] as const] : [],
  );
  return Array.isArray(inputs) ? changed.map(([, value]) => value) : Object.fromEntries(changed);
}

/** An instance for one call: what its kernels leave behind goes with it. */
function createCpuBackend(): MathBackendCPU {
  const cpu = new MathBackendCPU();
  // Or it prints advice to install native bindings.
  Reflect.set(cpu, 'firstUse', false);
  return cpu;
}

/** A tensor of ours on the cpu backend, with its rank: a few kernels ask for that as if they had a tensor. */
function toCpu(cpu: MathBackendCPU, ours: OnnxRuntimeBackend, info: TensorInfo, name: string): TensorInfo {
  const { shape, dtype } = info;
  const content = ours.contentFor(info);
  const rank = { rank: shape.length };
  if ('strings' in content) return { ...cpu.makeTensorInfo(shape, dtype, content.strings), ...rank };
  if (ours.isRecording) {
    throw unmet({
      code: 'bad-usage',
      what: 'a kernel of a replayed step',
      expected: 'one with an ONNX form',
      got: name,
      advice: 'Compute it outside of the step and hand it in as an input.',
    });
  }
  const parts = content.values.map((value) => {
    const data = pickedData(value);
    if (data) return cpu.makeTensorInfo(shape, value.type as DataType, data as Float32Array);
    throw unmet({
      code: 'bad-usage',
      what: `an input of ${name}, which has no ONNX form, on the onnxruntime backend`,
      expected: 'a computed tensor',
      got: 'one that is still to be computed',
      advice: '`await x.data()` first: TensorFlow.js computes this kernel itself, at once.',
    });
  });
  if (dtype !== 'complex64') return { ...parts[0]!, ...rank };
  const complex = cpu.makeTensorInfo(shape, dtype);
  cpu.data.get(complex.dataId).complexTensorInfos = { real: parts[0]!, imag: parts[1]! };
  return { ...complex, ...rank };
}

function fromCpu(
  cpu: MathBackendCPU,
  ours: OnnxRuntimeBackend,
  { dataId, shape, dtype }: TensorInfo,
): TensorInfo {
  const data = cpu.readSync(dataId);
  return { dataId: ours.write(data, shape, dtype), shape, dtype };
}
