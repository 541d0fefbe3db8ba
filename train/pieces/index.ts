import { bestPath } from '../../core/best-path.js';
import type { Manifest } from '../../core/manifest.js';
import { type PieceScorer, scoreLattice } from '../../core/piece-score.js';
import type { Runner } from '../../core/predict.js';
import type { LabelledImages } from '../dataset/mnist.js';
import { equallySure } from './equally-sure.js';
import { fitScorer } from './fit-scorer.js';
import { type KnownLine, readKnown } from './known-lines.js';
import { type LineKind, writeLine } from './written-line.js';

const fixed = (value: number) => ({ least: value, most: value });

const TOUCHING = { least: -4, most: 3 };
const APART = { least: 1, most: 20 };
const DIGITS = { least: 2, most: 8 };

/** What is fitted to: digits that touch, and nearly as many apart, or those would be split; some enlarged. */
const TRAINING: readonly LineKind[] = [
  { digits: DIGITS, gap: TOUCHING, scale: fixed(1), dirt: true },
  { digits: DIGITS, gap: APART, scale: fixed(1), dirt: true },
  { digits: DIGITS, gap: TOUCHING, scale: fixed(1), dirt: true },
  { digits: DIGITS, gap: APART, scale: { least: 1, most: 2 }, dirt: true },
  { digits: DIGITS, gap: TOUCHING, scale: { least: 1, most: 2 }, dirt: true },
];
/** Of one line in so many the model is as sure of every piece as of any other. */
const LINES_FOR_EACH_EQUALLY_SURE = 3;

/** What is measured. */
const VALIDATION: Readonly<Record<string, LineKind>> = {
  ...Object.fromEntries(
    [-3, -2, -1, 0, 2, 20].map((gap): [string, LineKind] => [
      `gap ${gap}`,
      { digits: fixed(5), gap: fixed(gap), scale: fixed(1), dirt: false },
    ]),
  ),
  lengths: { digits: DIGITS, gap: { least: 2, most: 20 }, scale: fixed(1), dirt: false },
};

export interface FitPiecesOptions {
  runner: Runner;
  calibration: Manifest['calibration'];
  /** Training digits that lines are composed of: to fit to, and to measure by. */
  digits: { fit: LabelledImages; validation: LabelledImages };
  /** Lines to fit to, and of each kind to measure by. */
  lines: { fit: number; validation: number };
  epochs: number;
  seed: number;
  /** The scorer so far; null where there is none of this shape. */
  before: PieceScorer | null;
  say(line: string): void;
}

export interface FittedPieces {
  scorer: PieceScorer;
  /** Shares of lines of each kind that are read exactly, 0 to 1. */
  validation: { kind: string; lines: number; before: number | null; after: number }[];
}

/** Fits what scores pieces to how a model reads them. Equal arguments give equal scorers. */
export async function fitPieces(options: FitPiecesOptions): Promise<FittedPieces> {
  const { runner, digits, lines, epochs, seed, before, say } = options;
  say(`composing and reading ${lines.fit} lines`);
  const known = await readLines(digits.fit, lines.fit, options, {
    stream: 'fit',
    kindOf: (index) => TRAINING[index % TRAINING.length]!,
    runnerOf: (index) => (index % LINES_FOR_EACH_EQUALLY_SURE === 0 ? equallySure(runner) : runner),
  });
  const scorer = fitScorer(known, {
    seed,
    epochs,
    onEpoch: (epoch, mean) => say(`epoch ${epoch} of ${epochs}: log-likelihood of a line ${mean.toFixed(4)}`),
  });
  const validation: FittedPieces['validation'] = [];
  for (const [kind, composed] of Object.entries(VALIDATION)) {
    const read = await readLines(digits.validation, lines.validation, options, {
      stream: `validation ${kind}`,
      kindOf: () => composed,
      runnerOf: () => runner,
    });
    // A picture that was not found to have one line is not read exactly by either.
    const share = (by: PieceScorer) => read.filter((line) => isExact(line, by)).length / lines.validation;
    validation.push({ kind, lines: lines.validation, before: before && share(before), after: share(scorer) });
  }
  return { scorer, validation };
}

interface LineSource {
  stream: string;
  kindOf(index: number): LineKind;
  runnerOf(index: number): Runner;
}

async function readLines(
  digits: LabelledImages,
  count: number,
  { calibration, seed }: Pick<FitPiecesOptions, 'calibration' | 'seed'>,
  { stream, kindOf, runnerOf }: LineSource,
): Promise<KnownLine[]> {
  const lines: KnownLine[] = [];
  for (let index = 0; index < count; index++) {
    const written = writeLine(digits, kindOf(index), { seed, stream, index });
    const known = await readKnown(written, runnerOf(index), calibration);
    if (known) lines.push(known);
  }
  return lines;
}

function isExact(line: KnownLine, scorer: PieceScorer): boolean {
  const { scores, digits } = scoreLattice(scorer, line, line.pieces);
  const read = bestPath(line, scores).map((index) => digits[index]!.indexOf(scores.pieces[index]!));
  return read.join('') === line.digits.join('');
}
