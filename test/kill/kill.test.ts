import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { RUN_FILES } from '../../core/run.js';
import { readCheckpoint } from '../../train/checkpoint.js';
import { type RandomStream, randomStream } from '../../train/random.js';
import {
  type Ended,
  makeFolder,
  type Running,
  removeFolder,
  resultOf,
  start,
  tenfold,
} from '../cli/command-line.js';
import { outcomeOf } from '../cli/outcome.js';
import { tinyTraining, writeSmallData } from '../cli/small-data.js';
import { eventsOf } from '../train/tensorboard/read-events.js';

const KILLS = process.env.TENFOLD_NIGHTLY ? 20 : 3;
/** Draws the moments: another one every time, unless it is given to try the same moments again. */
const SEED = Number(process.env.TENFOLD_KILL_SEED ?? Date.now() % 2 ** 31);

/** Six epochs of 20 steps, so that saving comes often. */
const EPOCHS = 6;

let shared: string;
let train: string[];
let uninterrupted: ReturnType<typeof outcomeOf>;
let uninterruptedEvents: ReturnType<typeof eventsOf>;
let wholeMilliseconds: number;
/** Changes in the run folder from the beginning to the end. */
let wholeChanges: number;

before(async () => {
  shared = makeFolder();
  const data = await writeSmallData(join(shared, 'data'), { train: 1000, test: 300 });
  train = ['train', ...tinyTraining({ epochs: EPOCHS }), '--data', data, '--out', 'run', '--json'];
  const changes = watchChanges(join(shared, 'run'));
  const began = performance.now();
  await resultOf(train, shared);
  wholeMilliseconds = performance.now() - began;
  wholeChanges = changes.stop();
  uninterrupted = outcomeOf(join(shared, 'run'));
  uninterruptedEvents = eventsOf(join(shared, 'run'));
});
after(() => removeFolder(shared));

interface Moment {
  name: string;
  /** Waits for it, at most until `over`; the run goes on meanwhile in `run`. */
  come(run: string, over: AbortSignal): Promise<void>;
}

/** Changes until a new folder has its recipe and its tables. */
const FIRST_CHANGES = 8;
/** Within it no process has begun to train. */
const STARTING_MILLISECONDS = 300;

/** The kinds of moment, in turn; those of the folder's changes are too short to be met often by chance. */
const MOMENTS: ((stream: RandomStream) => Moment)[] = [
  (stream) => afterMilliseconds(stream.next() * wholeMilliseconds),
  (stream) => atChange(1 + stream.integer(FIRST_CHANGES), stream.next()),
  (stream) => atChange(1 + stream.integer(wholeChanges), stream.next()),
  (stream) => afterMilliseconds(stream.next() * STARTING_MILLISECONDS),
];

function afterMilliseconds(milliseconds: number): Moment {
  return { name: `${milliseconds.toFixed(1)} ms after its start`, come: () => delay(milliseconds) };
}

/** While files are being written: the first of them comes with the first change. */
function atChange(number: number, milliseconds: number): Moment {
  return {
    name: `${milliseconds.toFixed(2)} ms after change ${number} of its folder`,
    come: (run, over) =>
      new Promise((resolve) => {
        // A run may end with fewer changes, and who still watched its folder would never end.
        over.addEventListener('abort', () => changes.stop());
        const changes = watchChanges(run, (count) => {
          if (count < number) return;
          changes.stop();
          // A timer is too coarse for what takes a fraction of a millisecond.
          const until = performance.now() + milliseconds;
          while (performance.now() < until);
          resolve();
        });
      }),
  };
}

function watchChanges(run: string, tell: (count: number) => void = () => {}) {
  mkdirSync(run, { recursive: true });
  let count = 0;
  const watcher = watch(run, () => tell(++count));
  return {
    stop(): number {
      watcher.close();
      return count;
    },
  };
}

/** Kills the process at that moment; says how it ended. */
async function kill({ child, ended }: Running, moment: Moment, run: string): Promise<Ended> {
  const over = new AbortController();
  await Promise.race([moment.come(run, over.signal), ended]);
  over.abort();
  child.kill('SIGKILL');
  return ended;
}

/** What a kill left. */
async function describeRun(run: string): Promise<string> {
  const files = existsSync(run) ? readdirSync(run) : [];
  if (!files.includes(RUN_FILES.recipe)) return 'nothing was there yet';
  const half = files.filter((file) => file.endsWith('.partial'));
  const saved = files.includes(RUN_FILES.optimizer)
    ? `step ${(await readCheckpoint(join(run, RUN_FILES.optimizer))).step} was saved`
    : 'nothing was saved';
  return [saved, ...half.map((file) => `${file} was half-written`)].join(', ');
}

/** Goes on as a person would: with `--resume`, and anew only where that says that there is no run. */
async function goOn(folder: string): Promise<void> {
  const { status, stderr } = await tenfold([...train, '--resume'], folder);
  if (status === 0) return;
  assert.match(stderr, /^tenfold: Expected a run \(a folder with recipe\.json\) for --resume/m);
  assert.ok(!existsSync(join(folder, 'run', RUN_FILES.recipe)), stderr);
  const anew = await tenfold(train, folder);
  assert.equal(anew.status, 0, anew.stderr);
}

/** What was saved can be evaluated, or there is nothing yet. */
async function assertLoadable(folder: string): Promise<void> {
  const data = train[train.indexOf('--data') + 1]!;
  const { status, stderr } = await tenfold(['evaluate', 'run', '--data', data], folder);
  const isSaved = existsSync(join(folder, 'run', RUN_FILES.model));
  assert.equal(status, isSaved ? 0 : 2, stderr);
}

test('a run killed at any moment ends, resumed, with the bits of one that was not', async (context) => {
  console.log(`${KILLS} kills of a run of ${Math.round(wholeMilliseconds)} ms, TENFOLD_KILL_SEED=${SEED}`);
  let identical = 0;
  for (let kills = 0, attempt = 0; kills < KILLS; attempt++) {
    assert.ok(attempt < 3 * KILLS, 'runs end before they can be killed');
    const folder = makeFolder();
    context.after(() => removeFolder(folder));
    const run = join(folder, 'run');
    const moment = MOMENTS[attempt % MOMENTS.length]!(randomStream(SEED, 'kill', attempt));
    const { signal } = await kill(start(train, folder), moment, run);
    // A moment after its end is none.
    if (signal !== 'SIGKILL') continue;
    kills++;
    console.log(`kill ${kills}, ${moment.name}: ${await describeRun(run)}`);
    await assertLoadable(folder);
    await goOn(folder);
    assert.deepEqual(outcomeOf(run), uninterrupted, `after the kill ${moment.name}`);
    assert.deepEqual(eventsOf(run), uninterruptedEvents, `after the kill ${moment.name}`);
    identical++;
  }
  console.log(`${KILLS} kills, ${identical} identical endings`);
});
