import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import type { KernelName } from '../../../train/ort-backend/lowerings/kernels.js';
import type { Case } from './case.js';
import { CASES } from './cases/index.js';
import { assertClose, REFERENCE, recordKernels, registerBackends, runCase } from './compare.js';
import { type Origin, plansOf } from './origins.js';

registerBackends();
const asked = recordKernels();

for (const kernel of Object.keys(CASES) as KernelName[]) {
  test(`${kernel}: values and gradients are those of TensorFlow.js's cpu backend`, async (context) => {
    assert.ok(CASES[kernel].length > 0, 'a kernel needs a case');
    for (const one of CASES[kernel]) {
      await context.test(one.title, async () => {
        asked.clear();
        for (const plan of plansOf(one)) await compare(one, plan);
        assert.ok(asked.has(kernel), `the case never asked for ${kernel}, only for ${[...asked]}`);
      });
    }
  });
}

async function compare(one: Case, plan: Origin[]): Promise<void> {
  const context = `inputs ${plan.join(', ') || 'none'}`;
  const expected = await runCase(REFERENCE, one, plan);
  const actual = await runCase(BACKEND_NAME, one, plan).catch((cause: Error) => {
    // TensorFlow.js keeps what it saved for a gradient that failed, and each read asks for all there is.
    registerBackends();
    throw new Error(`${context}: ${cause.message}`, { cause });
  });
  assertClose(actual, expected, context, one.tolerance);
}
