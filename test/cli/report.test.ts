import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RUN_FILES } from '../../core/run.js';
import { assertRefused, contentsOf, makeFolder, removeFolder, resultOf, tenfold } from './command-line.js';
import { TINY_TRAINING, writeSmallData } from './small-data.js';

let folder: string;
before(async () => {
  folder = makeFolder();
  await writeSmallData(join(folder, 'data'), { train: 200, test: 100 });
  await resultOf(['train', ...TINY_TRAINING, '--data', 'data', '--out', 'whole'], folder);
});
after(() => removeFolder(folder));

/** A copy of the finished run, spoilt. */
function spoilt(name: string, spoil: (copy: string) => void): string {
  const copy = join(folder, name);
  cpSync(join(folder, 'whole'), copy, { recursive: true });
  spoil(copy);
  return name;
}

test('a run gets its report beside it, which a program is told where to find; the run can still be read and resumed', async () => {
  spoilt('own', () => {});
  const { html, plots } = await resultOf<{ html: string; plots: string[] }>(
    ['report', 'own', '--data', 'data'],
    folder,
  );
  assert.equal(html, join('own', 'report.html'));
  assert.ok(readFileSync(join(folder, html), 'utf8').startsWith('<!DOCTYPE html>'));
  assert.ok(
    plots.includes(join('own', 'plots', 'loss.svg')) && plots.includes(join('own', 'plots', 'loss.png')),
  );
  assert.deepEqual(
    plots.filter((plot) => !existsSync(join(folder, plot))),
    [],
  );
  const resumed = await tenfold(['train', '--resume', '--out', 'own', '--data', 'data'], folder);
  assert.equal(resumed.status, 0, resumed.stderr);
});

test('several runs are compared in report/, or where --out says', async () => {
  const others = ['whole', spoilt('copy', () => {})];
  const usual = await resultOf<{ html: string }>(['report', ...others, '--data', 'data'], folder);
  assert.equal(usual.html, join('report', 'report.html'));
  const named = await resultOf<{ html: string }>(
    ['report', ...others, '--data', 'data', '--out', 'a/b', '--title', 'Two'],
    folder,
  );
  assert.equal(named.html, join('a', 'b', 'report.html'));
  assert.match(readFileSync(join(folder, named.html), 'utf8'), /<h1>Two<\/h1>/);
});

const REFUSED: [what: string, make: () => string[], message: RegExp][] = [
  ['no run at all', () => [], /Expected one run folder or more for the arguments, got none/],
  ['a folder that is not there', () => ['nowhere'], /Expected a run .+ for nowhere, got no such folder/],
  [
    'a folder that is no run',
    () => ['data'],
    /Expected a run \(a folder with recipe\.json\) for data, got a folder that holds t10k-images-idx3-ubyte, .+\. Name/,
  ],
  [
    'an empty folder',
    () => {
      mkdirSync(join(folder, 'empty'), { recursive: true });
      return ['empty'];
    },
    /for empty, got an empty folder/,
  ],
  ['a file', () => [join('whole', RUN_FILES.recipe)], /Expected a run .+recipe\.json, got .*ENOTDIR/],
  [
    'a run that is not finished',
    () => [spoilt('unfinished', (copy) => rmSync(join(copy, RUN_FILES.metrics)))],
    /Expected a finished run \(with metrics\.json\) for unfinished, got one with 3 of 3 epochs and a saved network\. Go on with it by `tenfold train --resume --out unfinished`/,
  ],
  [
    'losses that were cut off',
    () => [spoilt('cut', (copy) => truncateSync(join(copy, RUN_FILES.losses), 60))],
    /Expected .+ for line \d+ of cut\/losses\.csv, got/,
  ],
  [
    'a torn line of epochs',
    () => [spoilt('torn', (copy) => appendFileSync(join(copy, RUN_FILES.epochs), '4,0.1\n'))],
    /Expected \d+ cells .+ for line 5 of torn\/epochs\.csv, got "4,0\.1"/,
  ],
  [
    'a recipe that is no JSON, without which nothing can go on,',
    () => [spoilt('recipeless', (copy) => truncateSync(join(copy, RUN_FILES.recipe), 30))],
    /Expected JSON for recipeless\/recipe\.json, got .*: train the run anew\.$/,
  ],
  [
    'metrics that are no JSON',
    () => [spoilt('half', (copy) => truncateSync(join(copy, RUN_FILES.metrics), 30))],
    /Expected JSON for half\/metrics\.json/,
  ],
  [
    'metrics of something else',
    () => [spoilt('else', (copy) => writeFileSync(join(copy, RUN_FILES.metrics), '{"loss": 1}'))],
    /Expected the results of a run .+ for else\/metrics\.json, got one with loss/,
  ],
  [
    'predictions that are no digits',
    () => [
      spoilt('digits', (copy) =>
        writeFileSync(join(copy, RUN_FILES.predictions), 'Label,Prediction,Confidence\n7,7,1\n7,12,1\n'),
      ),
    ],
    /Expected label and prediction from 0 to 9 for line 3 of digits\/predictions\.csv, got 7,12/,
  ],
];

for (const [what, make, message] of REFUSED) {
  test(`${what} is refused in words, and nothing is written`, async () => {
    const runs = make();
    const before = contentsOf(folder);
    assertRefused(await tenfold(['report', ...runs, '--data', 'data'], folder), 2, message);
    if (runs.length > 0) {
      const besides = ['report', 'whole', ...runs, '--data', 'data', '--out', 'compared'];
      assertRefused(await tenfold(besides, folder), 2, message);
    }
    assert.deepEqual(contentsOf(folder), before);
  });
}

test('a place that cannot be written is said, and nothing stays of the report', async () => {
  writeFileSync(join(folder, 'file'), '');
  const before = contentsOf(folder);
  const ended = await tenfold(['report', 'whole', '--data', 'data', '--out', 'file/below'], folder);
  assertRefused(
    ended,
    1,
    /Expected a place that can be written for file\/below\/report\.html, got a file where a folder/,
  );
  assert.deepEqual(contentsOf(folder), before);
});
