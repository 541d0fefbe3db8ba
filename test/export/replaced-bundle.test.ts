import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { MANIFEST_FILE, MODEL_CARD_FILE, MODEL_FILE } from '../../core/manifest.js';
import { amendBundle } from '../../export/bundle.js';
import { exportRun } from '../../export/export-run.js';
import { data, edit, exported, run, withMessage } from './bundle-fixture.js';

test('a folder of other things is not overwritten', async (context) => {
  const { run: runFolder, bundle } = await run(context);
  mkdirSync(bundle);
  writeFileSync(join(bundle, 'thesis.txt'), 'years of work');
  await assert.rejects(
    exportRun({ runFolder, outFolder: bundle, ...data }),
    withMessage(
      'bad-usage',
      /Expected a new folder, an empty one, or an earlier bundle .* got a folder with thesis\.txt/,
    ),
  );
  assert.deepEqual(readdirSync(bundle), ['thesis.txt']);
  await assert.rejects(
    exportRun({ runFolder, outFolder: join(bundle, 'thesis.txt'), ...data }),
    withMessage('bad-usage', /got a file/),
  );
});

/** What people may keep where a manifest.json lies, by paths; and what of it the refusal names. */
const KEPT: { title: string; files: Record<string, string>; named: RegExp }[] = [
  {
    title: "another program's manifest.json and files",
    files: { [MANIFEST_FILE]: '{"name":"my PWA"}', 'src/index.js': 'weeks of work' },
    named: /got a folder with README\.md, manifest\.json, model\.onnx\. Name another/,
  },
  {
    title: 'a manifest.json that is no JSON',
    files: { [MANIFEST_FILE]: '{"format":2,' },
    named: /got a folder with README\.md, manifest\.json, model\.onnx\. Name another/,
  },
  {
    title: 'a file beside a bundle',
    files: { 'notes.txt': 'mine' },
    named: /got a folder with notes\.txt\./,
  },
  {
    title: 'a picture beside those of a bundle',
    files: { 'pictures/mine.png': 'mine' },
    named: /got a folder with pictures\/mine\.png\./,
  },
];

for (const { title, files, named } of KEPT) {
  test(`${title}: not overwritten`, async (context) => {
    const { run: runFolder, bundle } = await exported(context);
    await amendBundle(bundle, { 'pictures/training.png': Buffer.from('a picture') });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(bundle, path)), { recursive: true });
      writeFileSync(join(bundle, path), text);
    }
    await assert.rejects(
      exportRun({ runFolder, outFolder: bundle, ...data }),
      withMessage('bad-usage', named),
    );
    for (const [path, text] of Object.entries(files)) {
      assert.equal(readFileSync(join(bundle, path), 'utf8'), text);
    }
  });
}

test('a bundle of another format and with pictures is an earlier bundle, and replaced', async (context) => {
  const { run: runFolder, bundle } = await exported(context);
  await amendBundle(bundle, { 'pictures/training.png': Buffer.from('a picture') });
  edit(join(bundle, MANIFEST_FILE), (text) => text.replace('"format": 2', '"format": 1'));
  await exportRun({ runFolder, outFolder: bundle, ...data });
  assert.deepEqual(readdirSync(bundle).sort(), [MODEL_CARD_FILE, MANIFEST_FILE, MODEL_FILE]);
});

test('a bundle that a link leads to is replaced and amended where it lies', async (context) => {
  const { parent, run: runFolder, bundle } = await exported(context);
  const link = join(parent, 'link');
  symlinkSync(bundle, link);
  await amendBundle(link, { 'pictures/training.png': Buffer.from('a picture') });
  assert.deepEqual(readdirSync(join(bundle, 'pictures')), ['training.png']);
  await exportRun({ runFolder, outFolder: link, ...data });
  assert.deepEqual(readdirSync(bundle).sort(), [MODEL_CARD_FILE, MANIFEST_FILE, MODEL_FILE]);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.deepEqual(readdirSync(parent).sort(), ['bundle', 'link', 'run']);
});

test('a file that a link of a bundle leads to stays as it is when the bundle is amended', async (context) => {
  const { parent, bundle } = await exported(context);
  const [card, elsewhere] = [join(bundle, MODEL_CARD_FILE), join(parent, 'elsewhere.md')];
  renameSync(card, elsewhere);
  symlinkSync(elsewhere, card);
  const before = readFileSync(elsewhere, 'utf8');
  await amendBundle(bundle, { [MODEL_CARD_FILE]: Buffer.from('# Another') });
  assert.equal(readFileSync(card, 'utf8'), '# Another');
  assert.equal(readFileSync(elsewhere, 'utf8'), before);
});
