import type { ClassMetrics, Machine, SetMetrics } from './run.js';
import {
  COUNT,
  exactly,
  FLAG,
  listOf,
  NUMBER,
  objectOf,
  orNull,
  requireShape,
  SHA256,
  SHARE,
  type Shape,
  TEXT,
  tableOf,
} from './shape.js';

/** The file with all that a bundle was measured at; the model card is made of it and of the manifest alone. */
export const FIGURES_FILE = 'figures.json';
/** Where a bundle's pictures are. */
export const PICTURES_FOLDER = 'pictures';
/** Version of the file's own layout. */
export const FIGURES_FORMAT = 1;

export interface Figures {
  format: typeof FIGURES_FORMAT;
  /** The sha256 of the `model.onnx` that was measured. */
  model: string;
  /** What measured. */
  machine: Machine;
  /** The most pictures of each suite; null where the suites were measured whole. */
  imagesOfSuite: number | null;
  test: TestFigures;
  suites: { [K in SuiteName]: GroupFigures[] };
  /** The run that the bundle was made from; null where it was not at hand. */
  run: RunFigures | null;
  /** Runs that differ from that run in their seed alone, itself among them; null where none were named. */
  seeds: SeedsFigures | null;
  /** The commands that make all of it again, in their order. */
  commands: string[];
  /** What each picture shows, by its name: its file is `pictures/NAME.png`. */
  pictures: Partial<Record<PictureName, PictureFigures>>;
}

export type SuiteName = 'robust' | 'outliers' | 'numbers';

export const PICTURE_NAMES = [
  'training',
  'wrong-digits',
  'refused-digits',
  'corruptions',
  'users',
  'outliers',
  'numbers',
] as const;
export type PictureName = (typeof PICTURE_NAMES)[number];

/** How the bundle reads the test set, as its manifest calibrates it. */
export interface TestFigures {
  images: number;
  /** Share of images read as what they are, accepted or not, 0 to 1. */
  accuracy: number;
  /** Images that were not. */
  wrong: number;
  /** Mean cross-entropy in nats, at temperature 1 and at the bundle's. */
  loss: { before: number; after: number };
  /** Expected calibration error, 15 bins, 0 to 1: at temperature 1 and at the bundle's. */
  calibrationError: { before: number; after: number };
  /** Images that were refused, whatever they were read as; and those of them that were read wrong. */
  refused: number;
  refusedWrong: number;
  perClass: ClassMetrics[];
  /** Counts `[10, 10]`: rows are the true digits, columns what was read. */
  confusion: number[][];
}

/** Suites that are measured together. */
export interface GroupFigures {
  title: string;
  /** Of the suites' accuracies, 0 to 1. */
  mean: number;
  /** What is aimed at; null where there is none. */
  meanTarget: number | null;
  met: boolean;
  /** Means that others published of the same suites. */
  published: PublishedMean[];
  suites: SuiteFigures[];
}

export interface PublishedMean {
  /** Of what: `a plain CNN`. */
  name: string;
  /** 0 to 1. */
  mean: number;
}

export interface SuiteFigures {
  name: string;
  title: string;
  /** What was done to the digits. */
  summary: string;
  images: number;
  /** Share that came out right, 0 to 1; of what must not be accepted, the share that was refused. */
  accuracy: number;
  /** Share answered with `accepted: false`, 0 to 1. */
  refused: number;
  target: number;
  /** Area under the ROC curve of clean digits' scores against these, 0 to 1, and what is aimed at; null where scores are none of the matter. */
  auroc: number | null;
  separation: number | null;
  met: boolean;
}

/** The training that the bundle came from. */
export interface RunFigures {
  recipe: string;
  summary: string;
  seed: number;
  /** Where it differs from the recipe as this version has it. */
  changes: string[];
  epochs: number;
  steps: number;
  parameters: number;
  trainSeconds: number;
  backend: string;
  device: string;
  /** Null where nobody set them. */
  threads: number | null;
  machine: Machine | null;
  /** Images set aside from training; everything is chosen on these. */
  validationImages: number;
  train: SetMetrics | null;
  validation: SetMetrics | null;
  /** Settings by which the images were varied, those that are off left out. */
  augmentation: Record<string, number>;
  /** Pictures of no digit beside the digits of a batch, as a share of these; 0: none. */
  outlierShare: number;
  /** Whether the test set was measured at the end alone. */
  testedOnce: boolean;
  teachers: TeacherFigures[];
}

/** A run that taught the network. */
export interface TeacherFigures {
  /** Of its run folder. */
  name: string;
  /** Of its `model.json` and `weights.bin`, one after the other. */
  sha256: string;
  /** On the test set, 0 to 1; null where that run was not at hand. */
  accuracy: number | null;
}

export interface SeedsFigures {
  runs: SeedFigures[];
  /** Of the test accuracies: mean and sample standard deviation (n - 1), null of a single run. */
  mean: number;
  deviation: number | null;
}

export interface SeedFigures {
  seed: number;
  test: SetMetrics;
  validation: SetMetrics | null;
  trainSeconds: number;
}

export interface PictureFigures {
  /** How many are shown, and of how many there are. */
  shown: number;
  of: number;
}

const MEASURED_AT = objectOf<SetMetrics>({ accuracy: SHARE, loss: NUMBER });
const MACHINE = objectOf<Machine>({ processor: TEXT, logicalCores: COUNT, node: TEXT, onnxRuntime: TEXT });
const BEFORE_AND_AFTER = objectOf<TestFigures['loss']>({ before: NUMBER, after: NUMBER });

const TEST = objectOf<TestFigures>({
  images: COUNT,
  accuracy: SHARE,
  wrong: COUNT,
  loss: BEFORE_AND_AFTER,
  calibrationError: BEFORE_AND_AFTER,
  refused: COUNT,
  refusedWrong: COUNT,
  perClass: listOf(
    objectOf<ClassMetrics>({ digit: COUNT, precision: SHARE, recall: SHARE, f1: SHARE, support: COUNT }),
  ),
  confusion: listOf(listOf(COUNT)),
});

const SUITE = objectOf<SuiteFigures>({
  name: TEXT,
  title: TEXT,
  summary: TEXT,
  images: COUNT,
  accuracy: SHARE,
  refused: SHARE,
  target: SHARE,
  auroc: orNull(SHARE),
  separation: orNull(SHARE),
  met: FLAG,
});

const GROUPS = listOf(
  objectOf<GroupFigures>({
    title: TEXT,
    mean: SHARE,
    meanTarget: orNull(SHARE),
    met: FLAG,
    published: listOf(objectOf<PublishedMean>({ name: TEXT, mean: SHARE })),
    suites: listOf(SUITE),
  }),
);

const RUN = objectOf<RunFigures>({
  recipe: TEXT,
  summary: TEXT,
  seed: COUNT,
  changes: listOf(TEXT),
  epochs: COUNT,
  steps: COUNT,
  parameters: COUNT,
  trainSeconds: NUMBER,
  backend: TEXT,
  device: TEXT,
  threads: orNull(COUNT),
  machine: orNull(MACHINE),
  validationImages: COUNT,
  train: orNull(MEASURED_AT),
  validation: orNull(MEASURED_AT),
  augmentation: tableOf(NUMBER),
  outlierShare: NUMBER,
  testedOnce: FLAG,
  teachers: listOf(objectOf<TeacherFigures>({ name: TEXT, sha256: SHA256, accuracy: orNull(SHARE) })),
});

const SEEDS = objectOf<SeedsFigures>({
  runs: listOf(
    objectOf<SeedFigures>({
      seed: COUNT,
      test: MEASURED_AT,
      validation: orNull(MEASURED_AT),
      trainSeconds: NUMBER,
    }),
  ),
  mean: SHARE,
  deviation: orNull(NUMBER),
});

const FIGURES: Shape = objectOf<Figures>({
  format: exactly(FIGURES_FORMAT),
  model: SHA256,
  machine: MACHINE,
  imagesOfSuite: orNull(COUNT),
  test: TEST,
  suites: objectOf<Figures['suites']>({ robust: GROUPS, outliers: GROUPS, numbers: GROUPS }),
  run: orNull(RUN),
  seeds: orNull(SEEDS),
  commands: listOf(TEXT),
  pictures: tableOf(objectOf<PictureFigures>({ shown: COUNT, of: COUNT })),
});

/**
 * Checks what `JSON.parse` gave for a `figures.json`.
 * @throws TenfoldError `corrupt`, naming the first place that is not as it should be
 */
export function checkFigures(value: unknown, source: string): Figures {
  requireShape(FIGURES, value, source, 'Measure the bundle again by tenfold card.');
  return value as Figures;
}
