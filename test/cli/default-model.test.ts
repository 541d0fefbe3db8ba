import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { greyPng, rowPicture } from '../serve/pictures.js';
import { type BundleFolder, makeTinyBundle } from '../serve/tiny-bundle.js';
import { makeFolder, removeFolder } from './command-line.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A copy of the package as it is installed, whose default model may be there or not. */
let installed: string;
/** Where commands run: neither in the package nor beside a bundle. */
let elsewhere: string;
let bundle: BundleFolder;

before(async () => {
  installed = makeFolder();
  elsewhere = makeFolder();
  bundle = await makeTinyBundle();
  for (const part of ['bin', 'package.json'])
    cpSync(join(root, part), join(installed, part), { recursive: true });
  for (const part of ['cli', 'core', 'serve'])
    cpSync(join(root, 'dist', part), join(installed, 'dist', part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
  writeFileSync(join(elsewhere, 'three.png'), greyPng(rowPicture(3)));
  mkdirSync(join(elsewhere, 'bundles'));
  cpSync(bundle.directory, join(elsewhere, 'bundles', 'own'), { recursive: true });
});
after(async () => {
  removeFolder(installed);
  removeFolder(elsewhere);
  await bundle.remove();
});

function predict(...args: string[]) {
  const program = join(installed, 'bin', 'tenfold.js');
  const all = [program, 'predict', 'three.png', ...args];
  return spawnSync(process.execPath, all, { cwd: elsewhere, encoding: 'utf8' });
}

test('without its default model the package says what to do, and takes no other bundle by itself', () => {
  const { status, stderr } = predict();
  assert.equal(status, 2);
  const models = join(installed, 'models', 'default').replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  assert.match(
    stderr,
    new RegExp(
      `^tenfold: Expected a bundle folder, or the default model in ${models} for --bundle, got neither`,
    ),
  );
  assert.match(stderr, /Name a bundle of your own, or make one by `tenfold pipeline`/);
});

test('a bundle that is named is taken', () => {
  const { status, stdout, stderr } = predict('--bundle', join('bundles', 'own'));
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^three\.png: 3/);
});

test('the default model is found from any folder', () => {
  cpSync(bundle.directory, join(installed, 'models', 'default'), { recursive: true });
  const { status, stdout, stderr } = predict();
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^three\.png: 3/);
});
