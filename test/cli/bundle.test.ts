import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { MANIFEST_FILE, type Manifest, MODEL_FILE } from '../../core/manifest.js';
import type { Prediction } from '../../core/predict.js';
import type { TestMetrics } from '../../core/run.js';
import type { ExportResult } from '../../export/export-run.js';
import type { VariantsResult } from '../../export/precision/variants.js';
import type { BundleVerification } from '../../export/verify-bundle.js';
import { blackPng } from '../serve/pictures/files.js';
import { greyPng, rowPicture } from '../serve/pictures.js';
import {
  assertRefused,
  contentsOf,
  type Ended,
  makeFolder,
  removeFolder,
  resultOf,
  temporaryFolder,
  tenfold,
} from './command-line.js';
import { TINY_TRAINING, writeSmallData } from './small-data.js';

let shared: string;
let data: string[];
let run: string;
let bundle: string;

before(async () => {
  shared = makeFolder();
  data = ['--data', await writeSmallData(join(shared, 'data'), { train: 500, test: 300 })];
  await resultOf(['train', ...TINY_TRAINING, ...data, '--out', 'run'], shared);
  await resultOf(['export', 'run', '--out', 'bundle', ...data], shared);
  run = join(shared, 'run');
  bundle = join(shared, 'bundle');
});
after(() => removeFolder(shared));

test('a run that set images aside is exported with a calibration, which evaluate applies', async (context) => {
  const folder = temporaryFolder(context);
  const args = ['train', ...TINY_TRAINING, ...data, '--set', 'validationImages=200', '--out', 'run'];
  await resultOf(args, folder);
  const { calibration } = await resultOf<ExportResult>(['export', 'run', '--out', 'bundle', ...data], folder);
  const { calibrationError } = await resultOf<TestMetrics>(['evaluate', 'bundle', ...data], folder);
  assert.equal(calibration.fit!.validationImages, 200);
  assert.notEqual(calibration.temperature, 1);
  assert.ok(Math.abs(calibrationError - calibration.fit!.testCalibrationError.after) < 1e-6);
});

/** Runs a command beside a copy of the bundle, and holds it to having written nothing. */
async function beside(
  folder: string,
  change: (bundle: string) => void,
  args: readonly string[],
): Promise<Ended> {
  cpSync(bundle, join(folder, 'bundle'), { recursive: true });
  change(join(folder, 'bundle'));
  const before = contentsOf(folder);
  const ended = await tenfold(args, folder);
  assert.deepEqual(contentsOf(folder), before);
  return ended;
}

function flipOneBit(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(file, bytes);
}

function editManifest(folder: string, change: (manifest: Manifest) => void): void {
  const file = join(folder, MANIFEST_FILE);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

/** Changes that make a bundle another one than was exported. */
const DAMAGES: Record<string, { damage(bundle: string): void; message: RegExp }> = {
  'one bit of the model': {
    damage: (folder) => flipOneBit(join(folder, MODEL_FILE)),
    message:
      /Expected [0-9a-f]{64} for the sha256 of model\.onnx in .*bundle, got [0-9a-f]{64}\. The file was/,
  },
  'a model that is cut off': {
    damage: (folder) => truncateSync(join(folder, MODEL_FILE), 1000),
    message: /for the sha256 of model\.onnx in bundle/,
  },
  'no model': {
    damage: (folder) => rmSync(join(folder, MODEL_FILE)),
    message: /Expected .*model\.onnx for the bundle.*, got ENOENT/,
  },
  'no manifest': {
    damage: (folder) => rmSync(join(folder, MANIFEST_FILE)),
    message: /Expected .*manifest\.json for .*, got ENOENT/,
  },
  'a manifest that is no JSON': {
    damage: (folder) => truncateSync(join(folder, MANIFEST_FILE), 100),
    message: /Expected JSON for bundle\/manifest\.json/,
  },
  'another version of the preprocessing': {
    damage: (folder) =>
      editManifest(folder, ({ input }) => {
        input.preprocessing = 99;
      }),
    message: /Expected version \d+ for input\.preprocessing in manifest\.json, got 99/,
  },
};

describe('a bundle that is not what was exported is refused by all that load it', { concurrency: 2 }, () => {
  const commands: Record<string, () => string[]> = {
    verify: () => ['verify', 'bundle', ...data],
    evaluate: () => ['evaluate', 'bundle', ...data],
    predict: () => ['predict', '--bundle', 'bundle', 'digit.png'],
    serve: () => ['serve', '--bundle', 'bundle', '--port', '0'],
  };
  for (const [name, { damage, message }] of Object.entries(DAMAGES)) {
    for (const [command, args] of Object.entries(commands)) {
      // Each command once, every damage by verify: they share the code that opens a bundle.
      if (command !== 'verify' && name !== 'one bit of the model') continue;
      test(`${command}: ${name}`, async (context) => {
        assertRefused(await beside(temporaryFolder(context), damage, args()), 2, message);
      });
    }
  }

  test('verify: a file beside the model', async (context) => {
    const damage = (folder: string) => flipOneBit(join(folder, 'README.md'));
    const ended = await beside(temporaryFolder(context), damage, ['verify', 'bundle', ...data]);
    assertRefused(ended, 2, /for the sha256 of README\.md in bundle/);
  });

  test('verify: an accuracy that is not measured again fails with status 1 and says which', async (context) => {
    const boast = (folder: string) =>
      editManifest(folder, ({ metrics }) => {
        metrics.testAccuracy = 0.999;
      });
    const ended = await beside(temporaryFolder(context), boast, ['verify', 'bundle', ...data]);
    assertRefused(ended, 1, /bundle is not what its manifest says; see above/);
    assert.match(ended.stdout, /^failed +accuracy +0\.\d+ measured, 0\.999 recorded, 300 images$/m);
    const result = await tenfold(['verify', 'bundle', ...data, '--json'], shared);
    assert.equal(result.status, 0, result.stderr);
  });
});

describe('the working folder is not replaced', { concurrency: 2 }, () => {
  const commands: Record<string, () => string[]> = {
    'export of a run': () => ['export', run, '--out', '.', ...data],
    'export of precisions': () => ['export', '.', '--precision', 'fp16', ...data],
    'export to a model repository': () => ['export', '.', '--target', 'triton', '--out', '..'],
    card: () => ['card', '.', '--images', '1', ...data],
  };
  for (const [name, args] of Object.entries(commands)) {
    test(name, async (context) => {
      const folder = temporaryFolder(context);
      // Named as its model and with a model's configuration: a model's folder of a repository too.
      const { name: model } = JSON.parse(readFileSync(join(bundle, MANIFEST_FILE), 'utf8')) as Manifest;
      const inside = join(folder, model);
      cpSync(bundle, inside, { recursive: true });
      if (name === 'export to a model repository') writeFileSync(join(inside, 'config.pbtxt'), '');
      const before = contentsOf(folder);
      const ended = await tenfold(args(), inside);
      assertRefused(
        ended,
        2,
        /Expected one that does not hold the working folder for the folder to replace, /,
      );
      assert.equal(ended.stderr.trimEnd().split('\n').length, 1, 'work was done before');
      assert.deepEqual(contentsOf(folder), before);
    });
  }
});

describe('export', { concurrency: 2 }, () => {
  test('leaves a folder of other things as it is', async (context) => {
    const folder = temporaryFolder(context);
    mkdirSync(join(folder, 'precious'));
    writeFileSync(join(folder, 'precious', 'thesis.txt'), 'years of work');
    const before = contentsOf(folder);
    const ended = await tenfold(['export', run, '--out', 'precious', ...data], folder);
    assertRefused(ended, 2, /for the output folder precious, got a folder with thesis\.txt/);
    assert.deepEqual(contentsOf(folder), before);
  });

  test('on other data than the run was tested on writes nothing', async (context) => {
    const folder = temporaryFolder(context);
    const ended = await tenfold(['export', run, '--out', 'bundle'], folder);
    assertRefused(ended, 2, /Expected 300 images .* of predictions\.csv, got 10000 images.*--data DIR/);
    assert.deepEqual(contentsOf(folder), {});
  });

  test('weights other than those that the run was measured with do not become a bundle', async (context) => {
    const folder = temporaryFolder(context);
    cpSync(run, join(folder, 'run'), { recursive: true });
    const file = join(folder, 'run', 'weights.bin');
    const weights = readFileSync(file);
    const values = new Float32Array(weights.buffer, weights.byteOffset, weights.length / 4);
    // Variances stay above 0, so the network still gives numbers, but other ones.
    values.set(values.map(Math.abs));
    writeFileSync(file, weights);
    const before = contentsOf(folder);
    const ended = await tenfold(['export', 'run', '--out', 'bundle', ...data], folder);
    assertRefused(ended, 1, /Expected \d, as the run recorded it, for the digit of test image \d+/);
    assert.deepEqual(contentsOf(folder), before);
  });

  test('over an earlier bundle replaces it and leaves nothing beside it', async (context) => {
    const folder = temporaryFolder(context);
    cpSync(bundle, join(folder, 'bundle'), { recursive: true });
    await resultOf(['export', run, '--out', 'bundle', ...data], folder);
    assert.deepEqual(contentsOf(folder), { bundle: null, ...prefixed(contentsOf(bundle)) });
  });
});

test('precisions stand beside the graph, of a run and of a bundle alike, and elsewhere they are refused', async (context) => {
  const folder = temporaryFolder(context);
  const ofRun = ['export', run, '--out', 'bundle', '--precision', 'fp16', ...data];
  const first = await resultOf<ExportResult & VariantsResult>(ofRun, folder);
  assert.deepEqual(
    first.variants.map(({ precision }) => precision),
    ['fp16'],
  );
  const ofBundle = ['export', 'bundle', '--precision', 'int8', ...data];
  const [int8] = (await resultOf<VariantsResult>(ofBundle, folder)).variants;
  assert.equal(statSync(join(folder, 'bundle', 'model.int8.onnx')).size, int8!.bytes);
  assert.ok(int8!.bytes < first.bytes && int8!.top1Agreement > 0.9);
  const evaluated = ['evaluate', 'bundle', '--precision', 'int8', ...data];
  assert.equal((await resultOf<TestMetrics>(evaluated, folder)).accuracy, int8!.testAccuracy);
  const before = contentsOf(folder);
  const REFUSED: [string[], RegExp][] = [
    [['bundle'], /Expected fp16, int8 or both for --precision for the bundle bundle, got none but fp32/],
    [['bundle', '--precision', 'int8', '--out', 'b'], /Expected none, .* for --out, got b\. Copy the bundle/],
    [
      ['bundle', '--target', 'triton', '--precision', 'fp16,int8'],
      /Expected one of fp32, fp16, int8 for --precision with --target triton, got fp16,int8\. Name one\./,
    ],
    [[run, '--target', 'onnx', '--precision', 'int8'], /for --precision with --target onnx, .* got int8/],
  ];
  for (const [args, message] of REFUSED) {
    assertRefused(await tenfold(['export', ...args], folder), 2, message);
  }
  assert.deepEqual(contentsOf(folder), before);
});

const prefixed = (contents: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(contents).map(([path, hash]) => [join('bundle', path), hash]));

describe('predict', { concurrency: 2 }, () => {
  const predict = ['predict', '--bundle', 'bundle'];
  const refusals: Record<string, { bytes: string | Buffer | null; message: RegExp }> = {
    'a file that is missing': {
      bytes: null,
      message: /Expected a readable picture for picture\.png, got ENOENT\. Check the path\./,
    },
    'a file of text': {
      bytes: 'seven',
      message: /Expected a PNG, JPEG, .* for picture\.png, got bytes that begin with 736576656e/,
    },
    'an empty file': { bytes: '', message: /for picture\.png, got no bytes at all/ },
    'an SVG': { bytes: '<svg xmlns="http://www.w3.org/2000/svg"/>', message: /for picture\.png, got .*SVG/i },
    'a PNG that is cut off': {
      bytes: greyPng(rowPicture(3)).subarray(0, 60),
      message: /Expected a whole, undamaged picture for picture\.png/,
    },
  };
  for (const [name, { bytes, message }] of Object.entries(refusals)) {
    test(`refuses ${name}`, async (context) => {
      const folder = temporaryFolder(context);
      if (bytes !== null) writeFileSync(join(folder, 'picture.png'), bytes);
      assertRefused(await beside(folder, () => {}, [...predict, 'picture.png']), 2, message);
    });
  }

  test('reads pictures in their order, and a blank one as no digit', async (context) => {
    const folder = temporaryFolder(context);
    writeFileSync(join(folder, 'a.png'), greyPng(rowPicture(1)));
    writeFileSync(join(folder, 'blank.png'), greyPng(new Uint8Array(784).fill(255)));
    const args = ['predict', '--bundle', bundle, 'a.png', 'blank.png', 'a.png'];
    const { results } = await resultOf<{ results: (Prediction & { file: string })[] }>(args, folder);
    assert.deepEqual(
      results.map(({ file }) => file),
      ['a.png', 'blank.png', 'a.png'],
    );
    const [first, blank, again] = results;
    assert.deepEqual(again, first);
    assert.equal(first!.confidence, first!.probabilities[first!.digit!]);
    assert.deepEqual([blank!.digit, blank!.accepted, blank!.reason], [null, false, 'blank']);
  });

  test('has a few of many pictures in memory at a time', async (context) => {
    const folder = temporaryFolder(context);
    // 16 MB once decoded.
    writeFileSync(join(folder, 'large.png'), blackPng(2000, 2000));
    const tell = "data:text/javascript,process.on('exit',()=>console.error(process.resourceUsage().maxRSS))";
    const megabytesFor = async (count: number) => {
      const args = ['predict', '--bundle', bundle, ...new Array<string>(count).fill('large.png')];
      const { status, stderr } = await tenfold(args, folder, ['env', `NODE_OPTIONS=--import=${tell}`]);
      assert.equal(status, 0, stderr);
      return Number(stderr) / 1024;
    };
    const [few, many] = [await megabytesFor(4), await megabytesFor(40)];
    assert.ok(many < few + 300, `${few} MB for 4 pictures, ${many} MB for 40`);
  });
});

test('serve refuses a port that is taken with status 1, and says so', async (context) => {
  const other = createServer().listen(0, '127.0.0.1');
  context.after(() => other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const ended = await beside(temporaryFolder(context), () => {}, [
    ...['serve', '--bundle', 'bundle', '--port', String(port)],
  ]);
  assertRefused(ended, 1, new RegExp(`a free address for 127\\.0\\.0\\.1:${port}, got EADDRINUSE\\. Choose`));
});

test('verify measures and compares with the run', async () => {
  const args = ['verify', 'bundle', '--run', 'run', ...data];
  const { passed, checks, accuracy } = await resultOf<BundleVerification>(args, shared);
  assert.equal(passed, true);
  assert.deepEqual(
    checks.map(({ name, status }) => [name, status]),
    [
      ...['files', 'graph', 'accuracy'].map((name) => [name, 'passed']),
      ['calibration', 'skipped'],
      ...['parity', 'predictions'].map((name) => [name, 'passed']),
    ],
  );
  const manifest = JSON.parse(readFileSync(join(bundle, MANIFEST_FILE), 'utf8')) as Manifest;
  assert.equal(accuracy, manifest.metrics.testAccuracy);
});
