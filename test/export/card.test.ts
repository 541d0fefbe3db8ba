import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TenfoldError } from '../../core/errors.js';
import { checkFigures, type Figures } from '../../core/figures.js';
import { duration, plain, table, words } from '../../export/card/markdown.js';
import { measuredCard } from '../../export/card/measured-card.js';
import { someFigures, someManifest, someVariants, suite } from './figures.js';

/** The cells of a table's row as GitHub's Markdown has them: a stroke ends a cell unless a backslash stands before it. */
const cellsOf = (row: string): string[] =>
  row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

const rowsOf = (markdown: string): string[] => markdown.split('\n').filter((line) => line.startsWith('|'));

describe('Markdown', () => {
  const awkward = fc.string({ unit: fc.constantFrom('|', '\\', '\n', '`', '*', '_', ' ', 'a') });

  test('whatever a cell holds, a row has as many cells as the table columns', () => {
    fc.assert(
      fc.property(fc.array(awkward, { minLength: 1, maxLength: 4 }), (texts) => {
        const made = table(words(...texts.map(() => 'x')), [texts.map(plain)]).split('\n');
        assert.equal(made.length, 3);
        assert.equal(cellsOf(made[2]!).length, texts.length);
      }),
    );
  });

  test('characters that Markdown reads are shown as they are', () => {
    assert.equal(plain('a|b *c* <d> [e](f) `g`\nh'), 'a\\|b \\*c\\* \\<d\\> \\[e\\](f) \\`g\\` h');
    assert.equal(plain('shot_noise _x_'), 'shot_noise \\_x\\_');
  });

  test('durations', () => {
    assert.deepEqual([59, 600, 25_500].map(duration), ['59 s', '10 min', '7 h 05 min']);
  });
});

describe('the model card', () => {
  const card = measuredCard(someManifest, someFigures());

  test('has every figure, with the number of pictures', () => {
    for (const row of [
      '| Test accuracy | 99.69% | 10,000 test digits of MNIST |',
      '| Mean of the seeds | 99.69% ± 0.01 | 2 trainings, seeds 3, 4 |',
      '| Calibration error | 0.13% | 10,000 test digits, 15 bins |',
      '| Test digits refused | 0.27% | 10,000 test digits |',
      '| Accuracy | 99.69%: 31 of 10,000 images read wrong |',
      '| Calibration error, 15 bins | 0.13%; 3.39% at temperature 1 |',
      '| Refused | 0.27%: 27 of 10,000 images, 18 of them read right and 9 wrong |',
      '| Title of fog | ✗\u00a081.23% | 85% | 1.25% | 10,000 | what fog is |',
      '| Title of letters | 97.50% | 90% | ✗\u00a00.9712 | 0.98 | 1,000 | what letters is |',
      '| Title of gap2 | 98.76% | 90% | 1.25% | 1,000 | what gap2 is |',
      '| 3 | 99.68% | 0.01200 | 99.55% | 7 h 05 min |',
      '| Length | 12 epochs, 5,160 steps, 7 h 05 min of training steps |',
      '| Machine | Some \\| Processor, 2 logical cores, Node 20.1.2, onnxruntime-node 1.30.0 |',
      '| Taught by | `teacher-seed1` (99.81% of the test set; sha256 `bbbbbbbbbbbb`) |',
      '| 0 | 99.11% | 99.22% | 99.33% | 980 |',
      '| **0** | 978 | 2 |',
    ])
      assert.ok(card.includes(`\n${row}\n`), `no row ${row} in\n${card}`);
    assert.match(card, /11,000 pictures; published: a plain CNN 75\.9% \|/);
    assert.match(card, /\nnode bin\/tenfold\.js train --recipe flagship --seed 3\n/);
  });

  test('names what stays below its aim', () => {
    for (const missed of [
      'MNIST-C: the mean 89.37% (aim 96%), Title of fog 81.23% (aim 85%)',
      'No digit: Title of letters AUROC 0.9712 (aim 0.98)',
    ])
      assert.ok(card.includes(`\n  - ${missed}`), missed);
    const good = someFigures({ suites: { robust: [], outliers: [], numbers: [] } });
    assert.match(measuredCard(someManifest, good), /Nothing measured here stays below its aim/);
  });

  test('shows the pictures that there are and no others, each with words for who does not see it', () => {
    const shown = [...card.matchAll(/!\[([^\]]*)\]\(([^)]*)\)/g)];
    assert.deepEqual(
      shown.map(([, , file]) => file),
      ['pictures/wrong-digits.png', 'pictures/corruptions.png'],
    );
    assert.ok(shown.every(([, words]) => words!.length > 10));
    assert.match(card, /\*All 31 test digits that were read wrong/);
    assert.match(card, /24 of 1,902\./);
  });

  test('has in every table as many cells a row as columns', () => {
    const tables = card.split('\n\n').filter((block) => block.startsWith('|'));
    assert.ok(tables.length >= 10, `${tables.length} tables`);
    for (const block of tables) {
      const counts = rowsOf(block).map((row) => cellsOf(row).length);
      assert.deepEqual(new Set(counts).size, 1, block);
    }
  });

  test('says plainly when not all was measured, nothing was calibrated, or no run was at hand', () => {
    assert.doesNotMatch(card, /quick form/);
    const quick = someFigures({ imagesOfSuite: 100, run: null, seeds: null });
    const uncalibrated = { ...someManifest.calibration, fit: null };
    const text = measuredCard({ ...someManifest, calibration: uncalibrated }, quick);
    assert.match(text, /\*\*A quick form: at most 100 pictures of each suite were measured/);
    assert.match(text, /The run was not at hand/);
    assert.match(text, /None: the training set no images aside/);
    assert.match(text, /Nothing but blank pictures is refused: there is no threshold/);
    assert.doesNotMatch(text, /undefined|NaN|null/);
  });

  test('compares the precisions where there are several, and says which is loaded and which is worse', () => {
    assert.doesNotMatch(card, /## Precisions/);
    const manifest = someVariants();
    const text = measuredCard(manifest, someFigures());
    for (const row of [
      '| fp32 | `model.onnx` | 1,702,388 (1.000) | 99.69% |  | × 1 | × 1 |',
      '| fp16 | `model.fp16.onnx` | 860,000 (0.505) | 99.69% | 99.94% | × 2.50 | × 2.50 |',
      '| int8 | `model.int8.onnx` | 455,000 (0.267) | 99.67% | 99.94% | × 2.50 | × 2.50 |',
    ])
      assert.ok(text.includes(`\n${row}`), `no row ${row} in\n${text}`);
    assert.match(text, /`<digit-classifier>` loads, and `tenfold serve` runs on a cpu, `model\.int8\.onnx`/);
    assert.match(
      text,
      /found by entropy: .*\(nats: min-max 3\.00e-4, entropy 2\.00e-4\)\. In float32 stay: `conv2d_1`/,
    );
    assert.doesNotMatch(text, /reads more than/);
    manifest.variants!.int8!.metrics.testAccuracy = 0.99;
    const worse = measuredCard(manifest, someFigures());
    assert.match(worse, /`<digit-classifier>` loads, and `tenfold serve` runs on a cpu, `model\.fp16\.onnx`/);
    assert.match(worse, /\*\*int8 reads more than 0\.05 points less right than fp32\.\*\*/);
  });

  test('without failures has no pictures of any', () => {
    const suites: Figures['suites'] = {
      robust: [],
      outliers: [],
      numbers: [
        {
          title: 'Whole numbers',
          mean: 1,
          meanTarget: null,
          met: true,
          published: [],
          suites: [suite('gap2')],
        },
      ],
    };
    const text = measuredCard(someManifest, someFigures({ suites, pictures: {} }));
    assert.doesNotMatch(text, /!\[/);
  });
});

describe('figures.json', () => {
  test('is taken as it was written', () => {
    const figures = someFigures();
    assert.deepEqual(checkFigures(JSON.parse(JSON.stringify(figures)), 'figures.json'), figures);
  });

  const FAULTS: Record<string, { damage(figures: Figures): unknown; message: RegExp }> = {
    'another layout': {
      damage: (figures) => ({ ...figures, format: 2 }),
      message: /Expected 1 for format in figures\.json, got 2/,
    },
    'no object': { damage: () => [], message: /Expected an object for figures\.json, got/ },
    'a share above 1': {
      damage: (figures) => {
        figures.suites.robust[0]!.suites[1]!.accuracy = 97.5;
        return figures;
      },
      message:
        /Expected a number from 0 to 1 for suites\.robust\[0\]\.suites\[1\]\.accuracy in figures\.json, got 97\.5/,
    },
    'a figure that is missing': {
      damage: ({ test: { wrong: _, ...rest }, ...figures }) => ({ ...figures, test: rest }),
      message: /Expected a whole number from 0 on for test\.wrong in figures\.json, got undefined\. Measure/,
    },
    'a hash that is none': {
      damage: (figures) => ({ ...figures, model: 'abc' }),
      message: /Expected a sha256 .* for model in figures\.json, got "abc"/,
    },
    'seeds that are no list': {
      damage: (figures) => ({ ...figures, seeds: { ...figures.seeds, runs: {} } }),
      message: /Expected a list for seeds\.runs in figures\.json, got/,
    },
  };
  for (const [name, { damage, message }] of Object.entries(FAULTS)) {
    test(`with ${name} is refused, and it says where`, () => {
      const value = JSON.parse(JSON.stringify(damage(someFigures()))) as unknown;
      assert.throws(
        () => checkFigures(value, 'figures.json'),
        (error: unknown) =>
          error instanceof TenfoldError && error.code === 'corrupt' && message.test(error.message),
      );
    });
  }
});
