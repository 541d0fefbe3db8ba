import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reproducingCommands } from '../../cli/card/commands.js';
import { someFigures } from '../export/figures.js';

const { run, seeds } = someFigures();

test('the commands of a card have what the training was made with, and paths of the repository alone', () => {
  const training = { run: run!, seeds, settings: ['epochs=12', 'filters=8'] };
  const rest = '--set epochs=12 --set filters=8 --teacher runs/teacher-seed1 --threads 2';
  const made = { training, precisions: ['fp16', 'int8'], images: null };
  assert.deepEqual(reproducingCommands('/home/me/tenfold/models/default', made), [
    `node bin/tenfold.js train --recipe flagship --seed 3 ${rest}`,
    `node bin/tenfold.js train --recipe flagship --seeds 4 ${rest}`,
    'node bin/tenfold.js export runs/flagship-seed3 --out models/default',
    'node bin/tenfold.js export models/default --precision fp16,int8',
    'node bin/tenfold.js fit-pieces models/default && npm run build',
    'node bin/tenfold.js card models/default --run runs/flagship-seed3 --seeds runs/flagship-seed4',
  ]);
});

test('pieces of numbers are fitted to the model that comes with the package alone', () => {
  const made = { training: { run: run!, seeds, settings: [] }, precisions: [], images: null };
  const commands = reproducingCommands('/tmp/bundles/mine', made);
  assert.ok(!commands.some((command) => command.includes('fit-pieces')));
});

test('without a run there is only the card to be made', () => {
  const commands = reproducingCommands('/tmp/bundles/mine', { training: null, precisions: [], images: 50 });
  assert.deepEqual(commands, ['node bin/tenfold.js card bundles/mine --images 50']);
});
