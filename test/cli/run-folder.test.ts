import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import express from 'express';
import { INPUT_LENGTH } from '../../core/image.js';
import { RUN_FILES } from '../../core/run.js';
import { parsePredictions } from '../../export/source.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';
import {
  assertRefused,
  contentsOf,
  makeFolder,
  removeFolder,
  resultOf,
  temporaryFolder,
  tenfold,
} from './command-line.js';
import { TINY_TRAINING, writeSmallData } from './small-data.js';

let shared: string;
/** A finished run of three epochs; `train` is the command that made it but for its folder. */
let finished: string;
let train: string[];

before(async () => {
  shared = makeFolder();
  const data = await writeSmallData(join(shared, 'data'), { train: 2000, test: 300 });
  train = ['train', ...TINY_TRAINING, '--data', data];
  finished = join(shared, 'finished');
  await resultOf([...train, '--out', 'finished'], shared);
});
after(() => removeFolder(shared));

interface Refusal {
  /** Prepares `run` in the test's folder, which begins as a copy of the finished one. */
  damage(run: string): void;
  args: string[];
  message: RegExp;
}

const remove = (file: string) => (run: string) => rmSync(join(run, file));
const resume = ['--resume', '--out', 'run'];

const REFUSALS: Record<string, Refusal> = {
  'training into a run that is there': {
    damage: () => {},
    args: ['--out', 'run'],
    message: /Expected a folder without a run for --out, got run\. Name another folder, or .* --resume/,
  },
  'resuming nothing': {
    damage: (run) => rmSync(run, { recursive: true }),
    args: resume,
    message: /Expected a run \(a folder with recipe\.json\) for --resume, got run\. Start it without/,
  },
  'resuming a finished run whose checkpoint is gone': {
    damage: remove(RUN_FILES.optimizer),
    args: resume,
    message: /Expected a finished run with its optimizer\.bin for --resume, got run\. Start it anew/,
  },
  'resuming where no run was named or made': {
    damage: (run) => rmSync(run, { recursive: true }),
    args: ['--resume'],
    message: /Expected a run .*, got runs\/bottleneck-32x2-seed1\./,
  },
  'resuming from a checkpoint that is cut off': {
    damage: (run) => truncateSync(join(run, RUN_FILES.optimizer), 20_000),
    args: resume,
    message: /Expected \d+ bytes for run\/optimizer\.bin, got 20000 bytes\. The run cannot be resumed/,
  },
  'resuming from a checkpoint cut off within its header': {
    damage: (run) => truncateSync(join(run, RUN_FILES.optimizer), 100),
    args: resume,
    message: /for run\/optimizer\.bin, got .*The run cannot be resumed/,
  },
  'resuming from an empty checkpoint': {
    damage: (run) => truncateSync(join(run, RUN_FILES.optimizer), 0),
    args: resume,
    message: /Expected "tenfold checkpoint 1" for run\/optimizer\.bin, got ""/,
  },
  'resuming from another file': {
    damage: (run) => writeFileSync(join(run, RUN_FILES.optimizer), 'these are not the bytes of a checkpoint'),
    args: resume,
    message: /Expected "tenfold checkpoint 1" for run\/optimizer\.bin, got "these are/,
  },
};

describe('a run folder that cannot be trained into is refused, and stays as it is', {
  concurrency: 2,
}, () => {
  for (const [name, { damage, args, message }] of Object.entries(REFUSALS)) {
    test(name, async (context) => {
      const folder = temporaryFolder(context);
      cpSync(finished, join(folder, 'run'), { recursive: true });
      damage(join(folder, 'run'));
      const before = contentsOf(folder);
      assertRefused(await tenfold([...train, ...args], folder), 2, message);
      assert.deepEqual(contentsOf(folder), before);
    });
  }
});

describe('what has no finished run is neither exported nor evaluated', { concurrency: 2 }, () => {
  const data = () => ['--data', join(shared, 'data')];
  const cases: Record<
    string,
    { damage(run: string): void; command: 'export' | 'evaluate'; message: RegExp }
  > = {
    'exporting a folder without a run': {
      damage: (run) => rmSync(run, { recursive: true }),
      command: 'export',
      message: /Expected a readable file run for run, got ENOENT\. Pass a finished run folder/,
    },
    'exporting a run without its weights': {
      damage: remove(RUN_FILES.weights),
      command: 'export',
      message: /Expected a readable file run\/weights\.bin for run, got ENOENT/,
    },
    'exporting a run that was not measured': {
      damage: remove(RUN_FILES.metrics),
      command: 'export',
      message: /Expected a readable file run\/metrics\.json for run, got ENOENT/,
    },
    'exporting weights that are cut off': {
      damage: (run) => truncateSync(join(run, RUN_FILES.weights), 1000),
      command: 'export',
      message:
        /Expected \d+ bytes for the \d+ weights in weights\.bin, got 1000 bytes\. The file was cut off/,
    },
    'evaluating a folder without a run': {
      damage: (run) => rmSync(run, { recursive: true }),
      command: 'evaluate',
      message: /Expected the folder of a run or of a bundle for run, got nothing of that name/,
    },
    'evaluating weights that are cut off': {
      damage: (run) => truncateSync(join(run, RUN_FILES.weights), 1000),
      command: 'evaluate',
      message: /Expected \d+ bytes for the \d+ weights in weights\.bin, got 1000 bytes/,
    },
  };
  for (const [name, { damage, command, message }] of Object.entries(cases)) {
    test(name, async (context) => {
      const folder = temporaryFolder(context);
      cpSync(finished, join(folder, 'run'), { recursive: true });
      damage(join(folder, 'run'));
      const before = contentsOf(folder);
      assertRefused(await tenfold([command, 'run', ...data()], folder), 2, message);
      assert.deepEqual(contentsOf(folder), before);
    });
  }
});

test('of a run that is not there nobody is told that it goes on', async (context) => {
  const { status, stdout } = await tenfold(
    ['train', '--resume', '--out', 'run', '--data', join(shared, 'data')],
    temporaryFolder(context),
  );
  assert.deepEqual([status, stdout], [2, '']);
});

test('any TensorFlow.js program loads the run and gives the digits that it recorded', async (context) => {
  const server = express().use(express.static(finished)).listen(0, '127.0.0.1');
  context.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const model = await loadLayersModel(`http://127.0.0.1:${port}/${RUN_FILES.model}`);
  const { images } = await loadMnistSplit('test', { directory: join(shared, 'data') });
  const input = tf.tensor4d(Float32Array.from(images.subarray(0, 100 * INPUT_LENGTH)), [100, 28, 28, 1]);
  const digits = tf.argMax(model.predict(tf.div(input, 255)) as tf.Tensor, 1).dataSync();
  const recorded = parsePredictions(readFileSync(join(finished, RUN_FILES.predictions), 'utf8'));
  assert.deepEqual([...digits], [...recorded.digits.subarray(0, 100)]);
});
