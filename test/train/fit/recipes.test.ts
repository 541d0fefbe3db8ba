import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_AUGMENTATION } from '../../../train/augment/settings.js';
import { PUBLISHED } from '../../../train/recipes/published.js';
import { recipeNames, resolveRecipe } from '../../../train/recipes/resolve.js';
import { RECIPE_GROUPS, RECIPES } from '../../../train/recipes/table.js';
import { whyUnused } from '../../../train/recipes/used-settings.js';

const AUGMENTATION_KEYS = Object.keys(NO_AUGMENTATION).join(', ');
const TRAINING_KEYS = `epochs, batchSize, optimizer, learningRate, schedule, warmup, decayFactor, decayEpochs, beta1, beta2, epsilon, momentum, rho, initialAccumulator, weightDecay, clipNorm, averageDecay, statisticsBatches, labelSmoothing, distillationWeight, distillationTemperature, ${AUGMENTATION_KEYS}, outlierShare, outlierWeight, validationImages, patience`;

test('every recipe resolves to itself, its name and a seed', () => {
  assert.deepEqual(recipeNames(), Object.keys(RECIPES));
  for (const name of recipeNames()) {
    assert.deepEqual(resolveRecipe(name, 7), { ...RECIPES[name], name, seed: 7 });
  }
});

test('every recipe is in one group, and every setting of it has a reason and keeps its own rule', () => {
  const grouped = Object.values(RECIPE_GROUPS).flatMap(({ recipes }) => recipes);
  assert.deepEqual(grouped, recipeNames());
  for (const name of recipeNames()) {
    const { model, training, reasons } = RECIPES[name];
    for (const [key, value] of Object.entries({ ...model, ...training })) {
      assert.ok((reasons as Record<string, string>)[key], `${name} gives no reason for ${key}`);
      // Refused where the recipe's own value breaks the rule of its key.
      resolveRecipe(name, 1, [`${key}=${value}`]);
    }
    assert.deepEqual(
      Object.keys(reasons).filter((key) => !(key in model) && !(key in training)),
      [],
      `${name} gives reasons for what it has not`,
    );
  }
});

test('published figures by epoch are shares, rise in epochs, and end in the last one', () => {
  for (const [name, figures] of Object.entries(PUBLISHED)) {
    const { testAccuracy, trainAccuracy, testAccuracyByEpoch, trainAccuracyByEpoch } = figures;
    const { epochs: trained } = RECIPES[name as keyof typeof RECIPES].training;
    if (figures.epochs !== undefined)
      assert.equal(trained, figures.epochs, `${name} trains as long as its report`);
    for (const [last, byEpoch] of [
      [testAccuracy, testAccuracyByEpoch],
      [trainAccuracy, trainAccuracyByEpoch],
    ] as const) {
      if (!byEpoch) continue;
      const epochs = byEpoch.map(({ epoch }) => epoch);
      assert.deepEqual(
        epochs,
        [...new Set(epochs)].sort((a, b) => a - b),
        name,
      );
      assert.ok(
        byEpoch.every(({ accuracy }) => accuracy > 0 && accuracy < 1),
        name,
      );
      if (last !== undefined) {
        assert.deepEqual(byEpoch.at(-1), { epoch: figures.epochs, accuracy: last }, name);
      }
      assert.ok(epochs.at(-1)! <= trained, `${name} does not train so long`);
    }
  }
});

test('overrides reach the training and the model, and never the table', () => {
  const before = structuredClone(RECIPES);
  const { training, model } = resolveRecipe('speedrun', 1, [
    'epochs=3',
    'learningRate=2.5e-3',
    'schedule=constant',
    'firstFilters=8',
    'epochs=4',
  ]);
  assert.deepEqual(training, {
    ...RECIPES.speedrun.training,
    epochs: 4,
    learningRate: 0.0025,
    schedule: 'constant',
  });
  assert.deepEqual(model, { ...RECIPES.speedrun.model, firstFilters: 8 });
  assert.deepEqual(RECIPES, before);
});

test('an unknown recipe is refused by naming those there are', () => {
  for (const [name, shown] of [
    ['quick', '"quick"'],
    ['', '""'],
    ['toString', '"toString"'],
  ] as const) {
    assert.throws(() => resolveRecipe(name, 1), {
      name: 'TenfoldError',
      code: 'bad-usage',
      message: `Expected one of ${recipeNames().join(', ')} for the recipe, got ${shown} (string). \`tenfold recipes\` describes them.`,
    });
  }
});

test('an unknown key is refused by naming the keys of this recipe', () => {
  for (const [override, shown] of [
    ['rate=1', '"rate=1"'],
    ['epochs', '"epochs"'],
    ['=3', '"=3"'],
    ['constructor=1', '"constructor=1"'],
    ['filters=8', '"filters=8"'],
  ] as const) {
    assert.throws(() => resolveRecipe('speedrun', 1, [override]), {
      name: 'TenfoldError',
      code: 'bad-usage',
      message: `Expected key=value with one of the keys ${TRAINING_KEYS}, firstFilters, secondFilters, denseUnits, activation for a setting, got ${shown} (string). These are the settings of this recipe.`,
    });
  }
});

test('an optimiser brings the defaults of the settings that only it uses, and leaves those that were given', () => {
  const settingsOf = (...overrides: string[]) => {
    const { rho, epsilon, beta2, momentum } = resolveRecipe('fast', 1, overrides).training;
    return { rho, epsilon, beta2, momentum };
  };
  const own = settingsOf();
  assert.deepEqual(own, { rho: 0.9, epsilon: 1e-7, beta2: 0.99, momentum: 0.9 });
  assert.deepEqual(settingsOf('optimizer=adadelta'), { ...own, rho: 0.95 });
  assert.deepEqual(settingsOf('rho=0.8', 'optimizer=adadelta'), { ...own, rho: 0.8 });
  assert.deepEqual(settingsOf('optimizer=rmsprop'), own);
  assert.deepEqual(settingsOf('optimizer=adamw'), own, "the recipe's own beta2 stays, as Adam uses it too");
});

test('statistics of averaged weights are refused where none are averaged', () => {
  assert.throws(() => resolveRecipe('fast', 1, ['averageDecay=0', 'statisticsBatches=4']), {
    code: 'bad-usage',
    message:
      'Expected a share above 0 for averageDecay with 4 statisticsBatches, which are for averaged weights, got 0. Average weights by --set averageDecay=0.999, or leave statisticsBatches at 0.',
  });
});

test('patience without validation images is refused before anything is trained', () => {
  assert.throws(() => resolveRecipe('fast', 1, ['patience=3']), {
    name: 'TenfoldError',
    code: 'bad-usage',
    message:
      'Expected a number above 0 for validationImages with a patience of 3, which watches their loss, got 0. Set some aside by --set validationImages=5000, or leave patience at 0.',
  });
  assert.equal(resolveRecipe('fast', 1, ['patience=3', 'validationImages=10']).training.patience, 3);
});

test('settings that play no part in a recipe are known', () => {
  const { training } = resolveRecipe('conv-pairs-16x4', 1);
  assert.equal(whyUnused('beta1', training), 'not used by momentum');
  assert.equal(whyUnused('decayFactor', training), 'not used by the constant schedule');
  for (const key of ['momentum', 'learningRate', 'warmup', 'epochs', 'filters']) {
    assert.equal(whyUnused(key, training), undefined, key);
  }
  assert.equal(whyUnused('momentum', resolveRecipe('fast', 1).training), 'not used by adam');
});

const OPTIMIZER_NAMES = 'one of adam, adamw, sgd, momentum, nesterov, rmsprop, adadelta, adagrad';

const REFUSED: { override: string; expected: string; has: string | number }[] = [
  { override: 'epochs=many', expected: 'an integer from 1 to 1000', has: 1 },
  { override: 'epochs=1.5', expected: 'an integer from 1 to 1000', has: 1 },
  { override: 'epochs=0', expected: 'an integer from 1 to 1000', has: 1 },
  { override: 'epochs=', expected: 'an integer from 1 to 1000', has: 1 },
  { override: 'epochs= ', expected: 'an integer from 1 to 1000', has: 1 },
  { override: 'batchSize=10001', expected: 'an integer from 1 to 10000', has: 256 },
  { override: 'learningRate=0', expected: 'a number above 0', has: 0.01 },
  { override: 'learningRate=-1', expected: 'a number above 0', has: 0.01 },
  { override: 'learningRate=NaN', expected: 'a number above 0', has: 0.01 },
  { override: 'learningRate=Infinity', expected: 'a number above 0', has: 0.01 },
  { override: 'beta1=1', expected: 'a number from 0 to below 1', has: 0.7 },
  { override: 'warmup=-0.1', expected: 'a number from 0 to below 1', has: 0.3 },
  { override: 'optimizer=lion', expected: OPTIMIZER_NAMES, has: 'adam' },
  { override: 'optimizer=1', expected: OPTIMIZER_NAMES, has: 'adam' },
  {
    override: 'schedule=toString',
    expected: 'one of constant, step, exponential, cosine, one-cycle',
    has: 'one-cycle',
  },
  { override: 'decayFactor=0', expected: 'a number above 0, at most 1', has: 0.5 },
  { override: 'decayFactor=1.1', expected: 'a number above 0, at most 1', has: 0.5 },
  { override: 'decayEpochs=0', expected: 'a number above 0', has: 2 },
  { override: 'weightDecay=-1e-4', expected: 'a number from 0 up', has: 0 },
  { override: 'clipNorm=Infinity', expected: 'a number from 0 up', has: 0 },
  { override: 'averageDecay=1', expected: 'a number from 0 to below 1', has: 0 },
  { override: 'patience=1.5', expected: 'an integer from 0 to 1000', has: 0 },
  { override: 'shiftPixels=9', expected: 'an integer from 0 to 8', has: 0 },
  { override: 'rotateDegrees=181', expected: 'a number of degrees from 0 to 180', has: 0 },
  { override: 'zoomShare=-0.1', expected: 'a share from 0 to 0.5', has: 0 },
  { override: 'shearDegrees=46', expected: 'a number of degrees from 0 to 45', has: 0 },
  { override: 'flipProbability=1.1', expected: 'a probability from 0 to 1', has: 0 },
  { override: 'resizePixels=25', expected: 'an integer from 0 to 24', has: 0 },
  { override: 'resizePixels=2.5', expected: 'an integer from 0 to 24', has: 0 },
  { override: 'elasticPixels=101', expected: 'a number of pixels from 0 to 100', has: 0 },
  { override: 'elasticSigmaPixels=0', expected: 'a number of pixels from 1 to 10', has: 4 },
  { override: 'eraseProbability=NaN', expected: 'a probability from 0 to 1', has: 0 },
  { override: 'eraseShare=0.01', expected: 'a share from 0.02 to 0.8', has: 0.4 },
  { override: 'strokePixels=3.5', expected: 'a number of pixels from 0 to 3', has: 1.5 },
  { override: 'hollowProbability=2', expected: 'a probability from 0 to 1', has: 0 },
  { override: 'paperLevel=-1', expected: 'a share from 0 to 1', has: 0.6 },
  { override: 'lineCount=0', expected: 'an integer from 1 to 12', has: 4 },
  { override: 'fadeShare=0.5', expected: 'a share from 0 to 0.45', has: 0.35 },
  { override: 'scatterPixels=1.5', expected: 'an integer from 1 to 3', has: 2 },
  { override: 'smearPixels=15', expected: 'a number of pixels from 1 to 14', has: 8 },
  { override: 'blurPixels=0', expected: 'a number of pixels from 0.5 to 4', has: 1.5 },
  { override: 'speckShare=0.6', expected: 'a share from 0 to 0.5', has: 0.2 },
  { override: 'noiseDeviation=1', expected: 'a standard deviation from 0 to 0.5', has: 0.25 },
  { override: 'validationImages=30001', expected: 'an integer from 0 to 30000', has: 0 },
  { override: 'firstFilters=0', expected: 'an integer from 1 to 512', has: 24 },
];

for (const { override, expected, has } of REFUSED) {
  test(`--set ${override} is refused`, () => {
    const [key, text] = override.split('=');
    assert.throws(() => resolveRecipe('speedrun', 1, [override]), {
      name: 'TenfoldError',
      code: 'bad-usage',
      message: `Expected ${expected} for the setting ${key}, got "${text}" (string). The recipe has ${has}.`,
    });
  });
}
