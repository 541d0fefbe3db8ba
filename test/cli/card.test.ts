import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import type { CardResult } from '../../cli/commands/card.js';
import { FIGURES_FILE, type Figures, PICTURES_FOLDER } from '../../core/figures.js';
import { MANIFEST_FILE, type Manifest } from '../../core/manifest.js';
import type { TestMetrics } from '../../core/run.js';
import { sha256 } from '../../export/bundle.js';
import type { BundleVerification } from '../../export/verify-bundle.js';
import {
  assertRefused,
  contentsOf,
  makeFolder,
  removeFolder,
  resultOf,
  temporaryFolder,
  tenfold,
} from './command-line.js';
import { tinyTraining, writeSmallData } from './small-data.js';

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('tenfold card', () => {
  let folder: string;
  let data: string[];
  let result: CardResult;
  /** The bundle's manifest before it was measured. */
  let exported: Manifest;
  before(async () => {
    folder = makeFolder();
    data = ['--data', await writeSmallData(join(folder, 'data'), { train: 500, test: 60 })];
    const train = ['train', ...tinyTraining({ epochs: 1 }), ...data, '--set', 'validationImages=200'];
    await resultOf([...train, '--seeds', '1,2', '--out', 'runs'], folder);
    await resultOf(['export', 'runs/seed1', '--out', 'bundle', ...data], folder);
    exported = JSON.parse(read(folder, 'bundle', MANIFEST_FILE)) as Manifest;
    const args = ['card', 'bundle', '--run', 'runs/seed1', '--seeds', 'runs/seed2', '--images', '2', ...data];
    result = await resultOf<CardResult>(args, folder);
  });
  after(() => removeFolder(folder));

  test('measures the test set as evaluate does, and every suite', async () => {
    const { figures } = result;
    const metrics = await resultOf<TestMetrics>(['evaluate', 'bundle', ...data], folder);
    assert.equal(figures.test.accuracy, metrics.accuracy);
    assert.deepEqual(figures.test.confusion, metrics.confusion);
    assert.ok(Math.abs(figures.test.calibrationError.after - metrics.calibrationError) < 1e-6);
    assert.ok(Math.abs(figures.test.loss.after - metrics.loss) < 1e-5);
    const { before, after: fitted } = exported.calibration.fit!.testCalibrationError;
    assert.ok(Math.abs(figures.test.calibrationError.before - before) < 1e-6);
    assert.ok(Math.abs(figures.test.calibrationError.after - fitted) < 1e-6);
    assert.equal(figures.test.refused / 60, exported.calibration.fit!.testRefusedShare);
    const { robust, outliers, numbers } = figures.suites;
    assert.deepEqual(
      [...robust, ...outliers, ...numbers].map(({ title, suites }) => [title, suites.length]),
      [
        ['MNIST-C', 15],
        ['What users send', 21],
        ['No digit', 7],
        ['Whole numbers', 14],
      ],
    );
    assert.equal(figures.imagesOfSuite, 2);
    assert.deepEqual(
      figures.seeds!.runs.map(({ seed }) => seed),
      [1, 2],
    );
    const [one, other] = figures.seeds!.runs.map((seed) => seed.test.accuracy);
    assert.ok(Math.abs(figures.seeds!.deviation! - Math.abs(one! - other!) / Math.SQRT2) < 1e-12);
  });

  test('leaves a bundle that verify passes, its manifest as it was but for the new files', async () => {
    const manifest = JSON.parse(read(folder, 'bundle', MANIFEST_FILE)) as Manifest;
    const { files, ...rest } = manifest;
    const { files: earlier, ...before } = exported;
    assert.deepEqual(rest, before);
    assert.deepEqual(files['model.onnx'], earlier['model.onnx']);
    const present = Object.entries(contentsOf(join(folder, 'bundle')))
      .filter(([path, hash]) => hash !== null && path !== MANIFEST_FILE)
      .map(([path]) => path.replaceAll('\\', '/'));
    assert.deepEqual(present.sort(), Object.keys(files).sort());
    assert.deepEqual(readdirSync(folder).sort(), ['bundle', 'data', 'runs']);
    const verified = await resultOf<BundleVerification>(['verify', 'bundle', ...data], folder);
    assert.equal(verified.passed, true);
    assert.deepEqual(
      verified.checks.filter(({ status }) => status === 'passed').map(({ name }) => name),
      ['files', 'graph', 'accuracy', 'calibration', 'figures'],
    );
  });

  test('draws what came out wrong, in pictures that the card shows and that stay small together', async () => {
    const pictures = readdirSync(join(folder, 'bundle', PICTURES_FOLDER));
    const shown = [...read(folder, result.card).matchAll(/\]\(pictures\/([^)]*)\)/g)].map(
      ([, name]) => name!,
    );
    assert.deepEqual(shown.sort(), pictures.sort());
    for (const name of ['training.png', 'wrong-digits.png', 'corruptions.png', 'outliers.png', 'numbers.png'])
      assert.ok(pictures.includes(name), name);
    const bytes = pictures.map((name) => statSync(join(folder, 'bundle', PICTURES_FOLDER, name)).size);
    assert.ok(bytes.reduce((sum, size) => sum + size, 0) <= 1e6, `${bytes}`);
    const { format, width } = await sharp(
      join(folder, 'bundle', PICTURES_FOLDER, 'wrong-digits.png'),
    ).metadata();
    assert.equal(format, 'png');
    assert.ok(width! > 400 && width! < 1000, `${width}`);
  });

  test('says the commands that make it again, without places of this machine', () => {
    const { commands } = result.figures;
    assert.equal(commands.length, 4);
    assert.match(
      commands[0]!,
      /^node bin\/tenfold\.js train --recipe bottleneck-32x2 --seed 1( --set \S+)*? --set filters=4/,
    );
    assert.match(commands[0]!, / --set validationImages=200/);
    assert.match(commands[1]!, / --seeds 2 /);
    assert.equal(commands[2], 'node bin/tenfold.js export runs/bottleneck-32x2-seed1 --out bundles/bundle');
    assert.match(commands[3]!, /card bundles\/bundle --run \S+seed1 --seeds \S+seed2 --images 2$/);
    const written = read(folder, result.card) + read(folder, 'bundle', FIGURES_FILE);
    assert.ok(!written.includes(folder));
  });

  test('--rewrite gives the same card of the same figures, and changes nothing else', async () => {
    const before = contentsOf(folder);
    await resultOf(['card', 'bundle', '--rewrite'], folder);
    assert.deepEqual(contentsOf(folder), before);
  });

  test('--rewrite with runs has what they say of the training, and measures nothing', async (context) => {
    const place = temporaryFolder(context);
    const other = join(place, 'bundle');
    cpSync(join(folder, 'bundle'), other, { recursive: true });
    await resultOf(['card', other, '--rewrite', '--run', 'runs/seed1'], folder);
    const alone = JSON.parse(read(other, FIGURES_FILE)) as Figures;
    const { seeds, commands, ...rest } = result.figures;
    assert.equal(alone.seeds, null);
    assert.deepEqual(alone.commands, [commands[0], commands[2], commands[3]!.replace(/ --seeds \S+/, '')]);
    assert.deepEqual({ ...alone, seeds, commands }, { ...rest, seeds, commands });
    // What is kept of a run in docs/experiments says it as well.
    const [record, seed] = [join(place, 'seed1'), join(place, 'seed2')];
    for (const file of ['recipe.json', 'metrics.json', 'epochs.csv'])
      for (const kept of [record, seed]) cpSync(join(folder, 'runs', basename(kept), file), join(kept, file));
    await resultOf(['card', other, '--rewrite', '--run', record, '--seeds', seed], folder);
    assert.deepEqual(contentsOf(other), contentsOf(join(folder, 'bundle')));
  });

  test('--suite measures that suite anew by as many pictures, and keeps all else', async (context) => {
    const other = join(temporaryFolder(context), 'bundle');
    cpSync(join(folder, 'bundle'), other, { recursive: true });
    const args = ['card', other, '--suite', 'numbers', ...data];
    const { figures } = await resultOf<CardResult>(args, folder);
    assert.deepEqual(figures, result.figures);
    assert.deepEqual(contentsOf(other), contentsOf(join(folder, 'bundle')));
    // What stands there of the suite is not believed.
    const numbers = figures.suites.numbers.map((group) => ({ ...group, mean: 0.123 }));
    const text = JSON.stringify({ ...figures, suites: { ...figures.suites, numbers } });
    writeFileSync(join(other, FIGURES_FILE), text);
    const manifest = JSON.parse(read(other, MANIFEST_FILE)) as Manifest;
    manifest.files[FIGURES_FILE] = { bytes: text.length, sha256: sha256(text) };
    writeFileSync(join(other, MANIFEST_FILE), JSON.stringify(manifest));
    const again = await resultOf<CardResult>(args, folder);
    assert.deepEqual(again.figures, result.figures);
  });

  test('figures of another model are found by verify, and no card is made of them', async (context) => {
    const other = join(temporaryFolder(context), 'bundle');
    cpSync(join(folder, 'bundle'), other, { recursive: true });
    const manifest = JSON.parse(read(other, MANIFEST_FILE)) as Manifest;
    const figures = JSON.parse(read(other, FIGURES_FILE)) as Figures;
    const text = JSON.stringify({ ...figures, model: 'f'.repeat(64) });
    writeFileSync(join(other, FIGURES_FILE), text);
    manifest.files[FIGURES_FILE] = { bytes: text.length, sha256: sha256(text) };
    writeFileSync(join(other, MANIFEST_FILE), JSON.stringify(manifest));
    const verified = await tenfold(['verify', other, ...data], folder);
    assert.equal(verified.status, 1);
    assert.match(verified.stdout, /^failed +figures +figures\.json is of another model, ffff/m);
    const rewritten = await tenfold(['card', other, '--rewrite'], folder);
    assertRefused(
      rewritten,
      2,
      /Expected a figures\.json of its model for .*, got another .* leave --rewrite out\./,
    );
    const renewed = await tenfold(['card', other, '--suite', 'numbers', ...data], folder);
    assertRefused(
      renewed,
      2,
      /Expected a figures\.json of its model for .*, got another .* leave --suite out\./,
    );
  });

  test('a calibration that is not measured again fails verify', async (context) => {
    const other = join(temporaryFolder(context), 'bundle');
    cpSync(join(folder, 'bundle'), other, { recursive: true });
    const manifest = JSON.parse(read(other, MANIFEST_FILE)) as Manifest;
    manifest.calibration.fit!.testCalibrationError.after += 0.05;
    writeFileSync(join(other, MANIFEST_FILE), JSON.stringify(manifest));
    const { status, stdout } = await tenfold(['verify', other, ...data], folder);
    assert.equal(status, 1);
    assert.match(stdout, /^failed +calibration +error \d+\.\d\d% .* recorded$/m);
  });

  const REFUSALS: Record<string, { args: string[]; message: RegExp }> = {
    'another run': {
      args: ['bundle', '--run', 'runs/seed2'],
      message: /Expected the run that the bundle was exported from for --run, got runs\/seed2/,
    },
    'another test set': {
      args: ['bundle'],
      message: /Expected the 60 images .* for the test set, got 10000/,
    },
    'seeds of no run': {
      args: ['bundle', '--seeds', 'runs/seed2'],
      message: /Expected the run .*, by --run, for --seeds, got none/,
    },
    'no images at all': { args: ['bundle', '--images', '0'], message: /from 1 to 1000000 for --images/ },
    'a rewriting that measures': {
      args: ['bundle', '--rewrite', '--images', '3'],
      message: /Expected none of --images, --data, --suite for --rewrite, got --images/,
    },
    'a rewriting by another run': {
      args: ['bundle', '--rewrite', '--run', 'runs/seed2'],
      message: /Expected the run that the bundle was exported from for --run, got runs\/seed2/,
    },
    'a suite with a run': {
      args: ['bundle', '--suite', 'numbers', '--run', 'runs/seed1'],
      message: /Expected none of --run, --seeds, --images for --suite, got --run/,
    },
    'a suite of another test set': {
      args: ['bundle', '--suite', 'numbers'],
      message: /Expected the 60 images .* for the test set, got 10000/,
    },
    'no suite of that name': {
      args: ['bundle', '--suite', 'letters'],
      message: /robust, outliers, numbers.* for --suite, got "?letters/,
    },
    'a run, which is no bundle': {
      args: ['runs/seed1'],
      message: /manifest\.json for the bundle, got ENOENT/,
    },
  };
  for (const [what, { args, message }] of Object.entries(REFUSALS)) {
    test(`${what} is refused, and nothing is changed`, async () => {
      const before = contentsOf(folder);
      assertRefused(await tenfold(['card', ...args], folder), 2, message);
      assert.deepEqual(contentsOf(folder), before);
    });
  }
});
