import { describe, unmet } from '../core/errors.js';
import { requireSupported } from './layers/index.js';
import { placeOf } from './network.js';

/** A layer or a model as `model.json` describes it. */
interface Entry {
  class_name?: unknown;
  name?: unknown;
  config?: unknown;
  /** For each call of the layer, the outputs that it reads: `[layer, call, tensor, ...]`. */
  inbound_nodes?: unknown;
}

interface Members {
  name?: unknown;
  layers?: Entry[];
}

const CONTAINERS: ReadonlySet<unknown> = new Set(['Sequential', 'Model', 'Functional']);

/**
 * Looks at a model's description before TensorFlow.js does, which fails without a name on classes that it does not know, passes
 * over options that it does not know, and looks forever for the beginning of a cycle.
 * @throws TenfoldError `bad-input`, naming the layer and its place in the model.
 */
export function requireExportable(topology: object): void {
  const root = 'model_config' in topology ? (topology.model_config as Entry) : (topology as Entry);
  requireLayers(root, []);
}

function requireLayers(model: Entry, within: readonly string[]): void {
  const path = [...within, nameOf(model)];
  const entries = entriesOf(model);
  requireEntries(entries, model.class_name === 'Sequential', path);
  entries.forEach((entry, index) => {
    if (CONTAINERS.has(entry.class_name)) {
      requireLayers(entry, path);
      return;
    }
    const place = placeOf(index, entries.length, path);
    requireSupported(String(entry.class_name), nameOf(entry), place);
    requireKnownOptions(entry, place);
  });
  requireConnected(entries, path);
}

function requireEntries(entries: readonly unknown[], isSequence: boolean, path: readonly string[]): void {
  const strange = entries.findIndex((entry) => !isNamedAlike(entry, isSequence));
  if (strange < 0) return;
  throw unmet({
    code: 'corrupt',
    what: placeOf(strange, entries.length, path),
    expected: 'a layer, {class_name, config}, of one name',
    got: describe(JSON.stringify(entries[strange])),
    advice: 'Save the model again with LayersModel.save.',
  });
}

/** Layers are read by one of their two names and go by the other: where these differ TensorFlow.js waits for a layer that never comes. */
function isNamedAlike(entry: unknown, isSequence: boolean): boolean {
  if (typeof entry !== 'object' || entry === null) return false;
  const { name, config } = entry as Entry;
  // In a sequence nothing is read by its name.
  if (isSequence && name === undefined) return true;
  return typeof name === 'string' && name === (config as Members | undefined)?.name;
}

const membersOf = ({ config }: Entry) => (config ?? {}) as Members;
const nameOf = (entry: Entry) => String(membersOf(entry).name ?? entry.name);
const entriesOf = (model: Entry): Entry[] =>
  Array.isArray(model.config) ? model.config : (membersOf(model).layers ?? []);

/** Options of Keras that TensorFlow.js passes over, with the values that ask for nothing. */
const IGNORED_OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  AveragePooling1D: { data_format: 'channels_last' },
  Conv1D: { groups: 1 },
  Conv2D: { groups: 1 },
  Conv2DTranspose: { groups: 1, output_padding: null },
  GlobalAveragePooling1D: { data_format: 'channels_last', keepdims: false },
  GlobalAveragePooling2D: { keepdims: false },
  GlobalMaxPooling1D: { data_format: 'channels_last', keepdims: false },
  GlobalMaxPooling2D: { keepdims: false },
  LeakyReLU: { negative_slope: null },
  MaxPooling1D: { data_format: 'channels_last' },
  ReLU: { negative_slope: 0, threshold: 0 },
};

function requireKnownOptions(entry: Entry, place: string): void {
  const options = membersOf(entry) as Record<string, unknown>;
  for (const [option, idle] of Object.entries(IGNORED_OPTIONS[String(entry.class_name)] ?? {})) {
    const value = options[option] ?? idle;
    if (value === idle) continue;
    throw unmet({
      code: 'bad-input',
      what: `${option} of the layer "${nameOf(entry)}" (${entry.class_name}), ${place}`,
      expected: `${JSON.stringify(idle)}, since TensorFlow.js computes without the option,`,
      got: describe(value),
      advice:
        'What it computes would not be what the model was trained for: build the model without the option.',
    });
  }
}

/** One call of a layer that is still to be made. */
interface Call {
  layer: string;
  reads: readonly (readonly [layer: string, call: number])[];
}

/** Makes the calls in whatever order they can be made, as TensorFlow.js does. */
function requireConnected(entries: readonly Entry[], path: readonly string[]): void {
  // Inputs and models count themselves as the first call.
  const made = new Map(
    entries.map((entry) => [nameOf(entry), entry.class_name === 'InputLayer' || isModel(entry) ? 1 : 0]),
  );
  let waiting = entries.flatMap(callsOf);
  for (;;) {
    const left = waiting.filter(({ layer, reads }) => {
      if (!reads.every(([source, call]) => call >= 0 && call < (made.get(source) ?? 0))) return true;
      made.set(layer, made.get(layer)! + 1);
      return false;
    });
    if (left.length === 0) return;
    if (left.length === waiting.length) throw unconnected(left, made, path);
    waiting = left;
  }
}

const isModel = ({ class_name }: Entry) => CONTAINERS.has(class_name);

/** A call that reads nothing is none: TensorFlow.js passes over it, and waits forever where another layer reads its output. */
function callsOf(entry: Entry): Call[] {
  const nodes = Array.isArray(entry.inbound_nodes) ? (entry.inbound_nodes as unknown[]) : [];
  return nodes
    .filter((node) => Array.isArray(node) && node.length > 0)
    .map((node) => ({
      layer: nameOf(entry),
      reads: (node as unknown[][]).map(([layer, call]) => [String(layer), Number(call)] as const),
    }));
}

function unconnected(
  left: readonly Call[],
  made: ReadonlyMap<string, number>,
  path: readonly string[],
): Error {
  const missing = left.flatMap(({ reads }) => reads).find(([source]) => !made.has(source));
  const names = [...new Set(left.map(({ layer }) => `"${layer}"`))].join(', ');
  return unmet({
    code: 'bad-input',
    what: `the layers ${names} of the model ${path
      .map((name) => `"${name}"`)
      .reverse()
      .join(' in ')}`,
    expected: 'inputs that come from the inputs of the model',
    got: missing
      ? `the output of "${missing[0]}", which the model does not have`
      : 'a cycle, or a layer without inputs',
    advice: 'Save the model again with LayersModel.save.',
  });
}
