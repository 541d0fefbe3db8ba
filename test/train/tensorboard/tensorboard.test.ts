import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import sharp from 'sharp';
import type { Mnist } from '../../../train/dataset/mnist.js';
import { buildModel } from '../../../train/models/architectures.js';
import { graphNodes } from '../../../train/tensorboard/graph.js';
import {
  BATCH_SIZE,
  readRun,
  rowsOf,
  runTraining,
  STEPS_PER_EPOCH,
  smallMnist,
  smallRecipe,
  temporaryFolder,
} from '../fit/small-run.js';
import { NO_TENSORBOARD, pythonWithTensorboard, readByTensorboard } from './real-tensorboard.js';

let mnist: Mnist;
before(async () => {
  mnist = await smallMnist();
});

const recipe = smallRecipe(1, `validationImages=${BATCH_SIZE}`);
const STEPS = STEPS_PER_EPOCH - 1;
const float32 = (text: string | undefined) => Math.fround(Number(text));

test('TensorBoard reads the numbers, the pictures and the network of a run that was killed and gone on with', {
  skip: pythonWithTensorboard === undefined && NO_TENSORBOARD,
}, async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, recipe }, (event) => event.type === 'step' && event.epoch === 2);
  await runTraining({ mnist, folder, recipe, resume: true });
  const {
    train,
    validation,
    test: tested,
    ...others
  } = readByTensorboard(pythonWithTensorboard!, `${folder}/tensorboard`);
  assert.deepEqual(others, {});

  const losses = rowsOf(await readRun(folder, 'losses'));
  assert.deepEqual(
    train!.scalars['step/loss'],
    losses.map(([loss], index) => [index + 1, float32(loss)]),
  );
  const epochs = rowsOf(await readRun(folder, 'epochs'));
  const ofEpochs = (column: number) => epochs.map((row) => [Number(row[0]) * STEPS, float32(row[column])]);
  assert.deepEqual(train!.scalars['epoch/loss'], ofEpochs(1));
  assert.deepEqual(train!.scalars['epoch/accuracy'], ofEpochs(2));
  assert.deepEqual(validation!.scalars, { 'epoch/loss': ofEpochs(3), 'epoch/accuracy': ofEpochs(4) });
  const { test: measured } = JSON.parse(await readRun(folder, 'metrics'));
  assert.deepEqual(tested!.scalars, {
    'epoch/loss': [[losses.length, Math.fround(measured.loss)]],
    'epoch/accuracy': [[losses.length, Math.fround(measured.accuracy)]],
  });

  const predictions = rowsOf(await readRun(folder, 'predictions'));
  const tags = Object.keys(tested!.images);
  assert.ok(tags.length > 10, tags.join('\n'));
  for (const tag of tags) {
    const [, label, digit, image] = /^(?:right|wrong)\/\d\d (\d) read as (\d), [\d.]+%, image (\d+)$/.exec(
      tag,
    )!;
    assert.deepEqual([label, digit], predictions[Number(image)]!.slice(0, 2), tag);
    const [[step, width, height, png]] = tested!.images[tag] as [[number, number, number, string]];
    assert.deepEqual([step, width, height], [losses.length, 112, 112]);
    const { data, info } = await sharp(Buffer.from(png, 'base64'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const centre = Math.floor(112 * 56 + 56) * info.channels;
    assert.equal(data[centre], mnist.test.images[784 * Number(image) + 28 * 14 + 14], tag);
  }

  const model = buildModel(recipe.architecture, recipe.model as never, recipe.seed);
  const expected = graphNodes(model);
  model.dispose();
  assert.deepEqual(
    train!.graph!.map(({ name, op, input, shape }) => ({ name, op, input, shape })),
    expected.map(({ name, op, inputs, shape }) => ({
      name,
      op,
      input: inputs,
      shape: shape.map((size) => size ?? -1),
    })),
  );
  const convolution = train!.graph!.findIndex(({ op }) => op === 'Conv2D');
  assert.deepEqual(train!.graph![convolution]!.attributes, expected[convolution]!.attributes);
});
