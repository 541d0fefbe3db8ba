import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import type { LabelledImages } from '../../../train/dataset/mnist.js';
import { measureSuite, type Outcome, type Reader, summarize } from '../../../train/suites/run.js';
import { contactSheet, SheetSamples } from '../../../train/suites/sheet.js';
import type { Suite } from '../../../train/suites/suite.js';

/** Pictures of one pixel whose red says their number; the lower ones are digits, the others nothing to be read. */
const numbered = (digitsBelow: number): Suite => ({
  title: 'Numbered',
  summary: 'a pixel each',
  target: 0.5,
  make: (_, index) => ({
    picture: { width: 1, height: 1, data: Uint8Array.of(index, 0, 0, 255) },
    expected: index < digitsBelow ? String(index % 10) : null,
  }),
});
const NO_DIGITS: LabelledImages = { count: 0, images: new Uint8Array(), labels: new Uint8Array() };

/** Reads the number's last digit, and accepts the numbers that divide by three. */
const reader: Reader = async (pictures) =>
  pictures.map(({ data }) => ({
    read: String(data[0]! % 10),
    confidence: 0.5,
    accepted: data[0]! % 3 === 0,
  }));

/** Reads everything as a 0. */
const zero: Reader = async (pictures) => pictures.map(() => ({ read: '0', confidence: 1, accepted: true }));

describe('measuring a suite', () => {
  it('counts digits that are read, accepted or not, and refusals', async () => {
    const result = await measureSuite('n', numbered(90), 90, { digits: NO_DIGITS, reader });
    assert.deepEqual(result, {
      ...{ name: 'n', title: 'Numbered', images: 90, accuracy: 1 },
      ...{ refused: 2 / 3, target: 0.5, met: true },
    });
    const wrong = await measureSuite('n', numbered(90), 90, { digits: NO_DIGITS, reader: zero });
    assert.equal(wrong.accuracy, 0.1);
    assert.equal(wrong.met, false);
  });

  it('is content where nothing is to be read if it is refused', async () => {
    const result = await measureSuite('n', numbered(0), 90, { digits: NO_DIGITS, reader });
    assert.equal(result.accuracy, 2 / 3);
    assert.equal(result.refused, 2 / 3);
  });

  it('compares scores with those of clean digits, and what was not read counts as the least', async () => {
    const scored: Reader = async (pictures) =>
      pictures.map(({ data }) => ({
        ...{ read: '1', confidence: 1, accepted: false },
        ...(data[0]! >= 2 && { score: data[0]! }),
      }));
    const suite = { ...numbered(0), separation: 0.9 };
    const measured = (cleanScores: number[]) =>
      measureSuite('n', suite, 5, { digits: NO_DIGITS, reader: scored, cleanScores });
    // Of the five only 3 and 4 are not below 2.5.
    const { auroc, met } = await measured([2.5, 9]);
    assert.deepEqual([auroc, met], [0.8, false]);
    assert.deepEqual((await measured([9])).met, true);
  });

  it('spreads fewer samples evenly over all, and never takes more than there are', async () => {
    const seen: number[] = [];
    const onOutcome = ({ index }: Outcome) => seen.push(index);
    await measureSuite('n', numbered(90), 90, { digits: NO_DIGITS, reader, images: 5, onOutcome });
    assert.deepEqual(seen, [0, 18, 36, 54, 72]);
    const all = await measureSuite('n', numbered(90), 90, { digits: NO_DIGITS, reader, images: 500 });
    assert.equal(all.images, 90);
  });

  it('a group has met its marks where each suite has, and the mean', async () => {
    const suites = [await measureSuite('n', numbered(90), 90, { digits: NO_DIGITS, reader })];
    const group = { title: 'Group', suites: {}, samples: () => 90 };
    assert.equal(summarize({ ...group, meanTarget: 0.9 }, suites).met, true);
    assert.equal(summarize({ ...group, meanTarget: null }, suites).mean, 1);
    const [first] = suites;
    const half = { ...first!, accuracy: 0.5 };
    assert.equal(summarize({ ...group, meanTarget: 0.9 }, [first!, half]).met, false);
  });
});

describe('a contact sheet', () => {
  const outcome = (index: number, isRight: boolean): Outcome => ({
    index,
    isRight,
    picture: { width: 2, height: 1, data: Uint8Array.of(0, 0, 200, 255, 0, 0, 200, 255) },
    expected: '7',
    read: isRight ? '7' : null,
    confidence: 0.25,
    accepted: isRight,
  });

  it('shows pictures in order, marks wrong ones, and adds wrong ones from further on', async () => {
    const samples = new SheetSamples(1);
    for (let index = 0; index < 30; index++) samples.add(outcome(index, index !== 1 && index !== 25));
    assert.deepEqual(
      samples.first.map(({ index }) => index),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    assert.deepEqual(
      samples.wrong.map(({ index }) => index),
      [25],
    );
    const file = await contactSheet('A <heading>', samples);
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    const colourAt = (x: number, y: number) => [
      ...data.subarray((y * info.width + x) * info.channels).subarray(0, 3),
    ];
    // Cells are 132 pixels, 8 apart, below a heading of 34; a picture as wide as two is high fills the upper half.
    const [left, top] = [8, 34];
    assert.deepEqual(colourAt(left + 60, top + 30), [0, 0, 200], 'the first picture is not there');
    assert.deepEqual(colourAt(left + 60, top + 100), [255, 255, 255], 'paper below it');
    const isRed = ([red, green, blue]: number[]) => red! > 190 && green! < 60 && blue! < 70;
    assert.ok(isRed(colourAt(left + 140 - 2, top + 100)), 'the wrong one has no frame');
    assert.ok(!isRed(colourAt(left - 2, top + 100)), 'the right one has a frame');
    assert.ok(isRed(colourAt(left - 2, top + 160 + 20 + 100)), 'the later wrong one is not shown');
  });
});
