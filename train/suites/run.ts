import type { RgbaImage } from '../../core/image.js';
import type { LabelledImages } from '../dataset/mnist.js';
import { auroc } from '../metrics/auroc.js';
import { digitPicture } from './digit-picture.js';
import type { Sample, Suite } from './suite.js';

/** What a reader makes of a picture. */
export interface Reading {
  /** A digit, or a whole number; null where nothing was found to read. */
  read: string | null;
  /** 0 to 1. */
  confidence: number;
  accepted: boolean;
  /** How much the picture speaks for a digit, minus infinity where nothing was found to read; where the reader tells it. */
  score?: number;
}

/** Reads pictures, one answer each, in their order. */
export type Reader = (pictures: readonly RgbaImage[]) => Promise<Reading[]>;

/** Suites that are measured together, and their mean. */
export interface SuiteGroup {
  title: string;
  /** By the names that tables and files have them under. */
  suites: Readonly<Record<string, Suite>>;
  /** Samples of each suite: those numbered from 0 to before this. */
  samples(digits: LabelledImages): number;
  /** The mean of the suites' shares that is aimed at, 0 to 1; null where there is none. */
  meanTarget: number | null;
  /** Clean digits whose scores the samples' are compared with; left out where scores are none of the matter. */
  cleanDigits?: number;
}

/** A sample and what became of it. */
export interface Outcome extends Sample, Reading {
  /** The sample's number in its suite. */
  index: number;
  isRight: boolean;
}

export interface SuiteResult {
  name: string;
  title: string;
  images: number;
  /** Share of the samples that came out right, 0 to 1: read as expected, accepted or not; or refused, where nothing is to be accepted. */
  accuracy: number;
  /** Share that was answered with `accepted: false`, 0 to 1. */
  refused: number;
  target: number;
  /** Area under the ROC curve of clean digits' scores against the samples', 0 to 1; where the clean ones were given. */
  auroc?: number;
  /** Whether `accuracy` reaches `target`, and `auroc` its own. */
  met: boolean;
}

export interface GroupResult {
  title: string;
  /** Of the suites' accuracies. */
  mean: number;
  meanTarget: number | null;
  met: boolean;
  suites: SuiteResult[];
}

/** Pictures made and read at a time: large ones take a megabyte each. */
const BATCH_SIZE = 64;

const isRight = (expected: string | null, { read, accepted }: Reading): boolean =>
  expected === null ? !accepted : read === expected;

/** `wanted` numbers of 0 to before `all`, evenly spread. */
function* spread(wanted: number, all: number): Generator<number> {
  for (let place = 0; place < wanted; place++) yield Math.floor((place * all) / wanted);
}

export interface MeasureOptions {
  digits: LabelledImages;
  reader: Reader;
  /** The most samples of a suite, spread evenly over it; without it, all. */
  images?: number | undefined;
  /** Scores of clean digits, to compare the samples' with. */
  cleanScores?: readonly number[];
  /** Is told of every sample of a suite, in order. */
  onOutcome?: (outcome: Outcome) => void;
}

/** Reads a suite's samples and counts. */
export async function measureSuite(
  name: string,
  suite: Suite,
  samples: number,
  { digits, reader, images = samples, cleanScores, onOutcome }: MeasureOptions,
): Promise<SuiteResult> {
  const indices = [...spread(Math.min(images, samples), samples)];
  let right = 0;
  let refused = 0;
  const scores: number[] = [];
  for (let start = 0; start < indices.length; start += BATCH_SIZE) {
    const batch = indices.slice(start, start + BATCH_SIZE);
    const made = await Promise.all(batch.map((index) => suite.make(digits, index)));
    const readings = await reader(made.map(({ picture }) => picture));
    for (const [row, sample] of made.entries()) {
      const reading = readings[row]!;
      const outcome = {
        ...sample,
        ...reading,
        index: batch[row]!,
        isRight: isRight(sample.expected, reading),
      };
      if (outcome.isRight) right++;
      if (!outcome.accepted) refused++;
      scores.push(outcome.score ?? Number.NEGATIVE_INFINITY);
      onOutcome?.(outcome);
    }
  }
  const accuracy = right / indices.length;
  const { title, target, separation = 0 } = suite;
  const area = cleanScores && auroc(cleanScores, scores);
  return {
    name,
    title,
    images: indices.length,
    accuracy,
    refused: refused / indices.length,
    target,
    ...(area !== undefined && { auroc: area }),
    met: accuracy >= target && (area === undefined || area >= separation),
  };
}

/** The scores of so many digits as they are, spread evenly over the set. */
export async function scoreDigits(digits: LabelledImages, reader: Reader, images: number): Promise<number[]> {
  const indices = [...spread(Math.min(images, digits.count), digits.count)];
  const scores: number[] = [];
  for (let start = 0; start < indices.length; start += BATCH_SIZE) {
    const batch = indices.slice(start, start + BATCH_SIZE);
    const readings = await reader(batch.map((index) => digitPicture(digits, index)));
    scores.push(...readings.map(({ score = Number.NEGATIVE_INFINITY }) => score));
  }
  return scores;
}

/** The suites' results as their group's. */
export function summarize({ title, meanTarget }: SuiteGroup, suites: SuiteResult[]): GroupResult {
  const mean = suites.reduce((sum, { accuracy }) => sum + accuracy, 0) / suites.length;
  const met = suites.every((suite) => suite.met) && (meanTarget === null || mean >= meanTarget);
  return { title, mean, meanTarget, met, suites };
}
