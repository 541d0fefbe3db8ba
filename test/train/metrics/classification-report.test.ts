import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classificationReport } from '../../../train/metrics/classification-report.js';
import { REPORTS } from './classification-report.fixtures.js';

for (const { name, matrix, report } of REPORTS) {
  test(`the report equals scikit-learn's: ${name}`, () => {
    assert.equal(classificationReport(matrix), report);
  });
}
