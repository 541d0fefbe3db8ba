import type { Figures, RunFigures, SeedsFigures } from '../../core/figures.js';
import type { Machine } from '../../core/run.js';
import { count, duration, numbers, percent, plain, table, words } from './markdown.js';
import { picture } from './picture.js';

/** The run that the bundle was made from, and the same training by other seeds. */
export function trainingSection({ run, seeds, pictures }: Figures): string {
  if (!run) return '## Training\n\nThe run was not at hand when this card was made.';
  return [
    '## Training',
    runTable(run),
    ...picture(pictures, 'training', () => ({
      alt: 'Share of images read wrong after each epoch',
      caption:
        'Share of images read wrong after each epoch. That of training is the mean over the mini-batches of the epoch, augmented as they were, while the weights still move.',
    })),
    ...(seeds ? [seedsText(seeds)] : []),
  ].join('\n\n');
}

export const machineText = ({ processor, logicalCores, node, onnxRuntime }: Machine): string =>
  `${plain(processor)}, ${logicalCores} logical cores, Node ${node}, onnxruntime-node ${onnxRuntime}`;

function runTable(run: RunFigures): string {
  const engine = `${run.backend} on ${run.device}`;
  const threads = run.threads ? `, ${run.threads} ${run.threads === 1 ? 'thread' : 'threads'}` : '';
  const reached = ({ accuracy, loss }: NonNullable<RunFigures['train']>) =>
    `${percent(accuracy)}, ${loss.toFixed(5)} nats`;
  const rows = [
    ['Recipe', `\`${run.recipe}\`, seed ${run.seed}: ${plain(run.summary)}`],
    ...(run.changes.length > 0 ? [['Not as the recipe has it', plain(run.changes.join('; '))]] : []),
    [
      'Length',
      `${run.epochs} epochs, ${count(run.steps)} steps, ${duration(run.trainSeconds)} of training steps`,
    ],
    ['Engine', `${engine}${threads}`],
    ...(run.machine ? [['Machine', machineText(run.machine)]] : []),
    ['Parameters', count(run.parameters)],
    ...(run.train ? [['On what it was trained on, unchanged', reached(run.train)]] : []),
    ...(run.validation
      ? [[`On ${count(run.validationImages)} images set aside`, reached(run.validation)]]
      : []),
    ...run.teachers.map(({ name, accuracy, sha256 }) => [
      'Taught by',
      `\`${name}\` (${accuracy === null ? 'its results were not at hand' : `${percent(accuracy)} of the test set`}; sha256 \`${sha256.slice(0, 12)}\`)`,
    ]),
  ];
  return table(words('', 'this run'), rows);
}

function seedsText({ runs, mean, deviation }: SeedsFigures): string {
  const spread = deviation === null ? '' : ` ± ${(100 * deviation).toFixed(2)}`;
  const hasValidation = runs.some(({ validation }) => validation !== null);
  const rows = runs.map(({ seed, test, validation, trainSeconds }) => [
    String(seed),
    percent(test.accuracy),
    test.loss.toFixed(5),
    ...(hasValidation ? [validation ? percent(validation.accuracy) : ''] : []),
    duration(trainSeconds),
  ]);
  const meanRow = ['**mean**', `**${percent(mean)}${spread}**`, '', ...(hasValidation ? [''] : []), ''];
  return [
    `The same training by ${runs.length === 1 ? 'one seed' : `${runs.length} seeds`}, each measured on the test set once, when it had ended; ± is the standard deviation (n − 1).`,
    table(
      numbers(
        'seed',
        'test accuracy',
        'test loss',
        ...(hasValidation ? ['validation accuracy'] : []),
        'time',
      ),
      [...rows, meanRow],
    ),
  ].join('\n\n');
}
