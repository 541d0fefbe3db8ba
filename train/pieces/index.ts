import { bestPath } from '../../core/best-path.js';
import type { Manifest } from '../../core/manifest.js';
import { type PieceScorer, scoreLattice } from '../../core/piece-score.js';
import type { Runner } from '../../core/predict.js';
import type { PieceReaders } from '../../core/read-pieces.js';
import { asStored } from '../../core/stored-scorer.js';
import type { ViewNetwork } from '../../core/view-network.js';
import { type LabelledImages, selectImages } from '../dataset/mnist.js';
import { randomStream } from '../random.js';
import { equallySure } from './equally-sure.js';
import { fitScorer } from './fit-scorer.js';
import { fitView } from './fit-view.js';
import { type KnownLine, readKnown } from './known-lines.js';
import { type LabelledView, labelViews } from './labelled-views.js';
import { type LineKind, writeLine } from './written-line.js';

const fixed = (value: number) => ({ least: value, most: value });

const TOUCHING = { least: -4, most: 3 };
const APART = { least: 1, most: 20 };
const DIGITS = { least: 2, most: 8 };

/** What is fitted to: digits that touch, and nearly as many apart, or those would be split; some enlarged. */
const TRAINING: readonly LineKind[] = [
  { digits: DIGITS, gap: TOUCHING, scale: fixed(1), varied: true },
  { digits: DIGITS, gap: APART, scale: fixed(1), varied: true },
  { digits: DIGITS, gap: TOUCHING, scale: fixed(1), varied: true },
  { digits: DIGITS, gap: APART, scale: { least: 1, most: 2 }, varied: true },
  { digits: DIGITS, gap: TOUCHING, scale: { least: 1, most: 2 }, varied: true },
];
/** Of one line in so many the model is as sure of every piece as of any other. */
const LINES_FOR_EACH_EQUALLY_SURE = 3;

/** What is measured. */
const VALIDATION: Readonly<Record<string, LineKind>> = {
  ...Object.fromEntries(
    [-3, -2, -1, 0, 2, 20].map((gap): [string, LineKind] => [
      `gap ${gap}`,
      { digits: fixed(5), gap: fixed(gap), scale: fixed(1), varied: false },
    ]),
  ),
  lengths: { digits: DIGITS, gap: { least: 2, most: 20 }, scale: fixed(1), varied: false },
};

/** Of the digits to fit to, those that lines for views are written with; lines for the rest are of the others, or views would seem surer. */
const SHARE_FOR_VIEWS = 0.8;

export interface FitPiecesOptions {
  runner: Runner;
  calibration: Manifest['calibration'];
  /** Training digits that lines are composed of: to fit to, and to measure by. */
  digits: { fit: LabelledImages; validation: LabelledImages };
  /** Lines to fit to: what reads views, then what weighs pieces; and of each kind to measure by. */
  lines: { views: number; fit: number; validation: number };
  epochs: { views: number; fit: number };
  seed: number;
  /** The scorer so far; null where there is none of this shape. */
  before: PieceScorer | null;
  /** What reads views, where it is to stay: it depends on no model. null fits it anew. */
  view: ViewNetwork | null;
  say(line: string): void;
}

export interface FittedPieces {
  scorer: PieceScorer;
  /** Shares of lines of each kind that are read exactly, 0 to 1. */
  validation: { kind: string; lines: number; before: number | null; after: number }[];
}

/**
 * Fits what scores pieces: first what reads their views, by TensorFlow.js on the current backend, then what weighs all that is known of a
 * piece, to how a model reads them. Equal arguments give equal scorers.
 */
export async function fitPieces(options: FitPiecesOptions): Promise<FittedPieces> {
  const { runner, digits, lines, before, say } = options;
  const forViews = Math.round(SHARE_FOR_VIEWS * digits.fit.count);
  const view = options.view ?? asStored(await fitViews(part(digits.fit, 0, forViews), options));
  say(`composing and reading ${lines.fit} lines`);
  const known = await readLines(part(digits.fit, forViews, digits.fit.count), lines.fit, options, {
    stream: 'fit',
    kindOf: trainingKind,
    readersOf: (index) => ({
      view,
      runner: index % LINES_FOR_EACH_EQUALLY_SURE === 0 ? equallySure(runner) : runner,
    }),
  });
  const { seed, epochs } = options;
  const fitted = fitScorer(known, {
    seed,
    epochs: epochs.fit,
    onEpoch: (epoch, mean) =>
      say(`epoch ${epoch} of ${epochs.fit}: log-likelihood of a line ${mean.toFixed(4)}`),
  });
  const scorer = { view, ...fitted };
  const validation: FittedPieces['validation'] = [];
  for (const [kind, composed] of Object.entries(VALIDATION)) {
    const measured = (by: PieceScorer) => shareExact(kind, composed, by, options);
    validation.push({
      kind,
      lines: lines.validation,
      before: before && (await measured(before)),
      after: await measured(scorer),
    });
  }
  return { scorer, validation };
}

const part = (set: LabelledImages, from: number, to: number): LabelledImages =>
  selectImages(
    set,
    Uint32Array.from({ length: to - from }, (_, row) => from + row),
  );

const trainingKind = (index: number): LineKind => TRAINING[index % TRAINING.length]!;

async function fitViews(
  digits: LabelledImages,
  { lines, epochs, seed, say }: FitPiecesOptions,
): Promise<ViewNetwork> {
  say(`composing and dividing ${lines.views} lines`);
  const labelled: LabelledView[] = [];
  for (let index = 0; index < lines.views; index++) {
    const written = writeLine(digits, trainingKind(index), { seed, stream: 'views', index });
    labelled.push(...labelViews(written, randomStream(seed, 'pieces to view', index)));
  }
  return fitView(labelled, {
    seed,
    epochs: epochs.views,
    onEpoch: (epoch, mean) =>
      say(`epoch ${epoch} of ${epochs.views}: cross-entropy of a view ${mean.toFixed(4)}`),
  });
}

interface LineSource {
  stream: string;
  kindOf(index: number): LineKind;
  readersOf(index: number): Omit<PieceReaders, 'calibration'>;
}

async function readLines(
  digits: LabelledImages,
  count: number,
  { calibration, seed }: Pick<FitPiecesOptions, 'calibration' | 'seed'>,
  { stream, kindOf, readersOf }: LineSource,
): Promise<KnownLine[]> {
  const lines: KnownLine[] = [];
  for (let index = 0; index < count; index++) {
    const written = writeLine(digits, kindOf(index), { seed, stream, index });
    const known = await readKnown(written, { calibration, ...readersOf(index) });
    if (known) lines.push(known);
  }
  return lines;
}

async function shareExact(
  kind: string,
  composed: LineKind,
  scorer: PieceScorer,
  options: FitPiecesOptions,
): Promise<number> {
  const { digits, lines, runner } = options;
  const read = await readLines(digits.validation, lines.validation, options, {
    stream: `validation ${kind}`,
    kindOf: () => composed,
    readersOf: () => ({ view: scorer.view, runner }),
  });
  // A picture that was not found to have one line is not read exactly.
  return read.filter((line) => isExact(line, scorer)).length / lines.validation;
}

function isExact(line: KnownLine, scorer: PieceScorer): boolean {
  const { scores, digits } = scoreLattice(scorer, line);
  const read = bestPath(line, scores).map((index) => digits[index]!.indexOf(scores.pieces[index]!));
  return read.join('') === line.digits.join('');
}
