import { type Content, html, type Markup } from '../../core/markup.js';
import type { PublishedFigures } from '../recipes/published.js';
import { endOf, type PublishedMeasure, publishedAt, publishedText } from '../recipes/published-at.js';
import { imagesPerSecond } from './curves.js';
import { count, decimal, duration, NOT_MEASURED, percent, points, ranges, share, spread } from './format.js';
import { changedSettings, type RunGroup } from './groups.js';
import type { ReportRun } from './read-run.js';
import { deviation, mean } from './statistics.js';

interface Column<Row> {
  name: string;
  cell(row: Row): Content;
  /** Figures stand to the right, words to the left. */
  words?: boolean;
}

/** Words of so many letters stay in one line. */
const LONGEST_UNBROKEN = 36;

/** More columns than this stand closer together. */
const MOST_ROOMY = 7;

const cellMarkup = (content: Content): Content =>
  content === NOT_MEASURED ? html`<i>${NOT_MEASURED}</i>` : content;

/** A table whose first column names its rows; it scrolls sideways where it is too wide. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], caption: string): Markup {
  const kind = ({ words }: Column<Row>, content: Content) => {
    if (!words) return 'figure';
    return typeof content === 'string' && content.length > LONGEST_UNBROKEN ? 'words prose' : 'words';
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="${columns.length > MOST_ROOMY ? 'dense' : ''}"><caption>${caption}</caption><thead><tr>${columns.map(
    (column) => html`<th scope="col" class="${kind(column, column.name)}">${column.name}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${columns.map((column, index) => {
      const content = cellMarkup(column.cell(row));
      return index === 0
        ? html`<th scope="row" class="${kind(column, content)}">${content}</th>`
        : html`<td class="${kind(column, content)}">${content}</td>`;
    })}</tr>
`,
  )}</tbody></table></div>`;
}

interface Measure {
  name: string;
  value(run: ReportRun): number | undefined;
  format(value: number | null | undefined): string;
  /** What reports call it. */
  published?: PublishedMeasure;
}

const lastOf = ({ epochs }: ReportRun, name: string): number | undefined => epochs.column(name)?.at(-1);

/** What a report shows of each run that is a figure, in the order of its tables. */
const MEASURES: readonly Measure[] = [
  {
    name: 'Training loss',
    value: (run) => run.metrics.train?.loss ?? lastOf(run, 'trainLoss'),
    format: decimal,
    published: 'trainLoss',
  },
  {
    name: 'Training accuracy',
    value: (run) => run.metrics.train?.accuracy ?? lastOf(run, 'trainAccuracy'),
    format: percent,
    published: 'trainAccuracy',
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
    published: 'testLoss',
  },
  {
    name: 'Test accuracy',
    value: ({ metrics }) => metrics.test.accuracy,
    format: percent,
    published: 'testAccuracy',
  },
  { name: 'Calibration error', value: ({ metrics }) => metrics.test.calibrationError, format: decimal },
  { name: 'Training time', value: ({ metrics }) => metrics.trainSeconds, format: duration },
  { name: 'Images a second', value: imagesPerSecond, format: count },
];

/** What a cell without a figure holds. */
const NONE = '\u2013';

const measureNamed = (name: string): Measure => MEASURES.find((measure) => measure.name === name)!;
const TEST_ACCURACY = measureNamed('Test accuracy');

/** What tables of groups show, what counts most first. */
const COMPARED = [
  'Test accuracy',
  'Test loss',
  'Validation accuracy',
  'Validation loss',
  'Training accuracy',
  'Training loss',
  'Calibration error',
].map(measureNamed);

/** Of how fast runs were; the others are of how good. */
const COSTS = ['Training time', 'Images a second'].map(measureNamed);

const publishedFigure = (
  { published }: Measure,
  figures: PublishedFigures | undefined,
  { metrics }: ReportRun,
) => published && publishedAt(figures, published, metrics.epochs);

/** What the published report has for it; nothing where there is no report. */
function publishedCell(measure: Measure, figures: PublishedFigures | undefined, run: ReportRun): string {
  const figure = publishedFigure(measure, figures, run);
  return figure ? publishedText(figure, measure.format) : '';
}

const publishedOf = (measure: Measure, { published, runs }: RunGroup): string =>
  publishedCell(measure, published, runs[0]);

/** Explains published figures of another number of epochs than the runs had; nothing where there are none. */
export const otherEpochsNote = (groups: readonly RunGroup[]): string =>
  groups.some(({ published, runs }) =>
    MEASURES.some((measure) => publishedFigure(measure, published, runs[0])?.moment !== undefined),
  )
    ? ' Where it is said after how many epochs a published figure is, the report has none after as many as these runs had.'
    : '';

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
      ? [
          {
            name: 'Published',
            cell: (measure: Measure) => publishedCell(measure, published, run) || NONE,
          },
        ]
      : []),
  ];
  return table(columns, MEASURES, 'Its results');
}

/** What of a measure a table of groups shows: ours, and beside it what is published of any. */
function measureColumns(measure: Measure, groups: readonly RunGroup[]): Column<RunGroup>[] {
  const isAccuracy = measure === TEST_ACCURACY;
  const own: Column<RunGroup> = {
    name: measure.name,
    cell: ({ runs }) => {
      const values = runs.map(measure.value);
      const text = spread(measure.format, mean(values), deviation(values));
      return isAccuracy ? html`<b>${text}</b>` : text;
    },
  };
  if (groups.every((group) => publishedOf(measure, group) === '')) return [own];
  const published: Column<RunGroup> = {
    name: 'Published',
    cell: (group) => publishedOf(measure, group) || NONE,
  };
  const hasDifferences = isAccuracy && groups.some((group) => differenceOf(group) !== NONE);
  return hasDifferences
    ? [own, published, { name: 'Difference, points', cell: differenceOf }]
    : [own, published];
}

const isMeasured = ({ value }: Measure, groups: readonly RunGroup[]): boolean =>
  groups.some(({ runs }) => runs.some((run) => value(run) !== undefined));

/** What groups reached, a row each: mean and deviation over the seeds, beside what their reports published. */
export function groupTable(groups: readonly RunGroup[]): Markup {
  const measures = COMPARED.filter((measure) => isMeasured(measure, groups));
  const columns: Column<RunGroup>[] = [
    { name: 'Runs', cell: ({ label }) => label, words: true },
    { name: 'Seeds', cell: ({ runs }) => ranges(runs.map(({ recipe }) => recipe.seed)), words: true },
    ...measures.flatMap((measure) => measureColumns(measure, groups)),
  ];
  const caption = groups.some(({ runs }) => runs.length > 1)
    ? 'Results: mean and standard deviation (n \u2212 1) over the seeds'
    : 'Results';
  return table(columns, groups, caption);
}

/** What groups took. */
export function costTable(groups: readonly RunGroup[]): Markup {
  const each = (name: string, figure: (run: ReportRun) => string): Column<RunGroup> => ({
    name,
    cell: ({ runs }) => distinct(runs.map(figure)),
  });
  const columns: Column<RunGroup>[] = [
    { name: 'Runs', cell: ({ label }) => label, words: true },
    { ...each('Recipe', ({ recipe }) => recipe.name), words: true },
    each('Parameters', ({ metrics }) => count(metrics.parameters)),
    each('Epochs', ({ metrics }) => String(metrics.epochs)),
    each('Steps', ({ metrics }) => count(metrics.steps)),
    each('Batch size', ({ recipe }) => String(recipe.training.batchSize)),
    ...COSTS.map((measure) => ({
      name: measure.name,
      cell: ({ runs }: RunGroup) => measure.format(mean(runs.map(measure.value))),
    })),
    { ...each('Device', ({ metrics }) => `${metrics.backend}, ${metrics.device}`), words: true },
  ];
  return table(columns, groups, 'Size and time, times as means over the seeds');
}

/** From figures after as many epochs alone: others lie apart for that. */
function differenceOf({ runs, published }: RunGroup): string {
  const figure = publishedFigure(TEST_ACCURACY, published, runs[0]);
  const ours = mean(runs.map(TEST_ACCURACY.value));
  return figure === undefined || figure.moment !== undefined || ours === undefined
    ? NONE
    : points(ours - figure.value);
}

const distinct = (values: readonly string[]): string => [...new Set(values)].join(', ');

/** A row a run, where groups hold several. */
export function runsTable(groups: readonly RunGroup[]): Markup {
  const rows = groups.flatMap(({ label, runs }) => runs.map((run) => ({ label, run })));
  const columns: Column<(typeof rows)[number]>[] = [
    { name: 'Runs', cell: ({ label }) => label, words: true },
    { name: 'Seed', cell: ({ run }) => run.recipe.seed },
    { name: 'Steps', cell: ({ run }) => count(run.metrics.steps) },
    ...MEASURES.filter((measure) => isMeasured(measure, groups)).map(({ name, format, value }) => ({
      name,
      cell: ({ run }: (typeof rows)[number]) => format(value(run)),
    })),
    { name: 'Folder', cell: ({ run }) => run.folder, words: true },
  ];
  return table(columns, rows, 'Each run');
}

/** Precision, recall and F1 of each digit, beside the published recall. */
export function digitTable(run: ReportRun, published: PublishedFigures | undefined): Markup {
  const recall = published?.recall;
  const { moment = '' } = published ? endOf(published, run.metrics.epochs) : {};
  const columns: Column<ReportRun['metrics']['test']['perClass'][number]>[] = [
    { name: 'Digit', cell: ({ digit }) => digit, words: true },
    { name: 'Precision', cell: ({ precision }) => share(precision) },
    { name: 'Recall', cell: (row) => share(row.recall) },
    ...(recall
      ? [
          {
            name: `Recall, published ${moment}`.trim(),
            cell: ({ digit }: { digit: number }) => share(recall[digit]),
          },
        ]
      : []),
    { name: 'F1', cell: ({ f1 }) => share(f1) },
    { name: 'Images', cell: ({ support }) => count(support) },
  ];
  return table(columns, run.metrics.test.perClass, 'Each digit of the test set');
}

/** Every setting of a run with the reason that its recipe gives for it, or what the recipe has instead. */
export function settingsTable(run: ReportRun): Markup {
  const { recipe } = run;
  const changed = new Map((changedSettings(run) ?? []).map(({ key, original }) => [key, original]));
  const why = (key: string): string =>
    changed.has(key) ? `set for this run; the recipe has ${changed.get(key)}` : (recipe.reasons[key] ?? '');
  const columns: Column<[string, unknown]>[] = [
    { name: 'Setting', cell: ([key]) => html`<code>${key}</code>`, words: true },
    { name: 'Value', cell: ([, value]) => String(value) },
    { name: 'Why', cell: ([key]) => why(key), words: true },
  ];
  return table(columns, Object.entries({ ...recipe.model, ...recipe.training }), 'Every setting');
}
