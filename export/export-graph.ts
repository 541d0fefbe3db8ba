import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Tensor } from 'onnxruntime-node';
import { unmet } from '../core/errors.js';
import { storedOrder } from './arrangement.js';
import { collectGarbage } from './collect-garbage.js';
import { convertNetwork, type EdgeValue, type NetworkConversion } from './convert.js';
import { onCpuBackend } from './cpu-backend.js';
import { asCorrupt, loadLayersModel } from './load.js';
import { withSession } from './session.js';
import { maxAbsDifference, PARITY_TOLERANCE } from './verify.js';
import { type Write, writeWhole } from './write-whole.js';

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
  return writeWhole(outFile, async (write) => {
    const { file, name, examples, bytes, opset, nodes, inputs, outputs } = await convertTo(write, source);
    collectGarbage();
    const maxDiff = await largestDifference(file, { inputs, outputs }, examples).catch((cause: Error) => {
      throw unrunnable(cause, name);
    });
    requireSameValues(maxDiff, name);
    const parity = { examples: EXAMPLES, maxDiff };
    return { graph: outFile, opset, nodes, bytes, inputs, outputs, parity };
  });
}

/** What is left of the model once its graph is written: neither holds its weights. */
async function convertTo(write: Write, source: string) {
  const model = await loadLayersModel(source);
  try {
    const { name } = model;
    const { bytes, ...graph } = await converted(model, source);
    return { ...graph, name, bytes: bytes.length, file: await write(bytes) };
  } finally {
    model.dispose();
  }
}

async function converted(
  model: LayersModel,
  source: string,
): Promise<NetworkConversion & { examples: Examples }> {
  try {
    const examples = await examplesOf(model);
    return { examples, ...convertNetwork(model, { metadata: { name: model.name } }) };
  } catch (cause) {
    throw asCorrupt(cause, source);
  }
}

interface Example {
  /** As Layers has them. */
  values: Float32Array;
  shape: readonly number[];
}

/** Random inputs, and what TensorFlow.js makes of them. */
interface Examples {
  inputs: readonly Example[];
  outputs: readonly Example[];
}

function examplesOf(model: LayersModel): Promise<Examples> {
  return onCpuBackend(() => {
    const inputs = model.inputs.map(({ shape, dtype }, index) => {
      const full = [EXAMPLES, ...(shape.slice(1) as number[])];
      return dtype === 'int32' ? tf.zeros(full, dtype) : tf.randomUniform(full, 0, 1, 'float32', 1 + index);
    });
    try {
      const outputs = tf.tidy(() => predicted(model, inputs));
      const examples = { inputs: inputs.map(exampleOf), outputs: outputs.map(exampleOf) };
      tf.dispose(outputs);
      return examples;
    } finally {
      tf.dispose(inputs);
    }
  });
}

const exampleOf = (tensor: tf.Tensor): Example => ({
  values: tensor.dataSync<'float32'>(),
  shape: tensor.shape,
});

type Edges = Pick<NetworkConversion, 'inputs' | 'outputs'>;

/** @param file the graph, which ONNX Runtime reads itself: of bytes that it is given it keeps a copy. */
function largestDifference(file: string, edges: Edges, examples: Examples): Promise<number> {
  const expected = edges.outputs.map((edge, index) => stored(examples.outputs[index]!, edge).values);
  const feeds = edges.inputs.map((edge, index) => {
    const { values, shape } = stored(examples.inputs[index]!, edge);
    return [edge.name, new Tensor(edge.type as 'float32', values, shape)] as const;
  });
  // Beyond `extended` it only lays the weights out anew for this machine, which takes their size once more.
  const options = { graphOptimizationLevel: 'extended' } as const;
  return withSession(
    file,
    async (session) => {
      const computed = await session.run(Object.fromEntries(feeds));
      const differences = edges.outputs.map(({ name }, index) => {
        const values = expected[index]!;
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        return maxAbsDifference(computed[name]!.data as Float32Array, values) / largest;
      });
      return differences.reduce((most, difference) => (difference <= most ? most : difference), 0);
    },
    options,
  );
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
function stored({ values, shape: [batch, ...shape] }: Example, { axes }: EdgeValue): Example {
  const order = storedOrder({ shape, axes });
  const moved = values.map((_, index) => {
    const place = index % order.length;
    return values[index - place + order[place]!]!;
  });
  return { values: moved, shape: [batch!, ...axes.map((axis) => shape[axis]!)] };
}

function unrunnable(cause: Error, model: string): Error {
  return unmet({
    code: 'failed',
    what: `the graph of the model "${model}"`,
    expected: 'one that ONNX Runtime runs',
    got: `"${cause.message}"`,
    advice:
      'No file was written. Look at the options of the layer that is named; TensorFlow.js passes over some.',
    cause,
  });
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
