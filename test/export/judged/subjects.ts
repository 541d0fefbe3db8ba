import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { CLASS_COUNT, INPUT_SIDE } from '../../../core/image.js';
import { MODEL_FILE } from '../../../core/manifest.js';
import type { LayerClass } from '../../../export/layers/layer-call.js';
import { DEFAULT_BUNDLE } from '../../../serve/models/bundle.js';
import type { RecipeName } from '../../../train/recipes/table.js';
import { type Example, ON_NODE, type Port } from '../example.js';
import { GRIDS } from '../grids/index.js';
import { images, RECIPE_NETWORKS, recipeExample } from '../recipe-networks.js';
import { networkExample } from '../support.js';

/** Graphs that are judged together: those of a layer, of a recipe, or a file. */
export interface Subject {
  name: string;
  examples: () => AsyncIterable<TitledExample>;
}

export interface TitledExample {
  title: string;
  example: Example;
}

export type GridClass = Exclude<LayerClass, 'InputLayer'>;

/** Every combination of a layer's options, each in a network of its own. */
export const layerSubject = (className: GridClass): Subject => ({
  name: `layer ${className}`,
  async *examples() {
    for (const [index, { title, model, parity }] of GRIDS[className].entries()) {
      const { example } = await networkExample(plainlyNamed(model()), { seed: index + 1, ...parity });
      yield { title, example };
    }
  },
});

export const recipeSubject = (recipe: RecipeName): Subject => ({
  name: `recipe ${recipe}`,
  async *examples() {
    yield { title: recipe, example: await recipeExample(recipe) };
  },
});

export const DEFAULT_MODEL: Subject = {
  name: 'models/default',
  async *examples() {
    const { count, values } = await images();
    const inputs = [
      { name: 'input', type: 'float32', shape: [count, 1, INPUT_SIDE, INPUT_SIDE], values },
    ] as const;
    const bytes = new Uint8Array(readFileSync(join(DEFAULT_BUNDLE, MODEL_FILE)));
    // Its Layers model is not in the repository.
    const outputs = Object.entries(await ON_NODE(bytes, inputs)).map(
      ([name, { data }]): Port => ({ name, type: 'float32', shape: [count, CLASS_COUNT], values: data }),
    );
    yield { title: MODEL_FILE, example: { bytes, inputs, outputs } };
  },
};

export const SUBJECTS: readonly Subject[] = [
  DEFAULT_MODEL,
  ...RECIPE_NETWORKS.map(recipeSubject),
  ...(Object.keys(GRIDS) as GridClass[]).map(layerSubject),
];

/** Layers without a name of their own are numbered by TensorFlow.js in the order in which a process makes them. */
function plainlyNamed(model: LayersModel): LayersModel {
  model.name = 'network';
  for (const [index, layer] of model.layers.entries()) layer.name = `${layer.getClassName()}_${index}`;
  return model;
}
