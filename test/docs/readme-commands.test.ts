import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DEFAULT_BUNDLE } from '../../serve/models/bundle.js';
import type { PredictResponse } from '../../serve/predict/schemas.js';
import { startServer } from '../../serve/server.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const PRINTED = 'http://127.0.0.1:8080';
const commands = readFileSync(join(root, 'README.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('curl '));
const lacking = ['bash', 'curl', 'base64'].find((program) => spawnSync(program, ['--version']).error);

test('the curl commands of the README read its seven as printed, from the repository’s root', {
  skip: lacking !== undefined && `this machine has no ${lacking}`,
}, async () => {
  assert.ok(commands.length >= 3, `${commands.length} commands`);
  const logger = { info() {}, warn: console.error, error: console.error };
  const server = await startServer({ bundles: [DEFAULT_BUNDLE], port: 0, workers: 1, logger });
  try {
    for (const command of commands) {
      assert.ok(command.includes(PRINTED), command);
      const asked = command.replace(PRINTED, server.url);
      const { stdout } = await promisify(execFile)('bash', ['-c', asked], { cwd: root });
      const { results } = JSON.parse(stdout) as PredictResponse;
      assert.deepEqual(
        results.map(({ digit, accepted }) => [digit, accepted]),
        [[7, true]],
        command,
      );
    }
  } finally {
    await server.close();
  }
});
