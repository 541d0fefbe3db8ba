import { INPUT_LENGTH } from '../core/image.js';
import type { QuantizationImages } from '../export/precision/choose.js';
import { type AugmentationSettings, NO_AUGMENTATION } from '../train/augment/settings.js';
import { type LabelledImages, loadMnistSplit, selectImages } from '../train/dataset/mnist.js';
import { createPrepare, rowsOf } from '../train/dataset/prepare.js';
import { splitValidation } from '../train/dataset/split.js';
import type { ResolvedRecipe } from '../train/recipes/resolve.js';
import { text } from './command.js';
import { asModelInput } from './dataset.js';

/** Digits that ranges are found on, and that choices are made by; half of each plain, half as training varies them. */
const CALIBRATION_DIGITS = 500;
const CHOICE_DIGITS = 3000;
/** Where the recipe set none aside. */
const SPARE_DIGITS = 5000;

/**
 * Training images to quantise by: those that the run set aside choose, others calibrate. Where it set none aside both are images that
 * it was trained on, apart from one another. Half of the digits are as they are, half as the recipe varies them, its pictures of no
 * digit beside these: a service gets both.
 */
export async function loadQuantizationImages(
  values: Parameters<typeof text>[0],
  recipe: Record<string, unknown>,
): Promise<QuantizationImages> {
  const { training, seed = 1 } = recipe as Partial<ResolvedRecipe>;
  const directory = text(values, 'data');
  const whole = await loadMnistSplit('train', directory === undefined ? {} : { directory });
  // Never all of a small data set.
  const aside = Math.min(Number(training?.validationImages) || SPARE_DIGITS, Math.floor(whole.count / 2));
  const { train, validation } = splitValidation(whole, { count: aside, seed });
  const settings = { seed, training: training ?? {} };
  return {
    calibration: plainAndVaried(train, CALIBRATION_DIGITS, settings),
    choice: plainAndVaried(validation, CHOICE_DIGITS, settings),
  };
}

function plainAndVaried(
  set: LabelledImages,
  digits: number,
  { seed, training }: { seed: number; training: Readonly<Record<string, unknown>> },
): Float32Array {
  const half = Math.min(Math.ceil(digits / 2), set.count);
  const spread = Uint32Array.from({ length: half }, (_, index) => Math.floor((index * set.count) / half));
  const plain = asModelInput(selectImages(set, spread)).images;
  const augmentation = Object.fromEntries(
    Object.entries(NO_AUGMENTATION).map(([setting, off]) => [setting, Number(training[setting] ?? off)]),
  ) as unknown as AugmentationSettings;
  const outlierShare = Number(training.outlierShare ?? 0);
  const prepare = createPrepare({ set, batchSize: half, seed, augmentation, outlierShare });
  const memory = new ArrayBuffer(4 * INPUT_LENGTH * rowsOf(half, { outlierShare }));
  const varied = prepare({ step: 0, memory }).images;
  const both = new Float32Array(plain.length + varied.length);
  both.set(plain);
  both.set(varied, plain.length);
  return both;
}
