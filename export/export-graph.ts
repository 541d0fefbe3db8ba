import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Tensor } from 'onnxruntime-node';
import { unmet } from '../core/errors.js';
import { unwritable } from '../core/file-errors.js';
import { convertNetwork, type EdgeValue, type NetworkConversion } from './convert.js';
import { onCpuBackend } from './cpu-backend.js';
import { loadLayersModel } from './load.js';
import { withSession } from './session.js';
import { maxAbsDifference, PARITY_TOLERANCE } from './verify.js';

/** What `tenfold export --target onnx --json` prints. */
export interface GraphResult {
  graph: string;
  opset: number;
  nodes: number;
  bytes: number;
  inputs: NetworkConversion['inputs'];
  outputs: NetworkConversion['outputs'];
  parity: {
    examples: number;
    /** Over all outputs, each taken of its largest value where that is above 1. */
    maxDiff: number;
  };
}

/** Random examples that both engines run. */
const EXAMPLES = 4;

/**
 * Exports any Layers model as one `.onnx` file. Nothing is written unless ONNX Runtime gives what TensorFlow.js gives on random
 * inputs in [0, 1), or 0 for an input of whole numbers.
 * @param source a `model.json` with its weight files, or a run folder.
 * @throws TenfoldError as `loadLayersModel` and `convertNetwork`, `failed` where the graph is not the model or cannot be written.
 */
export async function exportGraph(source: string, outFile: string): Promise<GraphResult> {
  const model = await loadLayersModel(source);
  try {
    const { bytes, opset, nodes, inputs, outputs } = convertNetwork(model, {
      metadata: { name: model.name },
    });
    const maxDiff = await largestDifference(model, { bytes, inputs, outputs });
    requireSameValues(maxDiff, model.name);
    await writeWhole(outFile, bytes);
    const parity = { examples: EXAMPLES, maxDiff };
    return { graph: outFile, opset, nodes, bytes: bytes.length, inputs, outputs, parity };
  } finally {
    model.dispose();
  }
}

type Graph = Pick<NetworkConversion, 'bytes' | 'inputs' | 'outputs'>;

async function largestDifference(model: LayersModel, { bytes, inputs, outputs }: Graph): Promise<number> {
  const { feeds, expected } = await onCpuBackend(() => {
    const [given, gives] = tf.tidy(() => {
      const examples = model.inputs.map(({ shape, dtype }, index) => {
        const full = [EXAMPLES, ...(shape.slice(1) as number[])];
        return dtype === 'int32' ? tf.zeros(full, dtype) : tf.randomUniform(full, 0, 1, 'float32', 1 + index);
      });
      const arrange = (tensors: tf.Tensor[], edges: readonly EdgeValue[]) =>
        tensors.map((tensor, index) => stored(tensor, edges[index]!));
      return [arrange(examples, inputs), arrange(predicted(model, examples), outputs)];
    }) as [tf.Tensor[], tf.Tensor[]];
    const fed = given.map((tensor, index) => {
      const type = inputs[index]!.type as 'float32' | 'int32';
      return [inputs[index]!.name, new Tensor(type, tensor.dataSync<'float32'>(), tensor.shape)] as const;
    });
    const values = gives.map((tensor) => tensor.dataSync<'float32'>());
    tf.dispose([given, gives]);
    return { feeds: Object.fromEntries(fed), expected: values };
  });
  return withSession(bytes, async (session) => {
    const computed = await session.run(feeds);
    const differences = outputs.map(({ name }, index) => {
      const values = expected[index]!;
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      return maxAbsDifference(computed[name]!.data as Float32Array, values) / largest;
    });
    return differences.reduce((most, difference) => (difference <= most ? most : difference), 0);
  });
}

function predicted(model: LayersModel, examples: tf.Tensor[]): tf.Tensor[] {
  try {
    return [model.predict(examples)].flat();
  } catch (cause) {
    throw unmet({
      code: 'bad-input',
      what: `the model "${model.name}"`,
      expected: 'a model that TensorFlow.js runs',
      got: `"${(cause as Error).message}"`,
      advice:
        'There is nothing to compare the graph with: mend the model, so that its predict gives a result.',
      cause,
    });
  }
}

/** As the graph takes or gives the value. */
function stored(tensor: tf.Tensor, { axes }: EdgeValue): tf.Tensor {
  return tf.transpose(tensor, [0, ...axes.map((axis) => axis + 1)]);
}

function requireSameValues(maxDiff: number, model: string): void {
  // Written so that NaN fails as well.
  if (maxDiff <= PARITY_TOLERANCE) return;
  throw unmet({
    code: 'failed',
    what: `the largest difference between ONNX Runtime and TensorFlow.js on ${EXAMPLES} inputs of the model "${model}"`,
    expected: `at most ${PARITY_TOLERANCE} of the largest value`,
    got: `${maxDiff}`,
    advice:
      'No file was written. Report the model: a layer is exported wrongly, or its values are not numbers.',
  });
}

/** Beside its place first, so that nobody meets half of it. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const fresh = join(dirname(file), `.${basename(file)}-${randomUUID()}`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(fresh, bytes);
    await rename(fresh, file);
  } catch (cause) {
    throw unwritable(cause, file, 'or name another file by --out');
  } finally {
    await rm(fresh, { force: true });
  }
}
