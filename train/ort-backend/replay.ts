import { backend, engine, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { unmet } from '../../core/errors.js';
import type { TensorData } from '../../onnx/tensor.js';
import { OnnxRuntimeBackend } from './backend.js';
import { leafData, type Program, planProgram } from './program.js';
import { elementType, type Value } from './value.js';

/** A tensor to be: what `tf.tensor(data, shape, dtype)` takes. */
export interface TensorInput {
  data: Float32Array | Int32Array;
  shape: number[];
  dtype: 'float32' | 'int32';
}

/** Takes the inputs' data to the outputs' data. */
export interface ReplayedStep {
  (inputs: readonly TensorInput[]): Promise<TensorData[]>;
  /** Forgets the recordings and releases what was compiled for them, after the calls begun so far. */
  dispose(): Promise<void>;
}

interface Recording {
  /** Where it was recorded, and its structure is held. */
  ours: OnnxRuntimeBackend;
  program: Program;
  /** For each of the program's inputs where its data comes from; null for what stays as it was recorded. */
  bindings: ({ input: number } | { variable: Variable } | null)[];
  /** The variables that the step assigns; their values follow the step's outputs. */
  assigned: { variable: Variable; value: Value }[];
  outputCount: number;
  /** The outputs of the first call, where it was run to be recorded. */
  results?: TensorData[];
}

type Step = (...inputs: Tensor[]) => Tensor[];

/**
 * Records what `step` computes once for every combination of input shapes, and from then on runs just that, without
 * TensorFlow.js's bookkeeping. The step may read and assign variables, and make some when it is first called. Everything else
 * that is to change from call to call (a learning rate, a dropout mask) must come in as an input; other tensors are taken as
 * they were at the recording. A kernel with no ONNX form, which runs at once, cannot be a part of it.
 */
export function replay(step: Step): ReplayedStep {
  const recordings = new Map<string, Promise<Recording>>();
  const run = async (inputs: readonly TensorInput[]) => {
    const ours = currentBackend();
    const key = inputs.map(({ shape, dtype }) => `${dtype}[${shape}]`).join();
    const known = recordings.get(key);
    const recording = known ?? ours.exclusively(() => record(ours, step, inputs));
    if (!known) {
      recordings.set(key, recording);
      recording.catch(() => recordings.delete(key));
    }
    const recorded = await recording;
    if (!known && recorded.results) return recorded.results;
    return ours.exclusively(() => runRecorded(ours, recorded, inputs));
  };
  const dispose = async () => {
    const made = [...recordings.values()];
    recordings.clear();
    // One that failed has told its caller, and holds nothing.
    await Promise.all(made.map((recording) => recording.then(letGo, () => undefined)));
  };
  return Object.assign(run, { dispose });
}

const letGo = ({ ours, program }: Recording): Promise<void> =>
  ours.exclusively(() => ours.sessions.letGo(program));

function currentBackend(): OnnxRuntimeBackend {
  const current = backend();
  if (current instanceof OnnxRuntimeBackend) return current;
  throw unmet({
    code: 'bad-usage',
    what: 'the backend of a replayed step',
    expected: 'onnxruntime',
    got: current.constructor.name,
    advice: "Call `await tf.setBackend('onnxruntime')` first.",
  });
}

/** What a step makes of inputs, and what the variables were before it. */
interface Trace {
  leaves: readonly Value[];
  outputs: readonly Value[];
  before: ReadonlyMap<Variable, Value>;
}

/**
 * Records the step. One that makes variables, as TensorFlow.js's optimisers do when they are first called, is run as it is and
 * recorded after that: only then is it known what becomes of them.
 */
async function record(
  ours: OnnxRuntimeBackend,
  step: Step,
  inputs: readonly TensorInput[],
): Promise<Recording> {
  const first = await trace(ours, step, inputs);
  if (!madeVariable(first)) return recordingOf(ours, first);
  const results = (await ours.computeNow(first.outputs)).map((data) => data.slice());
  const second = await trace(ours, step, inputs);
  const made = madeVariable(second);
  if (!made) return { ...recordingOf(ours, second), results };
  takeBack(ours, second);
  throw unmet({
    code: 'bad-usage',
    what: 'the variables of a replayed step',
    expected: 'the same ones at each call',
    got: `another one, ${made.name}, at the second`,
    advice: 'Make it outside of the step.',
  });
}

async function trace(ours: OnnxRuntimeBackend, step: Step, inputs: readonly TensorInput[]): Promise<Trace> {
  await ours.computeNow([]);
  const before = new Map(
    Object.values(engine().registeredVariables).map((variable) => [variable, ownValue(ours, variable)]),
  );
  const leaves = inputs.map(({ data, shape, dtype }) => ours.graph.leaf(data, elementType(dtype), shape));
  const outputs: Value[] = [];
  try {
    ours.recording(() =>
      tidy(() => {
        const tensors = leaves.map((leaf) =>
          engine().makeTensorFromTensorInfo(ours.toTensorInfo(leaf), ours),
        );
        outputs.push(...step(...tensors).map((result) => ours.graph.logical(ours.valueFor(result))));
      }),
    );
  } catch (error) {
    takeBack(ours, { before });
    throw error;
  }
  return { leaves, outputs, before };
}

/** A variable's value over a leaf of its own: by that a recording tells it from tensors that have the same data so far. */
function ownValue(ours: OnnxRuntimeBackend, variable: Variable): Value {
  ours.storeUniform(variable.dataId, variable.shape);
  const value = ours.valueFor(variable);
  if (value.source.kind === 'leaf') {
    setValue(ours, variable, ours.graph.leaf(value.source.data, value.type, value.shape, value));
  }
  return ours.valueFor(variable);
}

const madeVariable = ({ before }: Trace): Variable | undefined =>
  Object.values(engine().registeredVariables).find((variable) => !before.has(variable));

/** Gives the variables back what they were before the step, and returns what it assigned. */
function takeBack(ours: OnnxRuntimeBackend, { before }: Pick<Trace, 'before'>): Recording['assigned'] {
  const assigned = [...before.keys()]
    .map((variable) => ({ variable, value: ours.graph.logical(ours.valueFor(variable)) }))
    .filter(({ variable, value }) => value.source !== before.get(variable)!.source);
  for (const { variable } of assigned) setValue(ours, variable, before.get(variable)!);
  ours.graph.forget();
  return assigned;
}

function recordingOf(ours: OnnxRuntimeBackend, traced: Trace): Recording {
  const { leaves, outputs, before } = traced;
  const assigned = takeBack(ours, traced);
  const program = planProgram([...outputs, ...assigned.map(({ value }) => value)]);
  const bindings = program.inputs.map(({ source }) => {
    const input = leaves.findIndex((leaf) => leaf.source === source);
    if (input >= 0) return { input };
    const variable = [...before.keys()].find((candidate) => before.get(candidate)!.source === source);
    return variable ? { variable } : null;
  });
  ours.sessions.hold(program);
  return { ours, program, bindings, assigned, outputCount: outputs.length };
}

async function runRecorded(
  ours: OnnxRuntimeBackend,
  { program, bindings, assigned, outputCount }: Recording,
  inputs: readonly TensorInput[],
): Promise<TensorData[]> {
  const variables = [...variablesOf(bindings), ...assigned.map(({ variable }) => variable)];
  const gone = variables.find(({ isDisposed }) => isDisposed);
  if (gone) {
    throw unmet({
      code: 'bad-usage',
      what: 'the variables of a replayed step',
      expected: 'those that it was recorded with',
      got: `${gone.name}, which has been disposed of`,
      advice: 'Dispose of the step, and make another one of other variables.',
    });
  }
  await settle(ours, bindings);
  const data = program.inputs.map((value, index) => {
    const binding = bindings[index];
    if (!binding) return leafData(value);
    return 'input' in binding ? inputs[binding.input]!.data : leafData(ours.valueFor(binding.variable));
  });
  const results = await ours.sessions.run(program, data);
  assigned.forEach(({ variable, value }, index) => {
    setValue(ours, variable, ours.graph.leaf(results[outputCount + index]!, value.type, value.shape));
  });
  // The caller may write into an output, which must not change a variable that was assigned the same value.
  return results
    .slice(0, outputCount)
    .map((data, index) => (results.includes(data, index + 1) ? data.slice() : data));
}

/** Gives a variable its value; tensors that share its data so far (clones of it) keep what they have. */
function setValue(ours: OnnxRuntimeBackend, variable: Variable, value: Value): void {
  if (ours.refCount(variable.dataId) === 1) {
    ours.replaceValue(variable.dataId, value);
    return;
  }
  tidy(() => variable.assign(engine().makeTensorFromTensorInfo(ours.toTensorInfo(value), ours)));
}

const variablesOf = (bindings: Recording['bindings']): Variable[] =>
  bindings.flatMap((binding) => (binding && 'variable' in binding ? [binding.variable] : []));

/** Makes data of the variables that were assigned, since the last run, what is not computed or lies in another way. */
async function settle(ours: OnnxRuntimeBackend, bindings: Recording['bindings']): Promise<void> {
  const variables = variablesOf(bindings);
  for (const { dataId, shape } of variables) ours.storeUniform(dataId, shape);
  const stale = variables
    .map((variable) => ({ variable, value: ours.graph.logical(ours.valueFor(variable)) }))
    .filter(({ value }) => value.source.kind === 'node');
  if (stale.length === 0) return;
  const data = await ours.computeNow(stale.map(({ value }) => value));
  stale.forEach(({ variable, value }, index) => {
    setValue(ours, variable, ours.graph.leaf(data[index]!, value.type, value.shape));
  });
}
