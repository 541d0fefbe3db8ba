import { DEFAULT_REASONS, DEFAULTS } from './defaults.js';
import type { Recipe } from './recipe.js';
import { variant } from './variant.js';

/** Every variant of the report changes a setting or two of the one before. */
const seven: Recipe<'resnet-34'> = {
  summary: 'ResNet-34 with its own first convolution, 7x7 with a stride of 2, at a rate of 0.02',
  architecture: 'resnet-34',
  model: {
    filters: 64,
    firstKernel: 7,
    firstStride: 2,
    blockNorm: 'none',
    dropout: 0,
    activation: 'leaky-relu',
  },
  training: { ...DEFAULTS, batchSize: 64, learningRate: 0.02, epsilon: 1e-8 },
  reasons: {
    ...DEFAULT_REASONS,
    filters: "the report's: 64, 128, 256, 512",
    firstKernel: "the report's first attempt",
    firstStride: "the report gives none for this attempt: ResNet-34's own",
    blockNorm: 'none in the first attempts',
    dropout: 'none in the first attempts',
    activation: "the report's, with a slope of 0.01",
    epochs: "the report's",
    batchSize: "the report's",
    learningRate: "the report states none for this attempt: the next ones'",
    beta1: "PyTorch's default, as Keras's",
    beta2: "PyTorch's default, as Keras's",
    epsilon: "PyTorch's default",
  },
};

const noDropout = variant(seven, {
  summary: 'ResNet-34 with a first convolution 3x3, without dropout, at a rate of 0.02',
  model: { firstKernel: 3, firstStride: 1 },
  reasons: {
    firstKernel: "the report's: about 95% with it, about 85% with 7x7",
    firstStride: "the report's: the first convolution keeps the size",
    learningRate: "the report's",
  },
});

const withDropout = variant(noDropout, {
  summary: 'ResNet-34 with a first convolution 3x3 and dropout, at a rate of 0.02',
  model: { dropout: 0.3 },
  reasons: { dropout: "the report's" },
});

const normalized = variant(withDropout, {
  summary: 'ResNet-34 with dropout and a batch norm after every later block, at a rate of 0.001',
  model: { blockNorm: 'later-blocks' },
  training: { learningRate: 0.001 },
  reasons: { blockNorm: "the report's best", learningRate: "the report's" },
});

export const EXPERIMENT_E = {
  'resnet-34-7x7': seven,
  'resnet-34-no-dropout': noDropout,
  'resnet-34-dropout': withDropout,
  'resnet-34-block-norm': normalized,
  'resnet-34-block-norm-30': variant(normalized, {
    summary: 'The same network and rate as resnet-34-block-norm for 30 epochs',
    training: { epochs: 30 },
    reasons: { epochs: "the report's longest run" },
  }),
};
