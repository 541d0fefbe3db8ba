import {
  type Figures,
  type GroupFigures,
  PICTURE_NAMES,
  type PictureName,
  type SuiteName,
} from '../../core/figures.js';
import type { LabelledImages } from '../../train/dataset/mnist.js';
import { measureSuites, SUITES } from '../suites.js';
import { Failures } from './failures.js';
import { type CardPicture, DIGITS, failuresPicture, NUMBERS, shrunk } from './pictures.js';

/** Pictures of a card; null where there is nothing to show. */
export type Drawn = Partial<Record<PictureName, CardPicture | null>>;

export interface MeasuredSuite {
  groups: GroupFigures[];
  drawn: Drawn;
}

/** What is drawn of a suite's failures. */
const DRAW: {
  readonly [S in SuiteName]: (groups: readonly GroupFigures[], failures: Failures) => Promise<Drawn>;
} = {
  robust: async ([corruptions, users], failures) => ({
    corruptions: await failuresPicture(corruptions!.suites, failures, DIGITS),
    users: await failuresPicture(users!.suites, failures, DIGITS),
  }),
  outliers: async (groups, failures) => ({
    outliers: await failuresPicture(suitesOf(groups), failures, DIGITS),
  }),
  numbers: async (groups, failures) => ({
    numbers: await failuresPicture(suitesOf(groups), failures, NUMBERS),
  }),
};

const suitesOf = (groups: readonly GroupFigures[]) => groups.flatMap(({ suites }) => suites);

export interface MeasureSuiteOptions {
  bundle: string;
  test: LabelledImages;
  /** The most pictures of each suite; undefined for all. */
  images: number | undefined;
  say(line: string): void;
}

/** Measures a bundle on a suite, and draws what came out wrong. Tells of each row as it is known. */
export async function suiteFigures(
  suite: SuiteName,
  { bundle, test, images, say }: MeasureSuiteOptions,
): Promise<MeasuredSuite> {
  const failures = new Failures(DIGITS.columns);
  const onOutcome = failures.add.bind(failures);
  const results = await measureSuites({ bundle, suite, digits: test, images, say, onOutcome });
  const groups = results.map(({ title, mean, meanTarget, met, suites }, place): GroupFigures => {
    const group = SUITES[suite][place]!;
    return {
      title,
      mean,
      meanTarget,
      met,
      published: [...(group.published ?? [])],
      suites: suites.map(({ auroc, ...row }) => {
        const { summary, separation } = group.suites[row.name]!;
        return { ...row, summary, auroc: auroc ?? null, separation: separation ?? null };
      }),
    };
  });
  return { groups, drawn: await DRAW[suite](groups, failures) };
}

/** The PNG files of what was drawn, and what they show. */
export async function filesOf(drawn: Drawn): Promise<{
  shown: Figures['pictures'];
  pictures: Partial<Record<PictureName, Buffer>>;
}> {
  const shown: Figures['pictures'] = {};
  const pictures: Partial<Record<PictureName, Buffer>> = {};
  for (const name of PICTURE_NAMES) {
    const picture = drawn[name];
    if (!picture) continue;
    pictures[name] = await shrunk(name, picture.png);
    shown[name] = { shown: picture.shown, of: picture.of };
  }
  return { shown, pictures };
}
