import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { loadMnist } from '../../../train/dataset/mnist.js';
import { EXPERIMENTS, type ExperimentName } from '../../../train/experiments/experiments.js';
import { writeExperiments } from '../../../train/experiments/index.js';
import { RECIPE_GROUPS } from '../../../train/recipes/table.js';
import { hashOfData } from '../../../train/run-data.js';
import { SWEEPS } from '../../../train/sweeps/table.js';
import { type Recorded, writeRun } from './recorded-run.js';

let folder: string;
let count = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-experiments-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** A place of its own, and what writes the document there. */
function place() {
  const home = join(folder, String(count++));
  const [records, out] = [join(home, 'docs', 'records'), join(home, 'EXPERIMENTS.md')];
  return {
    home,
    records,
    run: (name: string, recorded: Recorded) => writeRun(join(home, 'runs', name), recorded),
    write: (runs: readonly string[] = []) => writeExperiments({ runs, records, out }),
    document: () => readFileSync(out, 'utf8'),
  };
}

/** The cells of the row that begins with a label, in the first table that has one. */
const rowOf = (document: string, label: string): string[] =>
  document
    .split('\n')
    .find((line) => line.startsWith(`| ${label} |`))!
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

const TEN = (last: number) => [...Array.from({ length: 9 }, () => 0.97), last];

describe('the document', () => {
  test('means and deviations over the seeds stand beside what was published', async () => {
    const { run, write, document } = place();
    const runs = await Promise.all(
      [0.986, 0.988, 0.987].map((last, index) =>
        run(`a${index}`, { recipe: 'bottleneck-32x2', seed: index + 1, accuracies: TEN(last) }),
      ),
    );
    const { added, records } = await write(runs);
    assert.equal(added.length, 3);
    assert.equal(records, 3);
    assert.deepEqual(rowOf(document(), 'group 1: 32 filters, 2 blocks'), [
      'group 1: 32 filters, 2 blocks',
      ...['1 to 3', '10', '98.70% ± 0.10', '98.61%', '+0.09'],
      ...['0.05000 ± 0.00000', '0.05896', '99.25% ± 0.00', '98.98%', '30.0 s'],
    ]);
    assert.match(document(), /`tenfold sweep groups-a --seeds 1\.\.3`/);
    assert.match(
      document(),
      /- 3 runs: A processor, 2 logical cores, Node 20\.0\.0, onnxruntime-node 1\.0\.0; onnxruntime on cpu, 1 thread a run/,
    );
  });

  test("a record has the whole run, but not where on somebody's machine it was", async () => {
    const { home, run, write, records } = place();
    const source = await run('mine', { recipe: 'bottleneck-32x2', seed: 4, accuracies: TEN(0.98) });
    await write([source]);
    const [own, kept] = [source, join(records, 'bottleneck-32x2-seed4')].map((place) =>
      JSON.parse(readFileSync(join(place, 'metrics.json'), 'utf8')),
    );
    assert.deepEqual(kept, { ...own, run: 'bottleneck-32x2-seed4' });
    assert.ok(!readFileSync(join(records, 'bottleneck-32x2-seed4', 'metrics.json'), 'utf8').includes(home));
  });

  test('a run that says that it is of MNIST is taken as one that does not say', async () => {
    const { run, write } = place();
    const dataSha256 = hashOfData(await loadMnist());
    const source = await run('a', { recipe: 'bottleneck-32x2', seed: 1, accuracies: TEN(0.98), dataSha256 });
    assert.equal((await write([source])).added.length, 1);
  });

  test('a recipe without a run is said to be none, and what is shortened to be so', async () => {
    const { run, write, document } = place();
    await write([
      await run('a', { recipe: 'bottleneck-32x2', seed: 1, accuracies: [0.9, 0.98], settings: ['epochs=2'] }),
    ]);
    assert.deepEqual(rowOf(document(), 'group 1: 32 filters, 2 blocks').slice(2), [
      ...[
        '2 of 10',
        '98.00%',
        '98.61% after 10',
        '0.05000',
        '0.05896 after 10',
        '99.25%',
        '98.98% after 10',
        '30.0 s',
      ],
    ]);
    const [header] = document().match(/^\| {2}\| seeds .*$/m)!;
    assert.doesNotMatch(header, /points/, 'figures of other epochs are not subtracted');
    assert.equal(rowOf(document(), 'group 3: 32 filters, 3 blocks')[2], 'not run');
  });

  test('where the report says it, the same epoch is compared', async () => {
    const { run, write, document } = place();
    const recorded = { recipe: 'conv-pairs-16x4', seed: 1, settings: ['epochs=2'] };
    await write([await run('c', { ...recorded, accuracies: [0.965, 0.985] })]);
    const part = document().slice(document().indexOf('Learning rate of the plain CNN'));
    assert.deepEqual(rowOf(part, 'rate 0.001').slice(2, 6), ['2 of 5', '98.50%', '98.00%', '+0.50']);
    const byEpoch = part.slice(part.indexOf('Test accuracy by epoch'));
    assert.deepEqual(rowOf(byEpoch, 'rate 0.001').slice(1), [
      ...['96.50% (97.00%)', '98.50% (98.00%)', '(98.00%)', '(99.00%)', '(99.00%)', '98.50%'],
    ]);
  });

  test('runs of different lengths are not averaged', async () => {
    const { run, write, document } = place();
    await write([
      await run('long', { recipe: 'bottleneck-64x2', seed: 1, accuracies: TEN(0.99) }),
      await run('short', { recipe: 'bottleneck-64x2', seed: 2, accuracies: [0.8], settings: ['epochs=1'] }),
    ]);
    const rows = document()
      .split('\n')
      .filter((line) => line.startsWith('| group 2: 64 filters, 2 blocks |'));
    assert.equal(rows.length, 2);
    assert.match(rows[0]!, /\| 1 \| 10 \| 99\.00% \|/);
    assert.match(rows[1]!, /\| 2 \| 1 of 10 \| 80\.00% \|/);
  });

  test('every plot that it shows is there, and no other', async () => {
    const { run, write, document, home, records } = place();
    const a = await run('a', { recipe: 'bottleneck-32x2', seed: 1, accuracies: TEN(0.986) });
    const b = await run('b', { recipe: 'basic-block-64x3', seed: 1, accuracies: TEN(0.99) });
    await write([a, b]);
    const shown = [...document().matchAll(/!\[.+?\]\((.+?)\)/g)].map(([, path]) => path!);
    assert.equal(shown.length, 1 + 1 + 4, 'accuracy and recall of A, the accuracy of four sweeps of B');
    for (const path of shown) assert.match(readFileSync(join(home, path), 'utf8'), /^<svg /);
    await rm(join(records, 'basic-block-64x3-seed1'), { recursive: true });
    await write();
    const plots = readdirSync(records).filter((name) => name.endsWith('.svg'));
    assert.deepEqual(plots.sort(), ['groups-a-accuracy-test.svg', 'groups-a-recall.svg']);
  });

  test('a drawing of somebody else beside the records stays', async () => {
    const { records, run, write } = place();
    mkdirSync(records, { recursive: true });
    for (const name of ['mine.svg', 'groups-a-recall.svg']) writeFileSync(join(records, name), '<svg/>');
    await write([await run('own', { recipe: 'speedrun', seed: 1, accuracies: [0.99] })]);
    const left = readdirSync(records);
    assert.deepEqual([left.includes('mine.svg'), left.includes('groups-a-recall.svg')], [true, false]);
  });

  test('the records alone give the same document', async () => {
    const { run, write, document, home } = place();
    await write([await run('a', { recipe: 'bottleneck-32x3', seed: 4, accuracies: TEN(0.986) })]);
    const first = document();
    await rm(join(home, 'runs'), { recursive: true });
    await write();
    assert.equal(document(), first);
  });
});

describe('a run is refused, and nothing is kept of it,', () => {
  const refused = async (recorded: Recorded, message: RegExp) => {
    const { run, write, records } = place();
    await assert.rejects(write([await run('x', recorded)]), { code: 'bad-input', message });
    assert.ok(!existsSync(records));
  };
  const whole = { recipe: 'bottleneck-32x2', seed: 1, accuracies: TEN(0.98) };

  test('of no experiment', () =>
    refused({ ...whole, recipe: 'flagship-teacher' }, /the recipe flagship-teacher/));
  test('of other settings', () => refused({ ...whole, settings: ['learningRate=0.5'] }, /learningRate 0\.5/));
  test('of other data', () => refused({ ...whole, dataSha256: 'f'.repeat(64) }, /data of the hash ffff/));
  test('without its machine', () =>
    refused({ ...whole, changes: { machine: undefined as never } }, /on what machine/));
  test('that ended within an epoch', () => refused({ ...whole, changes: { epochs: 9 } }, /9 whole epochs/));
  test('nor of those beside it', async () => {
    const { run, write, records } = place();
    const good = await run('good', whole);
    const bad = await run('bad', { ...whole, changes: { epochs: 9 } });
    await assert.rejects(write([good, bad]), { code: 'bad-input', message: /9 whole epochs/ });
    assert.ok(!existsSync(records));
  });
  test('of the recipe and seed of one beside it', async () => {
    const { run, write, records } = place();
    const runs = [await run('one', whole), await run('two', whole)];
    await assert.rejects(write(runs), { code: 'bad-input', message: /one run of a recipe and seed/ });
    assert.ok(!existsSync(records));
  });
  test('shorter than the one that there is', async () => {
    const { run, write, records } = place();
    await write([await run('long', whole)]);
    const short = await run('short', { ...whole, accuracies: [0.9], settings: ['epochs=1'] });
    await assert.rejects(write([short]), { code: 'bad-input', message: /at least the 10 epochs/ });
    assert.match(readFileSync(join(records, 'bottleneck-32x2-seed1', 'epochs.csv'), 'utf8'), /^10,/m);
  });
});

test('where there are no records and no runs, the document that is there stays', async () => {
  const { home, records, write } = place();
  const written = join(home, 'EXPERIMENTS.md');
  mkdirSync(home, { recursive: true });
  writeFileSync(written, '# Mine\n');
  await assert.rejects(write(), { code: 'not-found', message: /Expected records of runs for .*, got none/ });
  assert.equal(readFileSync(written, 'utf8'), '# Mine\n');
  assert.ok(!existsSync(records));
});

test('every sweep is in its experiment, and each of its points is a recipe of it', () => {
  const named = Object.values(EXPERIMENTS).flatMap(({ sweeps }) => sweeps);
  assert.deepEqual([...named].sort(), Object.keys(SWEEPS).sort());
  for (const name of Object.keys(EXPERIMENTS) as ExperimentName[]) {
    const recipes: readonly string[] = RECIPE_GROUPS[name].recipes;
    for (const sweep of EXPERIMENTS[name].sweeps) {
      for (const { recipe } of SWEEPS[sweep].points)
        assert.ok(recipes.includes(recipe), `${sweep}: ${recipe}`);
    }
  }
});
