import { unmet } from '../../core/errors.js';
import { MODEL_FILE } from '../../core/manifest.js';
import type { PieceScorer } from '../../core/piece-score.js';
import { PIECE_WEIGHTS } from '../../core/piece-weights.js';
import { packScorer, unpackScorer } from '../../core/stored-scorer.js';
import type { ViewNetwork } from '../../core/view-network.js';
import { openBundleFolder } from '../../serve/models/bundle.js';
import { createRunner } from '../../serve/workers/runner.js';
import { selectBackend } from '../../train/backend.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';
import { splitValidation } from '../../train/dataset/split.js';
import { fitPieces } from '../../train/pieces/index.js';
import { weightsModule } from '../../train/pieces/weights-file.js';
import type { ResolvedRecipe } from '../../train/recipes/resolve.js';
import { writeAtomically } from '../../train/run-folder.js';
import { type Command, integer, onePositional, refuseBeside, text } from '../command.js';
import { PIECE_WEIGHTS_FILE } from '../places.js';

const SEED = 1;
const LINES = { views: 20_000, fit: 4100, validation: 100 } as const;
const EPOCHS = { views: 8, fit: 5 } as const;
/** Set aside of the training digits where the run has set none aside itself. */
const VALIDATION_DIGITS = 5000;

/** `tenfold fit-pieces`: the weights by which whole numbers are cut into digits, anew for another network. */
export const fitPiecesCommand: Command = {
  usage: 'BUNDLE [--views N] [--view-epochs N] [--keep-views] [--images N] [--data DIR] [--out FILE]',
  summary:
    'For maintainers: fits what cuts whole numbers into digits to how a bundle reads pieces of training digits, and writes core/piece-weights.ts.',
  options: {
    views: { type: 'string' },
    'view-epochs': { type: 'string' },
    'keep-views': { type: 'boolean' },
    images: { type: 'string' },
    data: { type: 'string' },
    out: { type: 'string' },
  },
  async run({ values, positionals, output }) {
    const keep = values['keep-views'] === true;
    if (keep) refuseBeside('--keep-views', ['views', 'view-epochs'], values);
    const { manifest, model } = await openBundleFolder(onePositional(positionals, 'bundle'));
    const fit = integer(values, 'images', [1, 1_000_000]) ?? LINES.fit;
    const views = integer(values, 'views', [1, 1_000_000]) ?? LINES.views;
    const viewEpochs = integer(values, 'view-epochs', [1, 1000]) ?? EPOCHS.views;
    const directory = text(values, 'data');
    const out = text(values, 'out') ?? PIECE_WEIGHTS_FILE;
    const whole = await loadMnistSplit('train', directory === undefined ? {} : { directory });
    const { training, seed = SEED } = (manifest.recipe ?? {}) as Partial<ResolvedRecipe>;
    const count = training?.validationImages || Math.min(VALIDATION_DIGITS, whole.count >> 1);
    const { train, validation } = splitValidation(whole, { count, seed });
    // One thread each, so that sums are always taken in the same order.
    await selectBackend('onnxruntime', 'cpu', { threads: 1 });
    const before = scorerSoFar();
    const runner = await createRunner({ manifest, model }, { threads: 1 });
    const fitted = await fitPieces({
      runner,
      calibration: manifest.calibration,
      digits: { fit: train, validation },
      lines: { ...LINES, views, fit },
      epochs: { ...EPOCHS, views: viewEpochs },
      seed: SEED,
      before,
      view: keep ? keptViews(before) : null,
      say: output.say,
    });
    await runner.release();
    const { sha256 } = manifest.files[MODEL_FILE]!;
    const stored = packScorer(fitted.scorer, { name: manifest.name, modelSha256: sha256 });
    await writeAtomically(out, weightsModule(stored), 'or name another file by --out');
    output.say('\nlines read exactly    before   after');
    for (const { kind, before, after } of fitted.validation) {
      output.say(`${kind.padEnd(20)} ${before === null ? '       -' : percent(before)}${percent(after)}`);
    }
    output.say(`\n${out}: build anew to read by it`);
    output.result({ file: out, bundle: stored.bundle, validation: fitted.validation });
  },
};

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`.padStart(8);

/** @throws TenfoldError `bad-usage` where there are none of this shape. */
function keptViews(before: PieceScorer | null): ViewNetwork {
  if (before) return before.view;
  throw unmet({
    code: 'bad-usage',
    what: '--keep-views',
    expected: `weights of this shape in ${PIECE_WEIGHTS_FILE}`,
    got: 'those of another',
    advice: 'Fit without it.',
  });
}

/** null where the weights are of another shape, as after a change of what a piece is measured by. */
function scorerSoFar(): PieceScorer | null {
  try {
    return unpackScorer(PIECE_WEIGHTS);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
