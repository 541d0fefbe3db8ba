import { type Config, describeLayer, outputShape, type Shape } from './layer-shapes.js';

/** A layer of a network, in an order in which each comes after its inputs. */
export interface Layer {
  name: string;
  description: string;
  /** Places of its inputs in the list. */
  inputs: readonly number[];
  /** Without the batch; null where the report does not know this kind of layer. */
  shape: Shape | null;
  parameters: number;
}

/** Layers that stand in a row `times` over, each time from the one before. */
export interface Section {
  layers: readonly Layer[];
  times: number;
  /** Place of the first of them in the network. */
  first: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

/**
 * The layers of a `model.json`, or null where it is not a network of layers that lists them in order.
 * @param model the parsed file
 */
export function readLayers(model: unknown): Layer[] | null {
  const topology = isRecord(model) && isRecord(model.modelTopology) ? model.modelTopology : {};
  const network = isRecord(topology.model_config) ? topology.model_config : topology;
  const listed = isRecord(network.config) ? network.config.layers : network.config;
  const parameters = parametersByLayer(model);
  const layers: Layer[] = [];
  const places = new Map<string, number>();
  for (const { class_name: kind, config, name, inbound_nodes: inbound } of records(listed)) {
    if (typeof kind !== 'string' || !isRecord(config)) return null;
    const own = String(name ?? config.name);
    // A Sequential model wires nothing: each layer takes the one before.
    const sources =
      inbound === undefined ? (layers.length > 0 ? [layers.length - 1] : []) : inputsOf(inbound, places);
    if (sources.some((source) => source === undefined)) return null;
    const inputs = sources as number[];
    const shapes = inputs.map((input) => layers[input]!.shape);
    const shape =
      inputs.length === 0
        ? outputShape('InputLayer', [], config)
        : outputShape(kind, shapes, config as Config);
    places.set(own, layers.length);
    layers.push({
      name: own,
      description: describeLayer(kind, config as Config),
      inputs,
      shape,
      parameters: parameters.get(own) ?? 0,
    });
  }
  return layers.length > 0 ? layers : null;
}

/** The first call of a layer names the layers that feed it; a layer that is called twice is drawn where it is called first. */
function inputsOf(inbound: unknown, places: ReadonlyMap<string, number>): (number | undefined)[] {
  const [call] = Array.isArray(inbound) ? inbound : [];
  return Array.isArray(call) ? call.map((source) => places.get(String(source?.[0]))) : [];
}

/** Weights are named after their layer: `conv2d_1/kernel`. */
function parametersByLayer(model: unknown): Map<string, number> {
  const counts = new Map<string, number>();
  const groups = isRecord(model) ? records(model.weightsManifest) : [];
  for (const { name, shape } of groups.flatMap(({ weights }) => records(weights))) {
    const layer = String(name).replace(/\/[^/]*$/, '');
    const size = Array.isArray(shape)
      ? shape.reduce((total: number, extent) => total * Number(extent), 1)
      : 0;
    counts.set(layer, (counts.get(layer) ?? 0) + size);
  }
  return counts;
}

/** What two layers have in common where one repeats the other. */
const signature = ({ description, inputs, shape, parameters }: Layer, place: number): string =>
  JSON.stringify([description, shape, parameters, inputs.map((input) => place - input)]);

/** A repetition of fewer layers than this is no shorter to read. */
const LEAST_SAVING = 3;

/**
 * Splits a network where a stretch of layers repeats itself, so that a deep one stays readable. A stretch is taken from
 * nothing but the layer before it and gives nothing but its last layer to what follows.
 */
export function sections(layers: readonly Layer[]): Section[] {
  const signatures = layers.map(signature);
  const lastUse = layers.map((_, place) => place);
  for (const [place, { inputs }] of layers.entries()) for (const input of inputs) lastUse[input] = place;

  const isClosed = (from: number, to: number): boolean =>
    layers.slice(from, to).every(({ inputs }, offset) => {
      const place = from + offset;
      return inputs.every((input) => input >= from - 1) && (place === to - 1 || lastUse[place]! < to);
    });
  const timesAt = (from: number, length: number): number => {
    let times = 1;
    const matches = (offset: number) =>
      signatures[from + offset] === signatures[from + times * length + offset];
    while (from + (times + 1) * length <= layers.length && range(length).every(matches)) times++;
    return times;
  };

  const found: Section[] = [];
  const plain = (from: number, to: number) => {
    if (to > from) found.push({ layers: layers.slice(from, to), times: 1, first: from });
  };
  let begun = 0;
  for (let place = 0; place < layers.length; ) {
    const candidates = range(Math.floor((layers.length - place) / 2))
      .map((index) => ({ length: index + 1, times: timesAt(place, index + 1) }))
      .filter(({ length, times }) => (times - 1) * length >= LEAST_SAVING && isClosed(place, place + length))
      .sort((a, b) => (b.times - 1) * b.length - (a.times - 1) * a.length || a.length - b.length);
    const [best] = candidates;
    if (!best) {
      place++;
      continue;
    }
    plain(begun, place);
    found.push({ layers: layers.slice(place, place + best.length), times: best.times, first: place });
    place += best.times * best.length;
    begun = place;
  }
  plain(begun, layers.length);
  return found;
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
