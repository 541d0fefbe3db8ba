import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { packScorer } from '../../../core/stored-scorer.js';
import { UNCALIBRATED } from '../../../export/calibrate.js';
import { selectBackend } from '../../../train/backend.js';
import { loadMnistSplit, selectImages } from '../../../train/dataset/mnist.js';
import { type FittedPieces, fitPieces } from '../../../train/pieces/index.js';
import { type LineKind, writeLine } from '../../../train/pieces/written-line.js';
import { nearestNeighbour } from '../nearest-neighbour.js';

const all = await loadMnistSplit('train');
const digits = selectImages(
  all,
  Uint32Array.from({ length: 60 }, (_, row) => row),
);

before(() => selectBackend('onnxruntime', 'cpu', { threads: 1 }));

/** As many lines to fit to what reads views as what weighs pieces, and as often. */
async function fit(
  seed: number,
  epochs: number,
  lines: number,
): Promise<{ fitted: FittedPieces; means: number[]; entropies: number[] }> {
  const means: number[] = [];
  const entropies: number[] = [];
  const fitted = await fitPieces({
    runner: nearestNeighbour(digits),
    calibration: UNCALIBRATED,
    digits: { fit: digits, validation: digits },
    lines: { views: lines, fit: lines, validation: 4 },
    epochs: { views: epochs, fit: epochs },
    seed,
    before: null,
    view: null,
    say: (line) => {
      const found = /log-likelihood of a line (\S+)$/.exec(line);
      if (found) means.push(Number(found[1]));
      const entropy = /cross-entropy of a view (\S+)$/.exec(line);
      if (entropy) entropies.push(Number(entropy[1]));
    },
  });
  return { fitted, means, entropies };
}

const bundle = { name: 'a test', modelSha256: '0'.repeat(64) };

test('the epochs make what is read of views surer and the lines likelier, and digits that stand apart are read', async () => {
  const { fitted, means, entropies } = await fit(1, 20, 40);
  assert.equal(means.length, 20);
  assert.ok(means.every((mean) => mean < 0) && means.at(-1)! > means[0]! / 2, `${means}`);
  assert.equal(entropies.length, 20);
  assert.ok(entropies.at(-1)! < entropies[0]! / 2, `${entropies}`);
  const apart = fitted.validation.find(({ kind }) => kind === 'gap 20');
  assert.ok(apart && apart.after >= 0.75, JSON.stringify(fitted.validation));
});

test('the same seed gives the same weights to the bit, another seed others', async () => {
  const [once, again, other] = [await fit(1, 1, 6), await fit(1, 1, 6), await fit(2, 1, 6)];
  const stored = ({ fitted }: typeof once) => JSON.stringify(packScorer(fitted.scorer, bundle));
  assert.equal(stored(again), stored(once));
  assert.notEqual(stored(other), stored(once));
});

test('a written line says what its digits are, as far apart as its kind says, and differs from every other', () => {
  const kind: LineKind = {
    digits: { least: 3, most: 5 },
    gap: { least: 6, most: 9 },
    scale: { least: 1, most: 1 },
    varied: false,
  };
  const at = (stream: string, index: number) => writeLine(all, kind, { seed: 1, stream, index });
  for (let index = 0; index < 20; index++) {
    const { picture, digits: said } = at('a', index);
    assert.ok(said.length >= 3 && said.length <= 5);
    const columns = Array.from({ length: picture.width }, (_, x) =>
      Array.from({ length: picture.height }, (_, y) => picture.data[4 * (y * picture.width + x)]!).every(
        (level) => level === 255,
      ),
    );
    const gaps =
      columns
        .map((white) => (white ? ' ' : 'x'))
        .join('')
        .trim()
        .match(/ {6,}/g) ?? [];
    assert.equal(gaps.length, said.length - 1);
    assert.ok(gaps.every(({ length }) => length <= 9));
  }
  assert.deepEqual(at('a', 1), at('a', 1));
  assert.notDeepEqual(at('a', 1), at('a', 2));
  assert.notDeepEqual(at('a', 1), at('b', 1));
});
