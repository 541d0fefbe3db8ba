import { describe, unmet } from './errors.js';

/** A layer or a model as `model.json` describes it. */
export interface LayerEntry {
  class_name?: unknown;
  name?: unknown;
  config?: unknown;
  /** For each call of the layer, the outputs that it reads: `[layer, call, tensor, ...]`. */
  inbound_nodes?: unknown;
}

interface Members {
  name?: unknown;
  layers?: unknown;
}

const CONTAINERS: ReadonlySet<unknown> = new Set(['Sequential', 'Model', 'Functional']);

export const isModel = ({ class_name }: LayerEntry): boolean => CONTAINERS.has(class_name);
export const membersOf = ({ config }: LayerEntry) => (config ?? {}) as Members;
export const nameOf = (entry: LayerEntry): string => textOf(membersOf(entry).name ?? entry.name);

/** What stands where a name should: JSON may hold objects that are no text by themselves. */
const textOf = (name: unknown): string => (typeof name === 'string' ? name : `${JSON.stringify(name)}`);

/** The layers of a model, models among them. */
export function layersOf(model: LayerEntry): LayerEntry[] {
  const layers = Array.isArray(model.config) ? model.config : membersOf(model).layers;
  return Array.isArray(layers) ? layers : [];
}

/** The model that a `modelTopology` describes, which Keras wraps in another object. */
export const modelIn = (topology: LayerEntry & { model_config?: LayerEntry | null }): LayerEntry =>
  topology.model_config ?? topology;

/** Where a layer stands, in words. @param path the models around it, outermost first. */
export function placeOf(index: number, count: number, path: readonly string[]): string {
  return `layer ${index + 1} of ${count} of ${pathText(path)}`;
}

export const pathText = (path: readonly string[]): string =>
  `the model ${path
    .map((name) => `"${name}"`)
    .reverse()
    .join(' in ')}`;

/**
 * Looks at a model's description before TensorFlow.js does, which waits forever for the beginning of a cycle, for a layer that is not
 * there, and for one that goes by two names.
 * @throws TenfoldError `corrupt` or `bad-input`, naming the layers and their model.
 */
export function requireConnected(topology: object): void {
  requireModel(modelIn(topology), []);
}

function requireModel(model: LayerEntry, within: readonly string[]): void {
  const path = [...within, nameOf(model)];
  const entries = layersOf(model);
  requireEntries(entries, model.class_name === 'Sequential', path);
  for (const entry of entries) if (isModel(entry)) requireModel(entry, path);
  requireCalls(entries, path);
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
  const { name, config } = entry as LayerEntry;
  // In a sequence nothing is read by its name.
  if (isSequence && name === undefined) return true;
  return typeof name === 'string' && name === (config as Members | undefined)?.name;
}

/** One call of a layer that is still to be made. */
interface Call {
  layer: string;
  reads: readonly (readonly [layer: string, call: number])[];
}

/** Makes the calls in whatever order they can be made, as TensorFlow.js does. */
function requireCalls(entries: readonly LayerEntry[], path: readonly string[]): void {
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

/** A call that reads nothing is none: TensorFlow.js passes over it, and waits forever where another layer reads its output. */
function callsOf(entry: LayerEntry): Call[] {
  const nodes = Array.isArray(entry.inbound_nodes) ? (entry.inbound_nodes as unknown[]) : [];
  return nodes
    .filter((node) => Array.isArray(node) && node.length > 0)
    .map((node) => ({
      layer: nameOf(entry),
      reads: (node as unknown[]).map((read) => {
        const [layer, call] = Array.isArray(read) ? read : [read];
        return [textOf(layer), typeof call === 'number' ? call : Number.NaN] as const;
      }),
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
    what: `the layers ${names} of ${pathText(path)}`,
    expected: 'inputs that come from the inputs of the model',
    got: missing
      ? `the output of "${missing[0]}", which the model does not have`
      : 'a cycle, or a layer without inputs',
    advice: 'Save the model again with LayersModel.save.',
  });
}
