import { join } from 'node:path';
import { unmet } from '../../core/errors.js';
import { FIGURES_FILE, type Figures, PICTURES_FOLDER } from '../../core/figures.js';
import { type Manifest, MODEL_CARD_FILE } from '../../core/manifest.js';
import { amendBundle, folderSource } from '../../export/bundle.js';
import { measuredCard } from '../../export/card/measured-card.js';
import { areOf, readFigures } from '../../export/figures-file.js';
import { requireElsewhere } from '../../export/write-folder.js';
import { openBundleFolder } from '../../serve/models/bundle.js';
import type { MeasuredCard } from '../card/measure.js';
import { type Command, choice, integer, onePositional, refuseBeside, text } from '../command.js';
import { loadTestSet } from '../dataset.js';

const MOST_IMAGES = 1_000_000;

/** What `card --json` prints. */
export interface CardResult {
  bundle: string;
  /** The model card. */
  card: string;
  figures: Figures;
}

/** `tenfold card`: measures a bundle on everything, and writes what came out beside it. */
export const cardCommand: Command = {
  usage:
    'BUNDLE [--run RUN] [--seeds RUN,...] [--images N] [--data DIR], or BUNDLE --rewrite [--run RUN] [--seeds RUN,...], or BUNDLE --suite NAME [--data DIR]',
  summary:
    'Measures a bundle on the test set and all suites; writes its model card, figures and pictures of failures.',
  options: {
    run: { type: 'string' },
    seeds: { type: 'string', multiple: true },
    images: { type: 'string' },
    data: { type: 'string' },
    rewrite: { type: 'boolean' },
    suite: { type: 'string' },
  },
  async run({ values, positionals, output }) {
    const bundle = onePositional(positionals, 'bundle folder');
    const { manifest } = await openBundleFolder(bundle);
    await requireElsewhere(bundle);
    const written = async ({ figures, pictures }: MeasuredCard) => {
      await amendBundle(bundle, {
        [MODEL_CARD_FILE]: Buffer.from(measuredCard(manifest, figures)),
        [FIGURES_FILE]: Buffer.from(`${JSON.stringify(figures, null, 2)}\n`),
        ...Object.fromEntries(
          Object.entries(pictures).map(([name, png]) => [`${PICTURES_FOLDER}/${name}.png`, png]),
        ),
      });
      const card = join(bundle, MODEL_CARD_FILE);
      output.say(`${card}, from the figures in ${join(bundle, FIGURES_FILE)}`);
      const result: CardResult = { bundle, card, figures };
      output.result(result);
    };
    const run = text(values, 'run');
    const seeds = ((values.seeds ?? []) as string[]).flatMap((list) => list.split(',')).filter(Boolean);
    requireRun(run, seeds);
    const images = integer(values, 'images', [1, MOST_IMAGES]);
    if (values.rewrite === true) {
      refuseBeside('--rewrite', ['images', 'data', 'suite'], values);
      const { retell } = await import('../card/amend.js');
      const figures = await ownFigures(bundle, manifest, '--rewrite');
      return written(await retell({ bundle, manifest, figures, run, seeds }));
    }
    if (values.suite !== undefined) {
      refuseBeside('--suite', ['run', 'seeds', 'images'], values);
      const { SUITE_NAMES } = await import('../suites.js');
      const suite = choice(values, 'suite', SUITE_NAMES, 'robust');
      const { remeasure } = await import('../card/amend.js');
      const figures = await ownFigures(bundle, manifest, '--suite');
      const test = await loadTestSet(values);
      return written(await remeasure(suite, { bundle, manifest, figures, test, say: output.say }));
    }
    const { measureCard } = await import('../card/measure.js');
    const test = await loadTestSet(values);
    return written(await measureCard({ bundle, run, seeds, test, images, say: output.say }));
  },
};

/**
 * @param wanting the option that goes by what was measured before
 * @throws TenfoldError `not-found` where the bundle was never measured, `bad-input` where the figures are another model's
 */
async function ownFigures(bundle: string, manifest: Manifest, wanting: string): Promise<Figures> {
  const figures = await readFigures(folderSource(bundle), manifest);
  if (figures && areOf(figures, manifest)) return figures;
  throw unmet({
    code: figures ? 'bad-input' : 'not-found',
    what: `the figures of ${bundle}`,
    expected: `a ${FIGURES_FILE} of its model`,
    got: figures ? "another model's" : 'none',
    advice: `Measure the bundle: leave ${wanting} out.`,
  });
}

function requireRun(run: string | undefined, seeds: readonly string[]): void {
  if (run !== undefined || seeds.length === 0) return;
  throw unmet({
    code: 'bad-usage',
    what: '--seeds',
    expected: 'the run that the bundle was made from, by --run,',
    got: 'none',
    advice: 'Name it; its own seed is counted in.',
  });
}
