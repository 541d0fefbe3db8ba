import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { MANIFEST_FILE, type Manifest, MODEL_FILE, PRECISION_FILES } from '../../../core/manifest.js';
import { DEFAULT_LIMITS } from '../../../serve/limits.js';
import { createAnswerCache } from '../../../serve/models/answer-cache.js';
import type { Wanted } from '../../../serve/models/models.js';
import { precisionFor } from '../../../serve/models/precision.js';
import { Registry, type RegistryOptions } from '../../../serve/models/registry.js';
import { greyImage, rowPicture } from '../pictures.js';
import { writeTinyBundle } from '../tiny-bundle.js';

let root: string;
let registry: Registry | null;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tenfold-registry-'));
  registry = null;
});
afterEach(async () => {
  await registry?.close();
  await rm(root, { recursive: true });
});

async function start(options: Partial<RegistryOptions> = {}): Promise<Registry> {
  const pool = { workers: 1, limits: DEFAULT_LIMITS };
  registry = await Registry.start({ bundles: [join(root, 'a')], pool, ...options });
  return registry;
}

const bundle = (folder: string, options: Parameters<typeof writeTinyBundle>[1]) =>
  writeTinyBundle(join(root, folder), options);

/** What is read where the picture shows a 3; each model adds its offset. */
const read = (models: Registry, wanted: Wanted = {}): Promise<number | null> =>
  models.use(wanted, async (model) => {
    const { output } = await model.run('one', [greyImage(rowPicture(3))]);
    return output[0]!.digit;
  });

const missing = (got: string) => ({ code: 'not-found', message: new RegExp(`, got ${got}\\. `) });

test('models and versions answer side by side, each by its name', async () => {
  await bundle('a', { name: 'first', version: '1' });
  await bundle('b', { name: 'first', version: '2', offset: 1 });
  await bundle('c', { name: 'second', version: '1', offset: 2 });
  const models = await start({ bundles: ['a', 'b', 'c'].map((folder) => join(root, folder)) });
  assert.equal(await read(models), 3);
  assert.equal(await read(models, { name: 'first' }), 3);
  assert.equal(await read(models, { version: '2' }), 4);
  assert.equal(await read(models, { name: 'first', version: '2' }), 4);
  assert.equal(await read(models, { name: 'second' }), 5);
  await assert.rejects(read(models, { name: 'third' }), missing('third'));
  await assert.rejects(read(models, { name: 'second', version: '2' }), missing('second 2'));
  assert.deepEqual(
    (await models.list()).map(({ name, version, state }) => [name, version, state]),
    [
      ['first', '1', 'ready'],
      ['first', '2', 'ready'],
      ['second', '1', 'ready'],
    ],
  );
});

test('the same version twice is refused', async () => {
  await bundle('a', {});
  await bundle('b', {});
  await assert.rejects(start({ bundles: [join(root, 'a'), join(root, 'b')] }), {
    code: 'bad-usage',
    message: /got row-reader 1\.2\.3 twice/,
  });
});

test('a canary answers its share of the requests that choose no version', async () => {
  await bundle('a', { name: 'first', version: '1' });
  await bundle('b', { name: 'first', version: '2', offset: 1 });
  let next = 0;
  const draws = [0, 0.249, 0.25, 0.999];
  const models = await start({
    canaries: [{ directory: join(root, 'b'), share: 0.25 }],
    random: () => draws[next++ % draws.length]!,
  });
  const answers = [];
  for (const wanted of [{}, { name: 'first' }, {}, {}]) answers.push(await read(models, wanted));
  assert.deepEqual(answers, [4, 4, 3, 3]);
  assert.equal(await read(models, { version: '1' }), 3);
  assert.equal(models.default.manifest.version, '1');
});

test('a canary answers for its own model alone, whichever it is', async () => {
  await bundle('a', { name: 'first' });
  await bundle('b', { name: 'second', version: '1', offset: 1 });
  await bundle('c', { name: 'second', version: '2', offset: 2 });
  const models = await start({
    bundles: [join(root, 'a'), join(root, 'b')],
    canaries: [{ directory: join(root, 'c'), share: 1 }],
  });
  assert.equal(await read(models), 3);
  assert.equal(await read(models, { name: 'first' }), 3);
  assert.equal(await read(models, { name: 'second' }), 5);
  assert.equal(await read(models, { name: 'second', version: '1' }), 4);
});

test('a canary of a model that no bundle has is refused, at the start and when it is loaded anew', async () => {
  await bundle('a', { name: 'first' });
  await bundle('b', { name: 'second', offset: 1 });
  const canaries = [{ directory: join(root, 'b'), share: 0.05 }];
  const refused = {
    code: 'bad-usage',
    message: /^Expected a version of first for the canary .*b, got one of second\. /,
  };
  await assert.rejects(start({ canaries }), refused);
  await bundle('b', { name: 'first', version: '2', offset: 1 });
  const models = await start({ canaries });
  await bundle('b', { name: 'second', offset: 1 });
  await assert.rejects(models.reload(), refused);
  assert.equal(await read(models, { version: '2' }), 4);
});

test('a repository is listed, loaded from and let go of', async () => {
  await bundle('a', { name: 'first' });
  await bundle('shelf/second-9', { name: 'second', version: '9', offset: 1 });
  await bundle('shelf/second-10', { name: 'second', version: '10', offset: 2 });
  await mkdir(join(root, 'shelf', 'no-bundle'));
  const models = await start({ repository: join(root, 'shelf') });
  const states = async () => (await models.list()).map(({ name, version, state }) => [name, version, state]);
  const unloaded = [
    ['first', '1.2.3', 'ready'],
    ['second', '10', 'unavailable'],
    ['second', '9', 'unavailable'],
  ];
  assert.deepEqual(await states(), unloaded);
  await assert.rejects(read(models, { name: 'second' }), missing('second'));
  await models.load('second');
  assert.equal(await read(models, { name: 'second' }), 5, 'the last folder by its number');
  assert.equal(await read(models, { name: 'second', version: '9' }), 4);
  await models.unload('second');
  assert.deepEqual(await states(), unloaded);
  await assert.rejects(models.unload('second'), missing('second'));
  await assert.rejects(models.load('third'), missing('third'));
  await assert.rejects(models.unload('first'), { code: 'bad-usage', message: /default model stays/ });
});

test('a version that was put beside the others answers by its folder, as after a new start', async () => {
  await bundle('a', { name: 'first' });
  await bundle('shelf/second-9', { name: 'second', version: '9', offset: 1 });
  const models = await start({ repository: join(root, 'shelf') });
  await models.load('second');
  await bundle('shelf/second-10', { name: 'second', version: '10', offset: 2 });
  await models.load('second');
  assert.equal(await read(models, { name: 'second' }), 5);
  assert.equal(await read(models, { name: 'second', version: '9' }), 4);
  assert.equal(await read(models), 3);
});

test('a bundle of the repository is one model, however its folder is written', async () => {
  await bundle('shelf/a', { version: '1' });
  await bundle('shelf/b', { version: '2', offset: 1 });
  const models = await start({
    bundles: [`${join(root, 'shelf', 'a')}/`],
    canaries: [{ directory: `${root}//shelf/b`, share: 1 }],
    repository: relative('.', join(root, 'shelf')),
  });
  assert.deepEqual(
    (await models.list()).map(({ version, state }) => [version, state]),
    [
      ['1', 'ready'],
      ['2', 'ready'],
    ],
  );
  assert.equal(await read(models), 4);
});

test('a repository that is no folder is refused at the start', async () => {
  await bundle('a', {});
  for (const repository of [join(root, 'nowhere'), join(root, 'a', MODEL_FILE)]) {
    await assert.rejects(start({ repository }), { code: 'bad-usage', message: /for the repository, got / });
  }
});

test('a new bundle in an old folder takes over, whatever is under way', async () => {
  await bundle('a', { version: '1' });
  const models = await start();
  let finish!: () => void;
  const held = models.use({}, async (model) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return (await model.run('tensor', new Float32Array(784))).output.logits.length;
  });
  await bundle('a', { version: '2', offset: 1 });
  await models.reload();
  assert.equal(await read(models), 4);
  assert.equal(models.default.manifest.version, '2');
  assert.deepEqual(
    (await models.list()).map(({ version, state }) => [version, state]),
    [
      ['2', 'ready'],
      ['1', 'unloading'],
    ],
  );
  finish();
  assert.equal(await held, 10, 'the old one answered who had it');
  await bundle('a', { version: '3', offset: 2 });
  await models.load('row-reader');
  assert.equal(await read(models), 5);
});

test('a version that is loaded anew, or let go of, is listed once while the old one answers', async () => {
  await bundle('a', { name: 'first', version: '1' });
  await bundle('shelf/b', { name: 'second', version: '1' });
  const models = await start({ repository: join(root, 'shelf') });
  await models.load('second');
  const states = async () => (await models.list()).map(({ name, state }) => [name, state]);
  let finish!: () => void;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const held = ['first', 'second'].map((name) => models.use({ name }, () => finished));
  await models.reload();
  const unloaded = models.unload('second');
  // The change begins once those before it are over.
  await setImmediate();
  const during = await states();
  finish();
  await Promise.all([...held, unloaded]);
  assert.deepEqual(during, [
    ['first', 'ready'],
    ['second', 'unloading'],
  ]);
  assert.deepEqual(await states(), [
    ['first', 'ready'],
    ['second', 'unavailable'],
  ]);
});

test('a repository that is gone is told of beside the models that are loaded', async () => {
  await bundle('a', { name: 'first', version: '1' });
  await bundle('shelf/b', { name: 'second', version: '1' });
  const models = await start({ repository: join(root, 'shelf') });
  await models.load('second');
  await rm(join(root, 'shelf'), { recursive: true });
  const [first, second, lost] = await models.list();
  assert.deepEqual(
    [first!.name, first!.state, second!.name, second!.state],
    ['first', 'ready', 'second', 'ready'],
  );
  assert.equal(lost!.state, 'unavailable');
  assert.match(lost!.reason, /^ENOENT.*shelf/);
});

test('nothing is loaded any more after the end, for nobody would end it', async () => {
  await bundle('a', {});
  const models = await start();
  const closing = models.close();
  const late = [models.reload(), models.load('row-reader')];
  const refusal = { code: 'unavailable', message: /one that shuts down/ };
  await Promise.all(late.map((change) => assert.rejects(change, refusal)));
  await closing;
  await assert.rejects(models.reload(), { code: 'unavailable' });
});

test('a bad bundle is refused and the old one answers on', async () => {
  await bundle('a', { version: '1' });
  const models = await start();
  await bundle('a', { version: '2', offset: 1 });
  await writeFile(join(root, 'a', MODEL_FILE), 'cut off');
  await assert.rejects(models.reload(), { code: 'corrupt', message: /sha256 of model\.onnx/ });
  await assert.rejects(models.load('row-reader'), { code: 'corrupt' });
  assert.equal(await read(models), 3);
  assert.equal(models.isReady, true);
});

test('a bundle whose manifest does not hold is not let go of while another version of its model is loaded', async () => {
  await bundle('a', { name: 'first', version: '1' });
  await bundle('b', { name: 'other', offset: 1 });
  await bundle('shelf/first-2', { name: 'first', version: '2', offset: 2 });
  await bundle('shelf/other-2', { name: 'other', version: '2', offset: 3 });
  const models = await start({
    bundles: [join(root, 'a'), join(root, 'b')],
    repository: join(root, 'shelf'),
  });
  for (const folder of ['a', 'b']) await writeFile(join(root, folder, MANIFEST_FILE), '{"name": ');
  await assert.rejects(models.load('first'), { code: 'corrupt' });
  await assert.rejects(models.load('other'), { code: 'corrupt' });
  assert.equal(await read(models), 3);
  assert.equal(await read(models, { name: 'other' }), 4);
  await assert.rejects(read(models, { version: '2' }), missing('first 2'));
});

test('the default model stays where its folder holds another by now, until that one takes it over', async () => {
  await bundle('a', { name: 'first', version: '1' });
  await bundle('b', { name: 'other', offset: 1 });
  await bundle('shelf/first-2', { name: 'first', version: '2', offset: 2 });
  const models = await start({
    bundles: [join(root, 'a'), join(root, 'b')],
    repository: join(root, 'shelf'),
  });
  await bundle('a', { name: 'third', offset: 3 });
  await assert.rejects(models.load('first'), {
    code: 'bad-usage',
    message: /^Expected a bundle of first for .+, got one of another model\. /,
  });
  assert.equal(await read(models), 3);
  await models.load('third');
  assert.equal(await read(models), 6);
});

test('a model is ready while its workers are, remembered answers or not', async () => {
  await bundle('a', {});
  const pool = { workers: 1, limits: DEFAULT_LIMITS };
  for (const cache of [undefined, createAnswerCache(1)]) {
    const models = await start({ pool: { ...pool, ...(cache && { cache }) } });
    const lent = await models.use({}, async (model) => model);
    assert.equal(lent.isReady, true);
    await models.close();
    assert.equal(lent.isReady, false);
  }
});

test('a start that fails leaves nothing behind', async () => {
  await bundle('a', {});
  await assert.rejects(start({ bundles: [join(root, 'a'), join(root, 'nowhere')] }), { code: 'not-found' });
});

test('what is left to it answers on a cpu by the smallest graph that is as good, elsewhere by model.onnx', async () => {
  const manifest = JSON.parse(
    await readFile(new URL('../../../../models/default/manifest.json', import.meta.url), 'utf8'),
  ) as Manifest;
  const { variants } = manifest;
  const less = { ...manifest.metrics, testAccuracy: manifest.metrics.testAccuracy - 0.001, top1Agreement: 1 };
  const worse = { ...manifest, variants: { ...variants, int8: { ...variants!.int8!, metrics: less } } };
  assert.equal(precisionFor('auto', 'cpu')(manifest), 'int8');
  assert.equal(precisionFor('auto', 'cpu')(worse), 'fp16');
  assert.equal(precisionFor('auto', 'cuda')(manifest), 'fp32');
  assert.equal(precisionFor('fp32', 'cpu')(manifest), 'fp32');
});

test('the graph of the precision that is asked for answers, and a bundle without it is refused', async () => {
  await bundle('a', { name: 'first' });
  await bundle('b', { name: 'second', offset: 1 });
  await copyFile(join(root, 'b', MODEL_FILE), join(root, 'a', PRECISION_FILES.int8));
  const manifests = await Promise.all(
    ['a', 'b'].map(async (folder) => JSON.parse(await readFile(join(root, folder, MANIFEST_FILE), 'utf8'))),
  );
  const [own, other] = manifests as [Manifest, Manifest];
  const variant = {
    calibration: { ...own.calibration, rejection: { score: 'confidence', threshold: 1 } },
    metrics: { testAccuracy: 0.1, testLoss: 2.3, top1Agreement: 1 },
    onnx: { nodes: 3 },
    speed: { batches: [] },
  };
  const files = { ...own.files, [PRECISION_FILES.int8]: other.files[MODEL_FILE] };
  const changed = { ...own, variants: { int8: variant }, files };
  await writeFile(join(root, 'a', MANIFEST_FILE), JSON.stringify(changed));
  const pool = { workers: 1, limits: DEFAULT_LIMITS, precision: 'int8' } as const;
  const models = await start({ pool });
  const answer = await models.use({}, (model) => model.run('one', [greyImage(rowPicture(3))]));
  // The graph of the variant reads a digit more, and its threshold refuses what is not certain.
  assert.deepEqual([answer.output[0]!.digit, answer.output[0]!.accepted], [4, false]);
  await assert.rejects(Registry.start({ bundles: [join(root, 'b')], pool }), missing('int8'));
});
