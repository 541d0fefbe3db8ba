import { type AccuracyAtEpoch, PUBLISHED, type PublishedFigures } from '../recipes/published.js';
import {
  type PublishedFigure,
  type PublishedMeasure,
  publishedAt,
  publishedText,
} from '../recipes/published-at.js';
import { RECIPES, type RecipeName } from '../recipes/table.js';
import { recallOf } from '../reports/curves.js';
import { decimal, duration, percent, points, ranges, share, spread } from '../reports/format.js';
import type { ReportRun } from '../reports/read-run.js';
import { deviation, mean } from '../reports/statistics.js';

/** A point of a sweep with the runs that there are of it; those of equal length are one entry. */
export interface Entry {
  label: string;
  recipe: RecipeName;
  /** They differ in their seed alone; none where the recipe was not run. */
  runs: readonly ReportRun[];
}

type Align = 'left' | 'right';

export interface Column<Row> {
  name: string;
  cell(row: Row): string;
  align?: Align;
}

const NONE = '';

/** A table in Markdown; columns whose every cell is empty are left out. */
export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = columns.map((column) => ({ column, texts: rows.map(column.cell) }));
  const shown = cells.filter(
    ({ column, texts }) => column.name === '' || texts.some((text) => text !== NONE),
  );
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  return [
    line(shown.map(({ column }) => column.name)),
    line(shown.map(({ column }) => (column.align === 'left' ? '---' : '--:'))),
    ...rows.map((_, row) => line(shown.map(({ texts }) => texts[row]!))),
  ].join('\n');
}

const figuresOf = ({ recipe }: Entry): PublishedFigures | undefined => PUBLISHED[recipe];

/** Epochs that the recipe asks for. */
const fullEpochs = ({ recipe }: Entry): number => RECIPES[recipe].training.epochs;

export const epochsOf = ({ runs }: Entry): number => runs[0]?.metrics.epochs ?? 0;

export const isShortened = (entry: Entry): boolean =>
  entry.runs.length > 0 && epochsOf(entry) < fullEpochs(entry);

const epochsText = (entry: Entry): string => {
  if (entry.runs.length === 0) return 'not run';
  return isShortened(entry) ? `${epochsOf(entry)} of ${fullEpochs(entry)}` : String(epochsOf(entry));
};

type Read = (run: ReportRun) => number | undefined;

const spreadOf = (
  { runs }: Entry,
  read: Read,
  format: (value: number | null | undefined) => string,
): string => {
  const values = runs.map(read);
  const middle = mean(values);
  return middle === undefined ? NONE : spread(format, middle, deviation(values));
};

const testAccuracy: Read = ({ metrics }) => metrics.test.accuracy;

/** What the report has of it, by the epochs of our runs; by those of the recipe where there are none. */
const figureOf = (entry: Entry, measure: PublishedMeasure): PublishedFigure | undefined =>
  publishedAt(figuresOf(entry), measure, epochsOf(entry) || fullEpochs(entry));

const published =
  (measure: PublishedMeasure, format: (value: number) => string) =>
  (entry: Entry): string => {
    const figure = figureOf(entry, measure);
    return figure ? publishedText(figure, format) : NONE;
  };

/** Nothing where the report's figure is of another number of epochs than ours. */
const difference = (entry: Entry): string => {
  const ours = mean(entry.runs.map(testAccuracy));
  const theirs = figureOf(entry, 'testAccuracy');
  return ours === undefined || theirs === undefined || theirs.moment ? NONE : points(ours - theirs.value);
};

/** What was reached in the end, beside what was published. */
export const resultsTable = (entries: readonly Entry[]): string => {
  const byEpoch = entries.some((entry) => figuresOf(entry)?.trainAccuracyByEpoch);
  const columns: Column<Entry>[] = [
    { name: '', cell: ({ label }) => label, align: 'left' },
    { name: 'seeds', cell: ({ runs }) => ranges(runs.map(({ recipe }) => recipe.seed)) },
    { name: 'epochs', cell: epochsText },
    { name: 'test accuracy', cell: (entry) => spreadOf(entry, testAccuracy, percent) },
    {
      name: 'published',
      cell: published('testAccuracy', percent),
    },
    { name: 'points', cell: difference },
    { name: 'test loss', cell: (entry) => spreadOf(entry, ({ metrics }) => metrics.test.loss, decimal) },
    { name: 'published', cell: published('testLoss', decimal) },
    ...(byEpoch
      ? []
      : [
          {
            name: 'training accuracy',
            cell: (entry: Entry) => spreadOf(entry, ({ metrics }) => metrics.train?.accuracy, percent),
          },
          {
            name: 'published',
            cell: published('trainAccuracy', percent),
          },
        ]),
    {
      name: 'time an epoch',
      cell: ({ runs }) =>
        runs.length === 0
          ? NONE
          : duration(mean(runs.map(({ metrics }) => metrics.trainSeconds / metrics.epochs))),
    },
  ];
  return markdownTable(columns, entries);
};

type Split = 'test' | 'train';

const BY_EPOCH: { [S in Split]: (figures: PublishedFigures) => readonly AccuracyAtEpoch[] | undefined } = {
  test: ({ testAccuracyByEpoch }) => testAccuracyByEpoch,
  train: ({ trainAccuracyByEpoch }) => trainAccuracyByEpoch,
};

/** Ours with what was published in brackets behind it, either of which may not be known. */
const beside = (ours: number | undefined, theirs: number | undefined): string =>
  [
    ours === undefined || Number.isNaN(ours) ? '' : percent(ours),
    theirs === undefined ? '' : `(${percent(theirs)})`,
  ]
    .filter(Boolean)
    .join(' ');

/**
 * Ours and, in brackets, what was published of the same epochs, and the best on the way; null where nothing was published of
 * any epoch but the last.
 */
export function epochsTable(entries: readonly Entry[], split: Split): string | null {
  const figures = (entry: Entry) => {
    const own = figuresOf(entry);
    return (own && BY_EPOCH[split](own)) ?? [];
  };
  const epochs = [...new Set(entries.flatMap((entry) => figures(entry).map(({ epoch }) => epoch)))];
  if (epochs.length < 2) return null;
  const columnOf = (run: ReportRun) => run.epochs.column(`${split}Accuracy`);
  const best: Column<Entry> = {
    name: 'best epoch',
    cell: (entry) =>
      beside(
        mean(entry.runs.map((run) => Math.max(...(columnOf(run) ?? [])))),
        figuresOf(entry)?.bestTestAccuracy?.accuracy,
      ),
  };
  return markdownTable(
    [
      { name: '', cell: ({ label }: Entry) => label, align: 'left' },
      ...epochs
        .sort((a, b) => a - b)
        .map(
          (epoch): Column<Entry> => ({
            name: `epoch ${epoch}`,
            cell: (entry) =>
              beside(
                mean(entry.runs.map((run) => columnOf(run)?.[epoch - 1])),
                figures(entry).find((own) => own.epoch === epoch)?.accuracy,
              ),
          }),
        ),
      ...(split === 'test' ? [best] : []),
    ],
    entries,
  );
}

/** Recall of each digit, ours and, in brackets, the published; null where none was published. */
export function recallTable(entries: readonly Entry[]): string | null {
  const known = entries.filter((entry) => figuresOf(entry)?.recall && entry.runs.length > 0);
  if (known.length === 0) return null;
  const recalls = known.map(({ label, runs }) =>
    recallOf({ name: label, runs: runs as [ReportRun, ...ReportRun[]] }),
  );
  return markdownTable(
    [
      { name: 'digit', cell: (digit: number) => String(digit), align: 'left' },
      ...known.map(
        (entry, at): Column<number> => ({
          name: entry.label,
          cell: (digit) => `${share(recalls[at]![digit])} (${share(figuresOf(entry)!.recall![digit])})`,
        }),
      ),
    ],
    Array.from({ length: 10 }, (_, digit) => digit),
  );
}

/** An experiment's points, each once. */
interface Summary {
  title: string;
  entries: readonly Entry[];
}

/** How many points of each experiment were run, and how many of them in full reach what was published. */
export function summaryTable(experiments: readonly Summary[]): string {
  const counted =
    (counts: (entry: Entry) => boolean) =>
    ({ entries }: Summary): string =>
      String(entries.filter(counts).length);
  const isFull = (entry: Entry) => entry.runs.length > 0 && !isShortened(entry);
  const isHeld = (entry: Entry) => isFull(entry) && figureOf(entry, 'testAccuracy') !== undefined;
  const isReached = (entry: Entry) =>
    isHeld(entry) && mean(entry.runs.map(testAccuracy))! >= figureOf(entry, 'testAccuracy')!.value;
  return markdownTable(
    [
      { name: 'experiment', cell: ({ title }: Summary) => title, align: 'left' },
      { name: 'networks and settings', cell: counted(() => true) },
      { name: 'run in full', cell: counted(isFull) },
      { name: 'shortened', cell: counted(isShortened) },
      {
        name: 'mean at least the published test accuracy',
        cell: (own) => `${counted(isReached)(own)} of ${counted(isHeld)(own)}`,
      },
    ],
    experiments,
  );
}
