import type { Figures } from '../../core/figures.js';
import type { Manifest } from '../../core/manifest.js';
import { count, numbers, percent, table, words } from './markdown.js';
import { perDigit } from './model-card.js';
import { picture } from './picture.js';

/** How MNIST's own test digits are read: the whole of it, each digit, what is taken for what. */
export function testSection({ test, pictures }: Figures, manifest: Manifest): string {
  const { metrics, parity } = manifest;
  const rows = [
    [
      'Accuracy',
      `${percent(test.accuracy)}: ${count(test.wrong)} of ${count(test.images)} images read wrong`,
    ],
    ['Cross-entropy', `${test.loss.after.toFixed(5)} nats; ${test.loss.before.toFixed(5)} at temperature 1`],
    [
      'Recorded by the training itself',
      `${percent(metrics.testAccuracy)}, ${metrics.testLoss.toFixed(5)} nats`,
    ],
    [
      'Largest difference from TensorFlow.js',
      `${parity.maxAbsDiff.toExponential(1)} in any probability, over ${count(parity.images)} images`,
    ],
    ['Same digit as recorded', `${percent(parity.top1Agreement)} of ${count(parity.top1Images)} images`],
  ];
  return [
    '## Test set',
    table(words('', 'measured'), rows),
    ...picture(pictures, 'wrong-digits', (wrong) => ({
      alt: 'Test digits that were read wrong',
      caption: `${allOr(wrong.shown, wrong.of, 'test digits that were read wrong', ['the surest first', 'surest'])}: what it is → what it was read as, and how surely; in brackets, what was refused.`,
    })),
    perDigit(test.perClass),
    'What was taken for what; rows are the true digits, columns what was read:',
    confusionTable(test.confusion),
  ].join('\n\n');
}

function confusionTable(confusion: Figures['test']['confusion']): string {
  const rows = confusion.map((counts, digit) => [
    `**${digit}**`,
    ...counts.map((images) => (images === 0 ? '' : String(images))),
  ]);
  return table([...words(''), ...numbers(...confusion.map((_, digit) => String(digit)))], rows);
}

/** Temperature, threshold, and what they do to the test digits. */
export function calibrationSection({ test, pictures }: Figures, { calibration }: Manifest): string {
  const { temperature, rejection, fit } = calibration;
  const title = '## Calibration and refusal';
  if (!fit) {
    const { after } = test.calibrationError;
    return `${title}\n\nNone: the training set no images aside. The calibration error is ${percent(after)} (15 bins, ${count(test.images)} images); nothing is refused for what it looks like.`;
  }
  const { before, after } = test.calibrationError;
  const right = test.refused - test.refusedWrong;
  const rows = [
    [
      'Temperature',
      `${temperature.toFixed(4)}, fitted on ${count(fit.validationImages)} images that were not trained on`,
    ],
    ['Calibration error, 15 bins', `${percent(after)}; ${percent(before)} at temperature 1`],
    ['Refused below', `${rejection.threshold.toFixed(4)} of the score \`${rejection.score}\``],
    [
      'Refused',
      `${percent(test.refused / test.images)}: ${test.refused} of ${count(test.images)} images, ${right} of them read right and ${test.refusedWrong} wrong`,
    ],
  ];
  return [
    title,
    table(words('', 'test set'), rows),
    ...picture(pictures, 'refused-digits', (refused) => ({
      alt: 'Test digits that were refused though read right',
      caption: `${allOr(refused.shown, refused.of, 'test digits that were read right and refused all the same', ['in the order of the test set', 'first'])}.`,
    })),
  ].join('\n\n');
}

const allOr = (shown: number, of: number, what: string, order: [all: string, some: string]): string =>
  shown === of ? `All ${of} ${what}, ${order[0]}` : `The ${order[1]} ${shown} of ${of} ${what}`;
