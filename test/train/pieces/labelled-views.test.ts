import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';
import { type LabelledView, labelViews } from '../../../train/pieces/labelled-views.js';
import { type LineKind, writeLine } from '../../../train/pieces/written-line.js';
import { randomStream } from '../../../train/random.js';

const digits = await loadMnistSplit('train');
const kindOf = (gap: number, scale: number): LineKind => ({
  digits: { least: 4, most: 4 },
  gap: { least: gap, most: gap },
  scale: { least: scale, most: scale },
  varied: false,
});

function labelled(kind: LineKind, index: number): { line: number[]; views: LabelledView[] } {
  const written = writeLine(digits, kind, { seed: 1, stream: 'a test', index });
  const line = written.digits.map(({ label }) => label);
  return { line, views: labelViews(written, randomStream(1, 'a test', index)) };
}

test('of digits that stand apart each is shown whole; the rest is less', () => {
  for (const scale of [1, 1.7]) {
    for (let index = 0; index < 10; index++) {
      const { line, views } = labelled(kindOf(20, scale), index);
      const whole = views.filter(({ share }) => share === 1);
      for (const { view } of whole) {
        const own = view.filter((_, at) => at % 2 === 0).reduce((sum, level) => sum + level, 0);
        assert.ok(own > 20 * 255, `${own} of ink`);
      }
      const labels = whole.map(({ label }) => label);
      for (const digit of line) {
        assert.ok(labels.includes(digit), `${digit} of ${line} at ${scale}: ${labels}`);
      }
      assert.ok(labels.every((label) => line.includes(label)));
    }
  }
});

test('where digits touch some pieces are none, some are a digit in part, and digits are those of the line', () => {
  const shares: number[] = [];
  for (let index = 0; index < 10; index++) {
    const { line, views } = labelled(kindOf(-2, 1), index);
    for (const { label, share } of views) {
      if (share > 0) assert.ok(line.includes(label), `${label} in ${line}`);
      shares.push(share);
    }
  }
  const count = (where: (share: number) => boolean) => shares.filter(where).length;
  assert.ok(count((share) => share === 1) >= 30, 'nearly all of forty digits');
  assert.ok(
    count((share) => share === 0) >= 40 && count((share) => share > 0 && share < 1) >= 5,
    `${shares}`,
  );
});

test('the same line and stream give the same views', () => {
  assert.deepEqual(labelled(kindOf(-1, 1), 3), labelled(kindOf(-1, 1), 3));
});
