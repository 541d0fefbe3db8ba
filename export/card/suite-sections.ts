import type { Figures, GroupFigures, PictureFigures, PictureName } from '../../core/figures.js';
import { type Column, count, numbers, percent, plain, table, words } from './markdown.js';
import { picture } from './picture.js';

interface GroupText {
  title: string;
  /** What it measures, and what is made of test digits. */
  introduction: string;
  /** Headings of the suite and of its share. */
  suite: string;
  accuracy: string;
  /** How the mean's row calls what is averaged. */
  picture: PictureName;
  /** What the picture shows of each suite, beginning a sentence. */
  failures: string;
}

const CORRUPTIONS: GroupText = {
  title: 'Fifteen corruptions (MNIST-C)',
  introduction:
    'The corruptions of MNIST-C (Mu and Gilmer 2019) by our own implementation of the published generator, on the test digits; none of its code is used in training.',
  suite: 'corruption',
  accuracy: 'accuracy',
  picture: 'corruptions',
  failures: 'Corrupted digits that were read wrong',
};

const USERS: GroupText = {
  title: 'What users send',
  introduction:
    'Test digits drawn into larger pictures as people make and send them, read from their pixels on, preprocessing included.',
  suite: 'kind of picture',
  accuracy: 'accuracy',
  picture: 'users',
  failures: 'Pictures that were read wrong',
};

const OUTLIERS: GroupText = {
  title: 'What is no digit',
  introduction:
    'Nothing of it may be accepted; none of it is trained on, nor does training share its code. AUROC is the area under the ROC curve of clean test digits’ scores against these.',
  suite: 'kind of picture',
  accuracy: 'refused',
  picture: 'outliers',
  failures: 'Pictures of no digit that were accepted as one',
};

const NUMBERS: GroupText = {
  title: 'Whole numbers',
  introduction:
    'Test digits side by side in one picture; right is a picture of which every digit is read and none is added.',
  suite: 'numbers',
  accuracy: 'read exactly',
  picture: 'numbers',
  failures: 'Whole numbers that were read wrong',
};

/** A section for each group of suites, in their order. */
export function suiteSections({ suites, pictures }: Figures): string[] {
  const [corruptions, users] = suites.robust;
  return [
    ...[corruptions].flatMap((group) => (group ? [section(group, CORRUPTIONS, pictures)] : [])),
    ...[users].flatMap((group) => (group ? [section(group, USERS, pictures)] : [])),
    ...suites.outliers.map((group) => section(group, OUTLIERS, pictures)),
    ...suites.numbers.map((group) => section(group, NUMBERS, pictures)),
  ];
}

function section(group: GroupFigures, text: GroupText, pictures: Figures['pictures']): string {
  const caption = ({ shown, of }: PictureFigures) =>
    `${text.failures}, a row for each kind, the worst first: ${shown} of ${count(of)}. ${text === OUTLIERS ? 'What it was read as, and how surely' : 'What it is → what it was read as, and how surely; in brackets, what was refused'}.`;
  return [
    `## ${text.title}`,
    text.introduction,
    suiteTable(group, text),
    ...publishedLine(group),
    ...picture(pictures, text.picture, (shown) => ({ alt: text.failures, caption: caption(shown) })),
  ].join('\n\n');
}

/** Of outliers what is right is what is refused, and stands once. */
function suiteTable({ suites, mean, meanTarget }: GroupFigures, text: GroupText): string {
  const isOutliers = text === OUTLIERS;
  const hasScores = suites.some(({ auroc }) => auroc !== null);
  const columns: Column[] = [
    ...words(text.suite),
    ...numbers(text.accuracy, 'aim'),
    ...(isOutliers ? [] : numbers('refused')),
    ...(hasScores ? numbers('AUROC', 'aim') : []),
    ...numbers('pictures'),
    ...words('what they are'),
  ];
  const rows = suites.map((suite) => [
    plain(suite.title),
    reached(percent(suite.accuracy), suite.accuracy, suite.target),
    percent(suite.target, 0),
    ...(isOutliers ? [] : [percent(suite.refused)]),
    ...(hasScores ? areaCells(suite) : []),
    count(suite.images),
    plain(suite.summary),
  ]);
  const images = suites.reduce((sum, suite) => sum + suite.images, 0);
  const meanRow = [
    '**mean**',
    `**${reached(percent(mean), mean, meanTarget ?? 0)}**`,
    meanTarget === null ? '' : percent(meanTarget, 0),
    ...(isOutliers ? [] : ['']),
    ...(hasScores ? ['', ''] : []),
    count(images),
    '',
  ];
  return table(columns, [...rows, meanRow]);
}

const areaCells = ({ auroc, separation }: GroupFigures['suites'][number]): string[] => [
  auroc === null ? '' : reached(auroc.toFixed(4), auroc, separation ?? 0),
  separation === null ? '' : separation.toFixed(2),
];

/** Marks what stays below its aim. */
const reached = (text: string, value: number, target: number): string =>
  value >= target ? text : `✗\u00a0${text}`;

const publishedLine = ({ published }: GroupFigures): string[] =>
  published.length === 0
    ? []
    : [
        `Published means: ${published.map(({ name, mean }) => `${plain(name)} ${percent(mean, 1)}`).join(', ')}.`,
      ];

/** What stays below its aim, an item for each group that has such. */
export function missedAims({ suites }: Figures): string[] {
  return Object.values(suites)
    .flat()
    .flatMap((group): string[] => {
      const { title, mean, meanTarget } = group;
      const missed = [
        ...(meanTarget !== null && mean < meanTarget
          ? [`the mean ${percent(mean)} (aim ${percent(meanTarget, 0)})`]
          : []),
        ...group.suites.flatMap(({ title: name, accuracy, target, auroc, separation }) => [
          ...(accuracy < target ? [`${plain(name)} ${percent(accuracy)} (aim ${percent(target, 0)})`] : []),
          ...(auroc !== null && separation !== null && auroc < separation
            ? [`${plain(name)} AUROC ${auroc.toFixed(4)} (aim ${separation.toFixed(2)})`]
            : []),
        ]),
      ];
      return missed.length === 0 ? [] : [`${plain(title)}: ${missed.join(', ')}`];
    });
}
