import { DEFAULT_REASONS, DEFAULTS } from './defaults.js';
import type { Recipe } from './recipe.js';
import { variant } from './variant.js';

const UNTUNED = 'a first guess, to be decided on the validation images';

/** What the shipped network and its teacher are trained on: digits as people write and photograph them. */
const AS_PEOPLE_WRITE = {
  shiftPixels: 2,
  rotateDegrees: 15,
  zoomShare: 0.2,
  shearDegrees: 15,
  elasticPixels: 24,
  elasticSigmaPixels: 4,
  strokeProbability: 0.25,
  strokePixels: 1.2,
  hollowProbability: 0.04,
  eraseProbability: 0.08,
  eraseShare: 0.15,
  paperProbability: 0.08,
  paperLevel: 0.7,
  lineProbability: 0.1,
  lineCount: 4,
  invertProbability: 0.05,
  fadeProbability: 0.08,
  fadeShare: 0.4,
  scatterProbability: 0.03,
  scatterPixels: 2,
  smearProbability: 0.05,
  smearPixels: 7,
  blurProbability: 0.06,
  blurPixels: 1.5,
  speckProbability: 0.05,
  speckShare: 0.25,
  noiseProbability: 0.07,
  noiseDeviation: 0.3,
};

const REASONS_FOR_IT: { [K in keyof typeof AS_PEOPLE_WRITE]: string } = {
  shiftPixels:
    'preprocessing centres by mass, which strokes across and shadows move; what comes as 28x28 comes as it is',
  rotateDegrees: 'nobody writes straight; far from where a 6 and a 9 change places',
  zoomShare: '20 pixels of digit become 15 to 25: nearly the whole picture',
  shearDegrees: 'slanted hands',
  elasticPixels: 'below the 34 of the paper, beside which nothing else deformed as much',
  elasticSigmaPixels: "the paper's (Simard, Steinkraus and Platt 2003)",
  strokeProbability: 'pens differ more than anything else: oftener than the others',
  strokePixels: 'at 2 the counters of a 6 and an 8 close',
  hollowProbability: 'rare in writing',
  eraseProbability: UNTUNED,
  eraseShare: 'a gap, not half a digit: what is left must still be one digit alone',
  paperProbability: UNTUNED,
  paperLevel: 'ink remains darker than the darkest paper',
  lineProbability: UNTUNED,
  lineCount: 'a fifth line seldom leaves the digit readable',
  invertProbability: 'rare: writing across the edge of a dark area',
  fadeProbability: UNTUNED,
  fadeShare: 'a fifth of the range is left at the least',
  scatterProbability: UNTUNED,
  scatterPixels: 'at 3 strokes come apart',
  smearProbability: UNTUNED,
  smearPixels: 'a third of a digit; at 9 some are gone',
  blurProbability: UNTUNED,
  blurPixels: 'as wide as a stroke',
  speckProbability: UNTUNED,
  speckShare: 'a quarter of the pixels; the rest still shows the digit',
  noiseProbability: UNTUNED,
  noiseDeviation: 'a poor camera in poor light',
};

const flagship: Recipe<'flagship'> = {
  summary: 'The default model: a compact ResNet for digits as people write and photograph them',
  architecture: 'flagship',
  model: {
    firstFilters: 24,
    secondFilters: 48,
    thirdFilters: 96,
    firstBlocks: 0,
    secondBlocks: 1,
    thirdBlocks: 2,
    activation: 'relu',
  },
  training: {
    ...DEFAULTS,
    epochs: 60,
    batchSize: 128,
    optimizer: 'adamw',
    learningRate: 3e-3,
    schedule: 'one-cycle',
    warmup: 0.15,
    beta2: 0.99,
    weightDecay: 0.03,
    averageDecay: 0.999,
    labelSmoothing: 0.05,
    ...AS_PEOPLE_WRITE,
    outlierShare: 0.125,
    validationImages: 5000,
  },
  reasons: {
    ...DEFAULT_REASONS,
    ...REASONS_FOR_IT,
    firstFilters: 'passes over 28 x 28 are what a step waits for: few filters there',
    secondFilters: 'two fifths of the arithmetic',
    thirdFilters:
      'two fifths of the arithmetic, and most parameters: 471,898 in all, 39.6 million multiply-adds a picture',
    firstBlocks: 'one look around at full size',
    secondBlocks: 'the last layers see all of the picture',
    thirdBlocks: 'as many as 500,000 parameters allow',
    activation: 'the fastest; the bundle has it within its convolutions',
    epochs: `${UNTUNED}: augmentation makes every epoch new, so long runs still gain`,
    batchSize: 'as of recipe fast; large enough for steady batch statistics',
    optimizer: 'decay apart from the step, as a one-cycle changes its size (Loshchilov and Hutter 2019)',
    learningRate: UNTUNED,
    schedule: 'ends at a rate near 0, where accuracy is gained (Smith 2018)',
    warmup: 'a seventh to climb; not tuned',
    beta2: 'a memory of a hundred steps follows a rate that changes',
    weightDecay: `${UNTUNED}; within the usual 0.01 to 0.05`,
    averageDecay: 'the mean of about a thousand steps, two epochs, evens out their noise',
    labelSmoothing: 'as of recipe fast: what erasing and noise leave is not certain',
    flipProbability: 'a mirrored digit is another sign',
    resizePixels: 'off: blur and zoom lose detail already',
    validationImages: 'everything is chosen on these, nothing on the test set',
    patience: 'the averaged weights of the last epoch: no epoch is selected',
  },
};

const teacher = variant(flagship, {
  summary: "The flagship's teacher: as deep, twice as wide and five times the work",
  model: { firstFilters: 32, secondFilters: 96, thirdFilters: 192, thirdBlocks: 3 },
  training: { labelSmoothing: 0 },
  reasons: {
    firstFilters: 'twice those of the flagship',
    secondFilters: 'twice those of the flagship',
    thirdFilters: 'twice those of the flagship: 2.5 million parameters in all',
    thirdBlocks: 'one more: nothing limits it but time',
    labelSmoothing:
      'smoothed labels take from a teacher what it knows of likenesses (Müller and others 2019)',
  },
});

/** The network that is shipped, and the larger one that may teach it. */
export const FLAGSHIP = { flagship, 'flagship-teacher': teacher };
