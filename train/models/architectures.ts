import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { CLASS_COUNT, INPUT_SIDE } from '../../core/image.js';
import { alexnetTrunk } from './alexnet.js';
import { basicBlockTrunk } from './basic-block.js';
import { bottleneckTrunk } from './bottleneck.js';
import { compactTrunk } from './compact.js';
import { convPairsTrunk } from './conv-pairs.js';
import { flagshipTrunk } from './flagship.js';
import { gardenResNetTrunk } from './garden-resnet.js';
import { googLeNetTrunk } from './googlenet.js';
import { type Initializer, layerFactory } from './layers.js';
import { plainTrunk } from './plain.js';
import { resNet34Trunk } from './resnet-34.js';
import type { Architecture, ArchitectureOptions, Trunk } from './trunk.js';

interface Rule<A extends Architecture> {
  trunk: Trunk<A>;
  initializer: Initializer;
}

const ARCHITECTURES: { [A in Architecture]: Rule<A> } = {
  bottleneck: { trunk: bottleneckTrunk, initializer: 'glorot' },
  compact: { trunk: compactTrunk, initializer: 'glorot' },
  flagship: { trunk: flagshipTrunk, initializer: 'glorot' },
  'basic-block': { trunk: basicBlockTrunk, initializer: 'glorot' },
  'conv-pairs': { trunk: convPairsTrunk, initializer: 'fanIn' },
  alexnet: { trunk: alexnetTrunk, initializer: 'glorot' },
  'garden-resnet': { trunk: gardenResNetTrunk, initializer: 'fanInNormal' },
  googlenet: { trunk: googLeNetTrunk, initializer: 'glorot' },
  'resnet-34': { trunk: resNet34Trunk, initializer: 'fanIn' },
  plain: { trunk: plainTrunk, initializer: 'fanIn' },
};

export const LOGITS_LAYER = 'logits';
export const PROBABILITIES_LAYER = 'probabilities';

/**
 * A Layers model `[batch, 28, 28, 1]` -> probabilities `[batch, 10]`, whose layer `logits` gives what the softmax
 * takes. Equal arguments give equal initial weights.
 * @throws TenfoldError `bad-usage` where the options leave a layer nothing to work on.
 */
export function buildModel<A extends Architecture>(
  architecture: A,
  options: ArchitectureOptions[A],
  seed: number,
): LayersModel {
  const { trunk, initializer } = ARCHITECTURES[architecture];
  const make = layerFactory(seed, initializer);
  const image = input({ shape: [INPUT_SIDE, INPUT_SIDE, 1], name: 'image' });
  let features: SymbolicTensor;
  try {
    features = trunk(image, make, options);
  } catch (error) {
    make.dispose();
    throw error;
  }
  const logits = make.dense(features, { units: CLASS_COUNT, name: LOGITS_LAYER });
  const probabilities = layers.softmax({ name: PROBABILITIES_LAYER }).apply(logits) as SymbolicTensor;
  return model({ inputs: image, outputs: probabilities, name: architecture });
}

/** The same layers, ending before the softmax. */
export function logitsOf(trained: LayersModel): LayersModel {
  return model({ inputs: trained.inputs, outputs: trained.getLayer(LOGITS_LAYER).output as SymbolicTensor });
}
