import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { TenfoldError } from '../../core/errors.js';
import { exportRun } from '../../export/export-run.js';
import { tinyNet } from './networks.js';
import { noise, temporaryFolder, writeRun } from './run-fixture.js';

export const data = noise();

export interface Exported {
  parent: string;
  run: string;
  bundle: string;
}

export async function run(context: TestContext): Promise<Exported> {
  await tf.setBackend('cpu');
  const parent = temporaryFolder(context);
  const folder = await writeRun(join(parent, 'run'), tinyNet(), data);
  return { parent, run: folder, bundle: join(parent, 'bundle') };
}

export async function exported(context: TestContext): Promise<Exported> {
  const folders = await run(context);
  await exportRun({ runFolder: folders.run, outFolder: folders.bundle, ...data });
  return folders;
}

export function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

export const withMessage = (code: string, pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof TenfoldError, String(error));
  assert.match(error.message, pattern);
  assert.equal(error.code, code);
  return true;
};
