import { DEFAULT_REASONS, DEFAULTS } from './defaults.js';
import type { Recipe } from './recipe.js';
import { variant } from './variant.js';

const alexnet: Recipe<'alexnet'> = {
  summary: "AlexNet for 28 x 28 at the report's low rate",
  architecture: 'alexnet',
  model: { filters: 48, denseUnits: 1024, dropout: 0.2, activation: 'relu' },
  training: {
    ...DEFAULTS,
    batchSize: 100,
    optimizer: 'adadelta',
    learningRate: 0.02,
    rho: 0.95,
    epsilon: 1e-8,
  },
  reasons: {
    ...DEFAULT_REASONS,
    filters: "the report gives no widths: those of one of AlexNet's two halves, 48, 128, 192, 192, 128",
    denseUnits: "the report gives no width: half of one half's 2048",
    dropout: "the report's: it keeps 0.8",
    activation: "the report's",
    epochs: "the report's",
    batchSize: "the report's",
    optimizer: "the report's",
    learningRate: "the report's",
    rho: "TensorFlow's default for Adadelta",
    epsilon: "TensorFlow's default for Adadelta",
  },
};

const gardenResNet = (version: 1 | 2): Recipe<'garden-resnet'> => ({
  summary: `ResNet-32 in the manner of the TensorFlow model garden, version ${version}: batch norm ${version === 1 ? 'after' : 'before'} the convolution`,
  architecture: 'garden-resnet',
  model: { version, filters: 16, blocksPerStage: 5, activation: 'relu' },
  training: {
    ...DEFAULTS,
    epochs: 6,
    batchSize: 100,
    optimizer: 'momentum',
    learningRate: 0.1,
    schedule: 'step',
    decayFactor: 0.1,
    decayEpochs: 3,
    weightDecay: 2e-4,
  },
  reasons: {
    ...DEFAULT_REASONS,
    version: 'the report has both and says not which gave its figures',
    filters: "the garden's for small pictures: 16, 32, 64",
    blocksPerStage:
      "the garden's default for small pictures, 32 layers with weights; the report gives no size",
    activation: "the garden's",
    epochs: "the report's last figure is after 6",
    batchSize: "the report states none: AlexNet's, so that both take as many steps",
    optimizer: "the garden's",
    learningRate: "the garden's for batches of 128",
    momentum: "the garden's",
    schedule: "the report's: it decays by step",
    decayFactor: "the garden's",
    decayEpochs: 'half of the epochs, as the garden first decays at half of its 182',
    weightDecay: "the garden's for small pictures",
  },
});

const googlenet: Recipe<'googlenet'> = {
  summary: 'GoogLeNet for 28 x 28 at half its width: the third network, of which the report has no figures',
  architecture: 'googlenet',
  model: { widthDivisor: 2, dropout: 0.4, activation: 'relu' },
  training: { ...DEFAULTS, batchSize: 100 },
  reasons: {
    ...DEFAULT_REASONS,
    widthDivisor: '77 million multiplications a picture, 308 at full width; the other two networks have 53',
    dropout: "GoogLeNet's",
    activation: "GoogLeNet's",
    epochs: "AlexNet's",
    batchSize: "AlexNet's",
    optimizer: 'needs no search for a rate',
  },
};

export const EXPERIMENT_D = {
  alexnet,
  'alexnet-adam': variant(alexnet, {
    summary: 'AlexNet for 28 x 28 with Adam at its usual rate',
    training: {
      optimizer: 'adam',
      learningRate: DEFAULTS.learningRate,
      rho: DEFAULTS.rho,
      epsilon: DEFAULTS.epsilon,
    },
    reasons: {
      optimizer: "needs no search for a rate; the report's rate is far too low for its Adadelta",
      learningRate: DEFAULT_REASONS.learningRate,
      rho: DEFAULT_REASONS.rho,
      epsilon: DEFAULT_REASONS.epsilon,
    },
  }),
  'resnet-32-v1': gardenResNet(1),
  'resnet-32-v2': gardenResNet(2),
  googlenet,
};
