import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { CLASS_COUNT, INPUT_SIDE } from '../../core/image.js';
import { basicBlockTrunk } from './basic-block.js';
import { bottleneckTrunk } from './bottleneck.js';
import { compactTrunk } from './compact.js';
import { convPairsTrunk } from './conv-pairs.js';
import { type Initializer, layerFactory } from './layers.js';
import { plainTrunk } from './plain.js';
import type { Architecture, ArchitectureOptions, Trunk } from './trunk.js';

interface Rule<A extends Architecture> {
  trunk: Trunk<A>;
  initializer: Initializer;
}

const ARCHITECTURES: { [A in Architecture]: Rule<A> } = {
  bottleneck: { trunk: bottleneckTrunk, initializer: 'glorot' },
  compact: { trunk: compactTrunk, initializer: 'glorot' },
  'basic-block': { trunk: basicBlockTrunk, initializer: 'glorot' },
  'conv-pairs': { trunk: convPairsTrunk, initializer: 'fanIn' },
  plain: { trunk: plainTrunk, initializer: 'fanIn' },
};

export const LOGITS_LAYER = 'logits';
export const PROBABILITIES_LAYER = 'probabilities';

/**
 * A Layers model `[batch, 28, 28, 1]` -> probabilities `[batch, 10]`, whose layer `logits` gives what the softmax
 * takes. Equal arguments give equal initial weights.
 */
export function buildModel<A extends Architecture>(
  architecture: A,
  options: ArchitectureOptions[A],
  seed: number,
): LayersModel {
  const { trunk, initializer } = ARCHITECTURES[architecture];
  const make = layerFactory(seed, initializer);
  const image = input({ shape: [INPUT_SIDE, INPUT_SIDE, 1], name: 'image' });
  const features = trunk(image, make, options);
  const logits = make.dense(features, { units: CLASS_COUNT, name: LOGITS_LAYER });
  const probabilities = layers.softmax({ name: PROBABILITIES_LAYER }).apply(logits) as SymbolicTensor;
  return model({ inputs: image, outputs: probabilities, name: architecture });
}

/** The same layers, ending before the softmax. */
export function logitsOf(trained: LayersModel): LayersModel {
  return model({ inputs: trained.inputs, outputs: trained.getLayer(LOGITS_LAYER).output as SymbolicTensor });
}
