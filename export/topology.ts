import { describe, unmet } from '../core/errors.js';
import { isModel, type LayerEntry, layersOf, membersOf, modelIn, nameOf, placeOf } from '../core/topology.js';
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
  });
}

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
