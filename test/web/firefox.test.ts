import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FIREFOX, isFirefox } from './browser.js';

/** The rest of `npm run test:firefox` takes minutes. */
const SHORT_FORM = ['--firefox', 'web/embedding/other-origin'];

const skip = isFirefox
  ? 'all of them run in Firefox'
  : !existsSync(FIREFOX) && `there is no ${FIREFOX}: Debian has it as firefox-esr`;

test("in Debian's Firefox a page of another origin embeds the element under the documented policy, as in Chromium", {
  skip,
}, async () => {
  const runner = fileURLToPath(new URL('../run.js', import.meta.url));
  // Without the mark by which Node's runner has its tests report to it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, output } = await new Promise<{ status: number; output: string }>((resolve) => {
    execFile(process.execPath, [runner, ...SHORT_FORM], { env }, (error, stdout) => {
      resolve({ status: error ? 1 : 0, output: stdout });
    });
  });
  assert.equal(status, 0, output);
  assert.match(output, /^ℹ pass [1-9]/m);
});
