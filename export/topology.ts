import { describe, unmet } from '../core/errors.js';
import {
  isModel,
  type LayerEntry,
  layersOf,
  membersOf,
  modelIn,
  nameOf,
  pathText,
  placeOf,
} from '../core/topology.js';
import { ACTIVATIONS } from './layers/activations.js';
import { requireSupported } from './layers/index.js';

/**
 * Looks at a model's description before TensorFlow.js does, which fails without a name on classes that it does not know, and passes
 * over options that it does not know.
 * @throws TenfoldError `bad-input`, naming the layer and its place in the model.
 */
export function requireExportable(topology: object): void {
  requireLayers(modelIn(topology), []);
}

function requireLayers(model: LayerEntry, within: readonly string[]): void {
  const path = [...within, nameOf(model)];
  const entries = layersOf(model);
  entries.forEach((entry, index) => {
    if (isModel(entry)) {
      requireLayers(entry, path);
      return;
    }
    const place = placeOf(index, entries.length, path);
    requireSupported(String(entry.class_name), nameOf(entry), place);
    requireKnownOptions(entry, place);
    requireKnownActivation(entry, place);
  });
  requireEnds(model, entries.map(nameOf), path);
}

/** The ends of a model, each a list of `[layer, call, tensor]`. */
const ENDS = ['input_layers', 'output_layers'] as const;

function requireEnds(model: LayerEntry, layers: readonly string[], path: readonly string[]): void {
  const members = membersOf(model) as { [E in (typeof ENDS)[number]]?: unknown };
  for (const end of ENDS) {
    const ends: unknown = members[end];
    const names = (Array.isArray(ends) ? ends : []).flatMap((read: unknown) =>
      Array.isArray(read) ? [read[0]] : [],
    );
    const unknown = names.find((name) => !layers.includes(name));
    if (unknown === undefined) continue;
    throw unmet({
      code: 'bad-input',
      what: `the ${end} of ${pathText(path)}`,
      expected: `some of its layers, ${layers.join(', ')}`,
      got: describe(unknown),
      advice: 'Save the model again with LayersModel.save.',
    });
  }
}

/** By the names that a `model.json` has for them: `hard_sigmoid`. */
const KNOWN_ACTIVATIONS = Object.keys(ACTIVATIONS).map((name) =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
);

function requireKnownActivation(entry: LayerEntry, place: string): void {
  const { activation } = membersOf(entry) as { activation?: unknown };
  const isKnown =
    typeof activation !== 'string' ||
    KNOWN_ACTIVATIONS.includes(activation) ||
    Object.hasOwn(ACTIVATIONS, activation);
  if (isKnown) return;
  throw unmet({
    code: 'bad-input',
    what: `activation of the layer "${nameOf(entry)}" (${entry.class_name}), ${place}`,
    expected: `one of ${KNOWN_ACTIVATIONS.join(', ')}`,
    got: activation,
    advice: 'TensorFlow.js has no other: build the model with one of these.',
  });
}

/** Options of Keras that TensorFlow.js passes over or refuses, with the values that ask for nothing. */
const IGNORED_OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  AveragePooling1D: { data_format: 'channels_last' },
  Conv1D: { groups: 1 },
  Conv2D: { groups: 1 },
  Conv2DTranspose: { groups: 1, output_padding: null },
  ELU: { alpha: 1 },
  GlobalAveragePooling1D: { data_format: 'channels_last', keepdims: false },
  GlobalAveragePooling2D: { keepdims: false },
  GlobalMaxPooling1D: { data_format: 'channels_last', keepdims: false },
  GlobalMaxPooling2D: { keepdims: false },
  LayerNormalization: { rms_scaling: false },
  LeakyReLU: { negative_slope: null },
  MaxPooling1D: { data_format: 'channels_last' },
  ReLU: { negative_slope: 0, threshold: 0 },
};

function requireKnownOptions(entry: LayerEntry, place: string): void {
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
