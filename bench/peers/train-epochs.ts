import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selectBackend } from '../../train/backend.js';
import { loadMnist, selectImages } from '../../train/dataset/mnist.js';
import { resolveRecipe } from '../../train/recipes/resolve.js';
import { train } from '../../train/train.js';

/**
 * A whole training as a process of its own, as `tenfold train` does it: `train-epochs.js --network NAME --epochs N --threads N`.
 * Evaluates 1,000 validation images and saves the run every epoch, into a folder that is gone at the end. Prints the
 * resident memory of each epoch as a line of JSON, `{"epoch", "bytes"}`: the highest after any of its steps, its evaluation and its
 * saving. A single reading would depend on how many steps' old weights then wait for the garbage collector.
 */

/** In an epoch; a last, smaller batch comes after them, which has a structure of its own. */
const WHOLE_BATCHES = 80;
const VALIDATION_IMAGES = 1000;

const { values } = parseArgs({
  options: { network: { type: 'string' }, epochs: { type: 'string' }, threads: { type: 'string' } },
});
const settings = [`epochs=${values.epochs}`, `validationImages=${VALIDATION_IMAGES}`];
const recipe = resolveRecipe(values.network!, 1, settings);
const mnist = await loadMnist();
const count = Math.floor((WHOLE_BATCHES + 0.5) * recipe.training.batchSize) + VALIDATION_IMAGES;
const rows = Uint32Array.from({ length: count }, (_, row) => row);

const parent = mkdtempSync(join(tmpdir(), 'tenfold-memory-'));
process.once('exit', () => rmSync(parent, { recursive: true, force: true }));
const events = train({
  recipe,
  engine: await selectBackend('onnxruntime', 'cpu', { threads: Number(values.threads) }),
  mnist: { train: selectImages(mnist.train, rows), test: mnist.test },
  folder: join(parent, 'run'),
  resume: false,
  evaluateEvery: 'end',
  maxSteps: Number.POSITIVE_INFINITY,
});
let highest = 0;
for await (const event of events) {
  highest = Math.max(highest, process.memoryUsage.rss());
  if (event.type !== 'saved') continue;
  console.log(JSON.stringify({ epoch: event.epoch, bytes: highest }));
  highest = 0;
}
