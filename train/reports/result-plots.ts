import { CLASS_COUNT } from '../../core/image.js';
import type { PublishedFigures } from '../recipes/published.js';
import { endOf, type PublishedFigure, publishedAt } from '../recipes/published-at.js';
import { drawChart, type Line } from './chart.js';
import { epochAxis, epochPoints, imagesPerSecond, keptEpoch, recallOf } from './curves.js';
import { count } from './format.js';
import type { RunGroup, Series } from './groups.js';
import { drawConfusion, drawRecallTable } from './matrix-plot.js';
import { MOST_LINES } from './panels.js';
import type { ReportRun } from './read-run.js';
import { mean, type Point } from './statistics.js';
import type { MissingPlot, Plot } from './svg.js';

type Figure = Plot | MissingPlot;

const DIGITS = Array.from({ length: CLASS_COUNT }, (_, digit) => String(digit));

/** Pixels between marks that stand side by side. */
const BESIDE = 9;

/** Recall of each digit, series side by side; a table where they are many. */
export function recallPlot(series: readonly Series[], published: PublishedFigures | undefined): Figure {
  const recalls = series.map((own) => ({ name: own.name, recall: recallOf(own) }));
  const epochs = series[0]?.runs[0].metrics.epochs;
  const plot = { name: 'recall', title: 'Recall of each digit' };
  if (series.length > MOST_LINES) {
    const caption = 'The darker, the further from 100% (in parts of the farthest).';
    return { ...plot, caption, draw: (format) => drawRecallTable(recalls, format) };
  }
  const marks = [
    ...recalls.map(({ name, recall }, look) => ({ name, recall, look: look as Line['look'] })),
    ...(published?.recall
      ? [
          {
            name: ['published', endOf(published, epochs).moment, `(${published.source})`]
              .filter(Boolean)
              .join(' '),
            recall: published.recall,
            look: 'published' as const,
          },
        ]
      : []),
  ];
  return {
    ...plot,
    caption: 'The share of the images of each digit that was read as that digit.',
    draw: (format) => {
      const step = format === 'wide' ? BESIDE : Math.min(BESIDE, 22 / marks.length);
      const lines = marks.map(({ name, recall, look }, index): Line => {
        const offset = [(index - (marks.length - 1) / 2) * step, 0] as const;
        const points = recall.map((value, digit): Point => [digit, 100 * value]);
        return { name, points, look, marks: 'only', offset };
      });
      const x = { name: 'Digit', categories: DIGITS };
      return drawChart({ x, y: { name: 'Recall (%)' }, lines, legend: true }, format);
    },
  };
}

/** How many of the digits are named; the others stand behind them. */
const NAMED_DIGITS = 3;

/** Accuracy on each digit after each epoch, those that end lowest by name. */
export function digitsByEpochPlot(series: Series): Figure {
  const title = 'Accuracy on each digit after each epoch';
  const curves = DIGITS.flatMap((digit) => {
    const points = epochPoints(series, `val_accuracy_class_${digit}`);
    return points ? [{ digit, points: points.map(([x, y]): Point => [x, 100 * y]) }] : [];
  });
  if (curves.length === 0) {
    return {
      title,
      missing: 'The run did not measure digits after each epoch (no val_accuracy_class_0 in epochs.csv).',
    };
  }
  const ending = [...curves].sort((a, b) => a.points.at(-1)![1] - b.points.at(-1)![1]);
  const lines: Line[] = [
    ...ending
      .slice(NAMED_DIGITS)
      .map(({ points }): Line => ({ name: 'the other digits', points, look: 'faint' })),
    ...ending
      .slice(0, NAMED_DIGITS)
      .map(({ digit, points }, look): Line => ({ name: `digit ${digit}`, points, look, marks: true })),
  ];
  return {
    name: 'digits-by-epoch',
    title,
    caption: `By name the ${NAMED_DIGITS} that end lowest.`,
    draw: (format) => drawChart({ x: epochAxis(lines), y: { name: 'Accuracy (%)' }, lines }, format),
  };
}

/** What each digit was read as, all runs of a series together. */
export function confusionPlot({ name, runs }: Series, file: string): Figure {
  const title = `Confusion matrix, ${name}`;
  const matrices = runs.flatMap(({ confusion }) => (confusion ? [confusion] : []));
  const [first] = matrices;
  if (!first) return { title, missing: 'The run has neither predictions.csv nor a confusion matrix.' };
  const total = first.map((row, digit) =>
    row.map((_, column) => matrices.reduce((sum, matrix) => sum + matrix[digit]![column]!, 0)),
  );
  const images = total.flat().reduce((sum, value) => sum + value, 0);
  const wrong = images - total.reduce((sum, row, digit) => sum + row[digit]!, 0);
  const several = matrices.length > 1 ? `, ${matrices.length} runs together` : '';
  return {
    name: file,
    title,
    caption:
      `Rows are the true digits, columns what they were read as; a point is none. ` +
      `${count(wrong)} of ${count(images)} are wrong${several}.`,
    draw: (format) => drawConfusion(total, format),
  };
}

/** A row a group: single runs, their mean and, where there is one, the published figure. */
function rowsPlot(
  plot: Pick<Plot, 'name' | 'title' | 'caption'>,
  groups: readonly RunGroup[],
  unit: string,
  { value, published, fromZero }: RowFigures,
): Plot {
  // The first group stands on top, while categories count from below.
  const rows = [...groups].reverse();
  const single = rows.flatMap(({ runs }, row) => runs.map((run): Point => [value(run), row]));
  const means = rows.map(({ runs }, row): Point => [mean(runs.map(value)) ?? Number.NaN, row]);
  const figures = rows.map((group) => published?.(group));
  const reported = figures.flatMap((figure, row): Point[] => (figure ? [[100 * figure.value, row]] : []));
  const areOfSameEpochs = figures.every((figure) => figure?.moment === undefined);
  const isSeveral = groups.some(({ runs }) => runs.length > 1);
  const lines: Line[] = [
    ...(isSeveral ? [{ name: 'single runs', points: single, look: 4, marks: 'only' as const }] : []),
    { name: isSeveral ? 'mean' : 'run', points: means, look: 0, marks: 'only', size: 9 },
    ...(reported.length > 0
      ? [
          {
            name: areOfSameEpochs ? 'published' : 'published, some after other epochs',
            points: reported,
            look: 'published' as const,
            marks: 'only' as const,
          },
        ]
      : []),
  ];
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(([x]) => x)));
  return {
    ...plot,
    draw: (format) =>
      drawChart(
        {
          x: { name: unit, grid: true, ...(fromZero && { range: [0, 1.05 * highest] as const }) },
          y: { name: '', categories: rows.map(({ label }) => label), grid: false },
          lines,
          legend: lines.length > 1,
          height: 84 + 30 * rows.length,
        },
        format,
      ),
  };
}

interface RowFigures {
  value(run: ReportRun): number;
  /** A share, in percent on the axis. */
  published?(group: RunGroup): PublishedFigure | undefined;
  fromZero: boolean;
}

export function resultsPlot(groups: readonly RunGroup[]): Plot {
  const isAnyBest = groups.some((group) => keptEpoch(group) !== undefined);
  const orBest = isAnyBest ? ', or with the weights of the best one where training might end early' : '';
  return rowsPlot(
    {
      name: 'results',
      title: 'Test accuracy of each',
      caption: `On the whole test set, after the last epoch${orBest}.`,
    },
    groups,
    'Test accuracy (%)',
    {
      value: ({ metrics }) => 100 * metrics.test.accuracy,
      published: ({ published, runs }) => publishedAt(published, 'testAccuracy', runs[0].metrics.epochs),
      fromZero: false,
    },
  );
}

export const timePlots = (groups: readonly RunGroup[]): Plot[] => [
  rowsPlot(
    { name: 'time', title: 'Training time of each', caption: 'Training steps alone, without evaluations.' },
    groups,
    'Training time (s)',
    { value: ({ metrics }) => metrics.trainSeconds, fromZero: true },
  ),
  rowsPlot(
    {
      name: 'speed',
      title: 'Images a second of each',
      caption: 'Steps times batch size over training time.',
    },
    groups,
    'Training images a second (1/s)',
    { value: imagesPerSecond, fromZero: true },
  ),
];

/** Time and images a second of each epoch of one run. */
export function epochTimePlots(series: Series): Figure[] {
  const quantities = [
    {
      name: 'epoch-time',
      column: 'seconds',
      title: 'Time of each epoch',
      unit: 'Time (s)',
      caption: 'Evaluations included.',
    },
    {
      name: 'epoch-speed',
      column: 'imagesPerSecond',
      title: 'Training images a second in each epoch',
      unit: 'Images a second (1/s)',
      caption: '',
    },
  ];
  return quantities.map(({ name, column, title, unit, caption }): Figure => {
    const points = epochPoints(series, column);
    if (!points) return { title, missing: `The run did not record it (no ${column} in epochs.csv).` };
    const highest = Math.max(...points.map(([, y]) => y));
    const average = mean(points.map(([, y]) => y));
    return {
      name,
      title,
      caption: `${caption} Mean ${average?.toFixed(1)}.`.trim(),
      draw: (format) =>
        drawChart(
          {
            x: epochAxis([{ points }]),
            y: { name: unit, range: [0, 1.1 * highest] },
            lines: [{ name: unit, points, look: 0, marks: true }],
            height: 240,
          },
          format,
        ),
    };
  });
}
