import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as exported from '../../train/ort-backend/index.js';
import { LOWERINGS } from '../../train/ort-backend/lowerings/index.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const page = readFileSync(join(root, 'docs', 'tfjs-backend.md'), 'utf8');
const require = createRequire(import.meta.url);
const folderOf = (name: string) => dirname(require.resolve(`${name}/package.json`));

/** A program's own folder: Tenfold by its name, and a copy of tfjs-core that is not Tenfold's. */
let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenfold-docs-'));
  const installed = join(folder, 'node_modules');
  const core = join(installed, '@tensorflow', 'tfjs-core');
  mkdirSync(join(core, 'dist'), { recursive: true });
  for (const file of ['package.json', 'dist/tf-core.node.js'])
    cpSync(join(folderOf('@tensorflow/tfjs-core'), file), join(core, file));
  for (const name of ['seedrandom', 'node-fetch', '@tensorflow/tfjs-layers'])
    symlinkSync(folderOf(name), join(installed, name));
  symlinkSync(root, join(installed, 'tenfold'));
});
after(() => rmSync(folder, { recursive: true }));

const programs = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text!);
/** What a program says that it prints. */
const promised = (program: string) => [...program.matchAll(/\/\/ -> (.*)$/gm)].map(([, line]) => line!);

test('the page has programs, and each says what it prints', () => {
  assert.ok(programs.length >= 5, `${programs.length} programs`);
  for (const program of programs) assert.ok(promised(program).length > 0, program);
});

for (const [index, program] of programs.entries()) {
  test(`program ${index + 1} prints what the page says`, () => {
    const file = join(folder, `program-${index + 1}.mjs`);
    writeFileSync(file, program);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.deepEqual(stdout.trimEnd().split('\n'), promised(program));
  });
}

test('the kernels listed are those that are lowered', () => {
  const [, list] = page.match(/<!-- kernels -->\n(.*?)\n<!-- \/kernels -->/s)!;
  const named = [...list!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  assert.deepEqual(named, Object.keys(LOWERINGS).sort());
});

test('the reference has every export', () => {
  const reference = page.slice(page.indexOf('## API'));
  for (const name of Object.keys(exported)) assert.match(reference, new RegExp(`^\\|.*\`${name}\\b`, 'm'));
});
