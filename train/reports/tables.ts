import type { PublishedFigures } from '../recipes/published.js';
import { imagesPerSecond } from './curves.js';
import { count, decimal, duration, NOT_MEASURED, percent, points, share, spread } from './format.js';
import type { RunGroup } from './groups.js';
import { type Content, html, type Markup } from './markup.js';
import type { ReportRun } from './read-run.js';
import { deviation, mean } from './statistics.js';

interface Column<Row> {
  name: string;
  cell(row: Row): Content;
  /** Figures stand to the right, words to the left. */
  words?: boolean;
}

const cellMarkup = (content: Content): Content =>
  content === NOT_MEASURED ? html`<i>${NOT_MEASURED}</i>` : content;

/** A table whose first column names its rows; it scrolls sideways where it is too wide. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], caption: string): Markup {
  const kind = ({ words }: Column<Row>) => (words ? 'words' : 'figure');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${columns.map(
    (column) => html`<th scope="col" class="${kind(column)}">${column.name}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${columns.map((column, index) => {
      const content = cellMarkup(column.cell(row));
      return index === 0
        ? html`<th scope="row" class="${kind(column)}">${content}</th>`
        : html`<td class="${kind(column)}">${content}</td>`;
    })}</tr>
`,
  )}</tbody></table></div>`;
}

interface Measure {
  name: string;
  value(run: ReportRun): number | undefined;
  format(value: number | null | undefined): string;
  published?(figures: PublishedFigures): number | undefined;
}

const lastOf = ({ epochs }: ReportRun, name: string): number | undefined => epochs.column(name)?.at(-1);

/** What a report shows of each run that is a figure, in the order of its tables. */
const MEASURES: readonly Measure[] = [
  {
    name: 'Training loss',
    value: (run) => run.metrics.train?.loss ?? lastOf(run, 'trainLoss'),
    format: decimal,
    published: ({ trainLoss }) => trainLoss,
  },
  {
    name: 'Training accuracy',
    value: (run) => run.metrics.train?.accuracy ?? lastOf(run, 'trainAccuracy'),
    format: percent,
    published: ({ trainAccuracy }) => trainAccuracy,
  },
  {
    name: 'Validation loss',
    value: (run) => run.metrics.validation?.loss ?? lastOf(run, 'validationLoss'),
    format: decimal,
  },
  {
    name: 'Validation accuracy',
    value: (run) => run.metrics.validation?.accuracy ?? lastOf(run, 'validationAccuracy'),
    format: percent,
  },
  {
    name: 'Test loss',
    value: ({ metrics }) => metrics.test.loss,
    format: decimal,
    published: ({ testLoss }) => testLoss,
  },
  {
    name: 'Test accuracy',
    value: ({ metrics }) => metrics.test.accuracy,
    format: percent,
    published: ({ testAccuracy, testAccuracyByEpoch }) =>
      testAccuracy ?? testAccuracyByEpoch?.at(-1)?.accuracy,
  },
  { name: 'Calibration error', value: ({ metrics }) => metrics.test.calibrationError, format: decimal },
  { name: 'Training time', value: ({ metrics }) => metrics.trainSeconds, format: duration },
  { name: 'Images a second', value: imagesPerSecond, format: count },
];

const measureNamed = (name: string): Measure => MEASURES.find((measure) => measure.name === name)!;
const TEST_ACCURACY = measureNamed('Test accuracy');

/** What the published report has for it; nothing where there is no report. */
const publishedText = ({ published, format }: Measure, figures: PublishedFigures | undefined): string => {
  const figure = figures && published?.(figures);
  return figure === undefined ? '' : format(figure);
};

/** What a run was. */
export function factsTable(run: ReportRun): Markup {
  const { recipe, metrics } = run;
  const facts: [string, Content][] = [
    ['Recipe', recipe.name],
    ['Seed', recipe.seed],
    ['Parameters', count(metrics.parameters)],
    ['Epochs', metrics.epochs],
    ...(metrics.bestEpoch === undefined
      ? []
      : [['Best epoch, kept', metrics.bestEpoch] as [string, Content]]),
    ['Steps', count(metrics.steps)],
    ['Batch size', String(recipe.training.batchSize)],
    ['Backend and device', `${metrics.backend}, ${metrics.device}`],
    ['Folder', html`<code>${run.folder}</code>`],
  ];
  const columns: Column<[string, Content]>[] = [
    { name: 'Fact', cell: ([name]) => name, words: true },
    { name: 'This run', cell: ([, value]) => value, words: true },
  ];
  return table(columns, facts, 'The run');
}

/** What a run reached, a line a measure, beside what its report published. */
export function resultsTable(run: ReportRun, published: PublishedFigures | undefined): Markup {
  const columns: Column<Measure>[] = [
    { name: 'Measure', cell: ({ name }) => name, words: true },
    { name: 'This run', cell: ({ value, format }) => format(value(run)) },
    ...(published
      ? [{ name: 'Published', cell: (measure: Measure) => publishedText(measure, published) || '\u2013' }]
      : []),
  ];
  return table(columns, MEASURES, 'Its results');
}

/** A row a group: mean and deviation over its seeds, beside what its report published. */
export function groupTable(groups: readonly RunGroup[]): Markup {
  const spreadOf = (measure: Measure, { runs }: RunGroup): string => {
    const values = runs.map(measure.value);
    return spread(measure.format, mean(values), deviation(values));
  };
  const hasPublished = groups.some(({ published }) => published !== undefined);
  const shown = MEASURES.filter((measure) =>
    groups.some(({ runs }) => runs.some((run) => measure.value(run) !== undefined)),
  );
  const columns: Column<RunGroup>[] = [
    { name: 'Runs', cell: ({ label }) => label, words: true },
    { name: 'Seeds', cell: ({ runs }) => runs.map(({ recipe }) => recipe.seed).join(', '), words: true },
    { name: 'Test accuracy', cell: (group) => html`<b>${spreadOf(TEST_ACCURACY, group)}</b>` },
    ...(hasPublished
      ? [
          {
            name: 'Published',
            cell: ({ published }: RunGroup) => publishedText(TEST_ACCURACY, published) || '\u2013',
          },
          { name: 'Difference, points', cell: differenceOf },
        ]
      : []),
    { name: 'Test loss', cell: (group) => spreadOf(measureNamed('Test loss'), group) },
    ...(hasPublished
      ? [
          {
            name: 'Published',
            cell: ({ published }: RunGroup) =>
              publishedText(measureNamed('Test loss'), published) || '\u2013',
          },
        ]
      : []),
    ...shown
      .filter(({ name }) => name !== 'Test accuracy' && name !== 'Test loss')
      .flatMap((measure): Column<RunGroup>[] => {
        const own = { name: measure.name, cell: (group: RunGroup) => spreadOf(measure, group) };
        const isReported = groups.some(({ published }) => publishedText(measure, published) !== '');
        const report = {
          name: 'Published',
          cell: ({ published }: RunGroup) => publishedText(measure, published) || '\u2013',
        };
        return isReported ? [own, report] : [own];
      }),
    { name: 'Epochs', cell: ({ runs }) => distinct(runs.map(({ metrics }) => String(metrics.epochs))) },
    { name: 'Parameters', cell: ({ runs }) => count(runs[0].metrics.parameters) },
    {
      name: 'Device',
      cell: ({ runs }) => distinct(runs.map(({ metrics }) => `${metrics.backend}, ${metrics.device}`)),
      words: true,
    },
  ];
  const caption = groups.some(({ runs }) => runs.length > 1)
    ? 'Mean and standard deviation (n \u2212 1) over the seeds'
    : 'Results';
  return table(columns, groups, caption);
}

function differenceOf({ runs, published }: RunGroup): string {
  const figure = published && TEST_ACCURACY.published?.(published);
  const ours = mean(runs.map(TEST_ACCURACY.value));
  return figure === undefined || ours === undefined ? '\u2013' : points(ours - figure);
}

const distinct = (values: readonly string[]): string => [...new Set(values)].join(', ');

/** A row a run, where groups hold several. */
export function runsTable(groups: readonly RunGroup[]): Markup {
  const rows = groups.flatMap(({ label, runs }) => runs.map((run) => ({ label, run })));
  const columns: Column<(typeof rows)[number]>[] = [
    { name: 'Run', cell: ({ run }) => run.folder, words: true },
    { name: 'Of', cell: ({ label }) => label, words: true },
    { name: 'Seed', cell: ({ run }) => run.recipe.seed },
    { name: 'Steps', cell: ({ run }) => count(run.metrics.steps) },
    ...['Test accuracy', 'Test loss', 'Calibration error', 'Training time', 'Images a second'].map((name) => {
      const measure = measureNamed(name);
      return { name, cell: ({ run }: (typeof rows)[number]) => measure.format(measure.value(run)) };
    }),
  ];
  return table(columns, rows, 'Each run');
}

/** Precision, recall and F1 of each digit, beside the published recall. */
export function digitTable(run: ReportRun, published: PublishedFigures | undefined): Markup {
  const recall = published?.recall;
  const columns: Column<ReportRun['metrics']['test']['perClass'][number]>[] = [
    { name: 'Digit', cell: ({ digit }) => digit, words: true },
    { name: 'Precision', cell: ({ precision }) => share(precision) },
    { name: 'Recall', cell: (row) => share(row.recall) },
    ...(recall
      ? [{ name: 'Recall, published', cell: ({ digit }: { digit: number }) => share(recall[digit]) }]
      : []),
    { name: 'F1', cell: ({ f1 }) => share(f1) },
    { name: 'Images', cell: ({ support }) => count(support) },
  ];
  return table(columns, run.metrics.test.perClass, 'Each digit of the test set');
}

/** Every setting of a recipe with the reason that it gives for it. */
export function settingsTable({ recipe }: ReportRun): Markup {
  const columns: Column<[string, unknown]>[] = [
    { name: 'Setting', cell: ([key]) => html`<code>${key}</code>`, words: true },
    { name: 'Value', cell: ([, value]) => String(value) },
    { name: 'Why', cell: ([key]) => recipe.reasons[key] ?? '', words: true },
  ];
  return table(columns, Object.entries({ ...recipe.model, ...recipe.training }), 'Every setting');
}
