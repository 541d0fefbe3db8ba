import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublishedMean, SuiteName } from '../core/figures.js';
import { unwritable } from '../core/file-errors.js';
import { CLASS_COUNT } from '../core/image.js';
import type { Manifest, Precision } from '../core/manifest.js';
import { classify, type ModelOutput, type Runner } from '../core/predict.js';
import { classifyNumbers, numberText } from '../core/predict-numbers.js';
import { REJECTION_SCORES } from '../core/rejection.js';
import { openBundleFolder } from '../serve/models/bundle.js';
import { createRunner } from '../serve/workers/runner.js';
import type { LabelledImages } from '../train/dataset/mnist.js';
import { writeAtomically } from '../train/run-folder.js';
import {
  CORRUPTIONS,
  CORRUPTIONS_MEAN_TARGET,
  CORRUPTIONS_PUBLISHED,
} from '../train/suites/corruptions/index.js';
import { NUMBER_SUITES } from '../train/suites/numbers.js';
import { OUTLIERS } from '../train/suites/outliers/index.js';
import { PICTURES } from '../train/suites/pictures/index.js';
import {
  type GroupResult,
  type MeasureOptions,
  measureSuite,
  type Outcome,
  type Reader,
  type SuiteGroup,
  type SuiteResult,
  scoreDigits,
  summarize,
} from '../train/suites/run.js';
import { contactSheet, SheetSamples } from '../train/suites/sheet.js';

/** How a bundle reads pictures, preprocessing included. */
type MakeReader = (runner: Runner, calibration: Manifest['calibration']) => Reader;

const digitReader: MakeReader = (runner, calibration) => async (pictures) => {
  const predictions = await classify(pictures, runner, calibration);
  return predictions.map(({ digit, confidence, accepted }) => ({
    read: digit === null ? null : String(digit),
    confidence,
    accepted,
  }));
};

/** Tells the scores too by which pictures are accepted. */
const scoringReader: MakeReader = (runner, calibration) => {
  const { of: scoreOf } = REJECTION_SCORES[calibration.rejection.score];
  let output: ModelOutput;
  const watched: Runner = {
    async run(input, batch) {
      output = await runner.run(input, batch);
      return output;
    },
  };
  const read = digitReader(watched, calibration);
  return async (pictures) => {
    let row = 0;
    return (await read(pictures)).map((reading) => {
      if (reading.read === null) return reading;
      const start = row++ * CLASS_COUNT;
      const logits = output.logits.subarray(start, start + CLASS_COUNT);
      return { ...reading, score: scoreOf(logits, calibration.temperature) };
    });
  };
};

/** Of a whole number the confidence is that of its least sure digit. */
const numberReader: MakeReader = (runner, calibration) => async (pictures) => {
  const predictions = await classifyNumbers(pictures, runner, calibration);
  return predictions.map((prediction) => {
    const confidences = prediction.lines.flatMap(({ digits }) => digits.map(({ confidence }) => confidence));
    const isRead = confidences.length > 0;
    return {
      read: isRead ? numberText(prediction) : null,
      confidence: isRead ? Math.min(...confidences) : 0,
      accepted: prediction.accepted,
    };
  });
};

interface MeasuredGroup extends SuiteGroup {
  makeReader: MakeReader;
  /** Means of the same suites that others published. */
  published?: readonly PublishedMean[];
}

const PICTURES_OF_A_SUITE = 1000;

/** What `--suite` may name. */
export const SUITES: { readonly [S in SuiteName]: readonly MeasuredGroup[] } = {
  robust: [
    {
      title: 'MNIST-C',
      suites: CORRUPTIONS,
      samples: ({ count }) => count,
      meanTarget: CORRUPTIONS_MEAN_TARGET,
      published: CORRUPTIONS_PUBLISHED,
      makeReader: digitReader,
    },
    {
      title: 'What users send',
      suites: PICTURES,
      samples: () => PICTURES_OF_A_SUITE,
      meanTarget: null,
      makeReader: digitReader,
    },
  ],
  outliers: [
    {
      title: 'No digit',
      suites: OUTLIERS,
      samples: () => PICTURES_OF_A_SUITE,
      meanTarget: null,
      cleanDigits: 5000,
      makeReader: scoringReader,
    },
  ],
  numbers: [
    {
      title: 'Whole numbers',
      suites: NUMBER_SUITES,
      samples: () => PICTURES_OF_A_SUITE,
      meanTarget: null,
      makeReader: numberReader,
    },
  ],
};

export const SUITE_NAMES = Object.keys(SUITES) as SuiteName[];

/** Rows of a contact sheet: of the first samples, and as many of wrong ones from further on. */
const SHEET_ROWS = 5;

export interface SuitesOptions {
  bundle: string;
  /** Which of its graphs reads; by default `model.onnx`. */
  precision?: Precision;
  suite: SuiteName;
  digits: LabelledImages;
  /** The most samples of each suite. */
  images: number | undefined;
  /** Where contact sheets go; undefined for none. */
  sheets?: string | undefined;
  /** Is told of every sample, with the name of its suite. */
  onOutcome?: (name: string, outcome: Outcome) => void;
  say(line: string): void;
}

/** Measures a bundle on the groups of a suite, and tells of each row as it is known. */
export async function measureSuites(options: SuitesOptions): Promise<GroupResult[]> {
  const { bundle, precision = 'fp32', suite, sheets, say } = options;
  if (sheets !== undefined) await makeFolder(sheets);
  const { manifest, model } = await openBundleFolder(bundle, () => precision);
  const runner = await createRunner({ manifest, model }, { threads: 0 });
  const results: GroupResult[] = [];
  for (const group of SUITES[suite]) {
    say(`\n${heading(group.title)}`);
    const reader = group.makeReader(runner, manifest.calibration);
    const { cleanDigits } = group;
    const cleanScores = cleanDigits && (await scoreDigits(options.digits, reader, cleanDigits));
    const rows: SuiteResult[] = [];
    for (const name of Object.keys(group.suites)) {
      const row = await measureOne(group, name, reader, {
        ...options,
        ...(cleanScores && { cleanScores }),
      });
      rows.push(row);
      say(line(row.name, row.accuracy, row.refused, row.target, row.met, row.auroc));
    }
    const result = summarize(group, rows);
    const isMeanMet = group.meanTarget === null || result.mean >= group.meanTarget;
    say(line('mean', result.mean, null, group.meanTarget, isMeanMet));
    results.push(result);
  }
  await runner.release();
  return results;
}

async function measureOne(
  group: SuiteGroup,
  name: string,
  reader: Reader,
  { digits, images, sheets, onOutcome, cleanScores }: SuitesOptions & Pick<MeasureOptions, 'cleanScores'>,
): Promise<SuiteResult> {
  const suite = group.suites[name]!;
  const samples = new SheetSamples(SHEET_ROWS);
  const row = await measureSuite(name, suite, group.samples(digits), {
    digits,
    reader,
    images,
    ...(cleanScores && { cleanScores }),
    onOutcome: (outcome) => {
      if (sheets !== undefined) samples.add(outcome);
      onOutcome?.(name, outcome);
    },
  });
  if (sheets !== undefined) {
    const share = `${(100 * row.accuracy).toFixed(2)}% of ${row.images}`;
    const sheet = await contactSheet(`${suite.title}: ${suite.summary}. ${share} right.`, samples);
    await writeAtomically(join(sheets, `${name}.png`), sheet, 'or name another folder by --sheets');
  }
  return row;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw unwritable(cause, folder, 'or name another folder by --sheets');
  }
}

const NAME_WIDTH = 24;
const percent = (share: number): string => `${(100 * share).toFixed(2)}%`.padStart(10);

const heading = (title: string): string =>
  `${title.padEnd(NAME_WIDTH)}${['accuracy', 'refused', 'target'].map((column) => column.padStart(10)).join('')}`;

function line(
  name: string,
  accuracy: number,
  refused: number | null,
  target: number | null,
  isMet: boolean,
  auroc?: number,
): string {
  const cells = [accuracy, refused, target].map((share) =>
    share === null ? ' '.repeat(10) : percent(share),
  );
  const area = auroc === undefined ? '' : `  AUROC ${auroc.toFixed(4)}`;
  return `${name.padEnd(NAME_WIDTH)}${cells.join('')}${area}${isMet ? '' : '  missed'}`.trimEnd();
}
