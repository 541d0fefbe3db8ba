import { extname } from 'node:path';
import sharp from 'sharp';
import { unmet } from '../../core/errors.js';
import { CLASS_COUNT, INPUT_LENGTH } from '../../core/image.js';
import { createAugment } from '../../train/augment/augment.js';
import { EVERYTHING, SAMPLES } from '../../train/augment/samples.js';
import { type AugmentationSettings, NO_AUGMENTATION } from '../../train/augment/settings.js';
import { gatherBatch } from '../../train/dataset/batches.js';
import { type LabelledImages, loadMnistSplit } from '../../train/dataset/mnist.js';
import { resolveRecipe } from '../../train/recipes/resolve.js';
import { writeAtomically } from '../../train/run-folder.js';
import { type SheetRow, sheetSvg } from '../augmentation-sheet.js';
import { atMostPositionals, type Command, type Invocation, integer, text } from '../command.js';
import { eachOnce } from '../settings.js';

const HIGHEST_SEED = 2 ** 31 - 1;
const EPOCHS_SHOWN = 8;
/** Whose settings `--set` starts from where no recipe is named: it varies nothing itself. */
const PLAIN_RECIPE = 'speedrun';

const FORMATS: Record<string, (svg: string) => Promise<string | Uint8Array>> = {
  '.png': (svg) => sharp(Buffer.from(svg)).png().toBuffer(),
  '.svg': async (svg) => svg,
};

/** `tenfold augment`: a picture of what a recipe's augmentation, or one's own, makes of training digits. */
export const augmentCommand: Command = {
  usage: '[--recipe NAME] [--set key=value ...] [--seed N] [--data DIR] [--out augmentation.png|FILE.svg]',
  summary: 'Draws training digits as augmentation varies them; with no settings, each kind of it.',
  options: {
    recipe: { type: 'string' },
    set: { type: 'string', multiple: true },
    seed: { type: 'string' },
    data: { type: 'string' },
    out: { type: 'string' },
  },
  async run({ values, positionals, output }) {
    atMostPositionals(positionals, 0);
    const seed = integer(values, 'seed', [0, HIGHEST_SEED]) ?? 1;
    const file = text(values, 'out') ?? 'augmentation.png';
    const render = formatOf(file);
    const variations = variationsFrom(values, seed);
    const directory = text(values, 'data');
    const set = await loadMnistSplit('train', directory === undefined ? {} : { directory });
    const indices = firstOfEachDigit(set);
    const rows = variations.map((variation) => rowOf(variation, set, indices, seed));
    await writeAtomically(file, await render(await sheetSvg(rows)), 'or name another file by --out');
    output.say(`${file}: ${rows.map(({ name }) => name).join(', ')}, from the top`);
    output.result({
      file,
      seed,
      images: [...indices],
      rows: rows.map(({ name, details }) => ({ name, details })),
    });
  },
};

/** What a row of the sheet shows. */
interface Variation {
  name: string;
  details: string[];
  settings: Partial<AugmentationSettings>;
  epoch: number;
}

const shown = (settings: Partial<AugmentationSettings>): string[] =>
  Object.entries(settings).map(([key, value]) => `${key}=${value}`);

function variationsFrom(values: Invocation['values'], seed: number): Variation[] {
  const overrides = values.set as string[] | undefined;
  const recipe = text(values, 'recipe');
  const original: Variation = { name: 'as it is', details: [], settings: {}, epoch: 1 };
  if (!overrides && recipe === undefined) {
    const kinds = Object.entries(SAMPLES).map(
      ([name, settings]): Variation => ({ name, details: shown(settings), settings, epoch: 1 }),
    );
    return [original, ...kinds, { name: 'all of them', details: [], settings: EVERYTHING, epoch: 1 }];
  }
  const { training } = resolveRecipe(recipe ?? PLAIN_RECIPE, seed, eachOnce(overrides ?? []));
  const epochs = Array.from({ length: EPOCHS_SHOWN }, (_, index): Variation => {
    const epoch = index + 1;
    return { name: `epoch ${epoch}`, details: [], settings: training, epoch };
  });
  return [original, ...epochs];
}

function rowOf(
  { name, details, settings, epoch }: Variation,
  set: LabelledImages,
  indices: Uint32Array,
  seed: number,
): SheetRow {
  const images = gatherBatch(set.images, indices, new Float32Array(indices.length * INPUT_LENGTH));
  createAugment({ ...NO_AUGMENTATION, ...settings }, seed)(images, { epoch, step: epoch - 1, indices });
  return { name, details, images };
}

/** The number of the first image of each digit that the set has. */
const firstOfEachDigit = ({ labels }: LabelledImages): Uint32Array =>
  Uint32Array.from(
    Array.from({ length: CLASS_COUNT }, (_, digit) => labels.indexOf(digit)).filter((index) => index >= 0),
  );

function formatOf(file: string): (svg: string) => Promise<string | Uint8Array> {
  const render = FORMATS[extname(file).toLowerCase()];
  if (render) return render;
  throw unmet({
    code: 'bad-usage',
    what: '--out',
    expected: 'a file whose name ends in .png or .svg',
    got: file,
    advice: 'Name another file.',
  });
}
