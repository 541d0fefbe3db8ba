import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { greyPng, rowPicture } from '../serve/pictures.js';
import { makeTinyBundle } from '../serve/tiny-bundle.js';
import { makeFolder, removeFolder } from './command-line.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Programs of others that have ONNX Runtime compute something, by the package's entry; `three.png` and a bundle lie beside them. */
const PROGRAMS: Record<string, string> = {
  tenfold: `
    import { readFile } from 'node:fs/promises';
    import { createClassifier } from 'tenfold';
    const classifier = await createClassifier({ bundle: 'bundle' });
    console.log((await classifier.classify(await readFile('three.png'))).digit);
    await classifier.close();`,
  'tenfold/tfjs-backend': `
    import { add, setBackend } from '@tensorflow/tfjs-core';
    import { registerOnnxRuntimeBackend } from 'tenfold/tfjs-backend';
    registerOnnxRuntimeBackend();
    await setBackend('onnxruntime');
    console.log((await add(1, 2).data())[0]);`,
  'the command line': `
    import { runCommandLine } from '${join(root, 'dist/cli/main.js')}';
    process.exitCode = await runCommandLine(['predict', 'three.png', '--bundle', 'bundle']);`,
};

for (const [name, program] of Object.entries(PROGRAMS)) {
  test(`${name} keeps nothing under the home folder: ONNX Runtime tells its maker nothing`, async (context) => {
    const bundle = await makeTinyBundle();
    const [home, project] = [makeFolder(), makeFolder()];
    context.after(async () => {
      await bundle.remove();
      for (const folder of [home, project]) removeFolder(folder);
    });
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(root, join(project, 'node_modules', 'tenfold'));
    symlinkSync(join(root, 'node_modules', '@tensorflow'), join(project, 'node_modules', '@tensorflow'));
    symlinkSync(bundle.directory, join(project, 'bundle'));
    writeFileSync(join(project, 'three.png'), greyPng(rowPicture(3)));
    writeFileSync(join(project, 'program.mjs'), program);
    const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['program.mjs'], {
      cwd: project,
      env: { ...env, HOME: home },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /3/);
    assert.deepEqual(readdirSync(home, { recursive: true }), []);
  });
}
