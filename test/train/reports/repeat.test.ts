import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupRuns } from '../../../train/reports/groups.js';
import { type ReportRun, readReportRun } from '../../../train/reports/read-run.js';
import { runReport } from '../../../train/reports/run-report.js';

const recorded = await readReportRun('docs/experiments/fast-seed1');
const noDigits = { count: 0, images: new Uint8Array(), labels: new Uint8Array() };

/** The command of a report by which the run is trained again. */
async function commandOf(run: ReportRun): Promise<string | undefined> {
  const { page } = await runReport(groupRuns([run])[0]!, noDigits);
  const { content } = page.sections.find(({ id }) => id === 'settings')!;
  return /To repeat it: <code>tenfold train (.*)<\/code>/.exec(content.markup)?.[1];
}

/** A run of so many epochs, all of which were asked for unless more were. */
const ofEpochs = (
  epochs: number,
  { asked = epochs, rows = epochs, patience = 0, bestEpoch = 0 } = {},
): ReportRun => ({
  ...recorded,
  recipe: { ...recorded.recipe, training: { ...recorded.recipe.training, epochs: asked, patience } },
  metrics: { ...recorded.metrics, epochs, steps: 1234, ...(bestEpoch > 0 && { bestEpoch }) },
  epochs: { ...recorded.epochs, rows },
});

test('the command that repeats a run ends it where it ended, unless it ended by itself', async () => {
  const recipe = '--recipe fast --seed 1';
  assert.equal(await commandOf(recorded), recipe);
  assert.equal(
    await commandOf(ofEpochs(2, { rows: 3, asked: 9 })),
    `${recipe} --set epochs=9 --max-steps 1234`,
  );
  assert.equal(await commandOf(ofEpochs(5, { asked: 9 })), `${recipe} --set epochs=9 --max-steps 1234`);
  const patient = `${recipe} --set epochs=9 --set patience=3`;
  assert.equal(await commandOf(ofEpochs(5, { asked: 9, patience: 3, bestEpoch: 2 })), patient);
  assert.equal(
    await commandOf(ofEpochs(5, { asked: 9, patience: 3, bestEpoch: 4 })),
    `${patient} --max-steps 1234`,
  );
});

test('it measures as often and on the same data; of a recipe that there is no more it is not told', async () => {
  const { recipe } = recorded;
  const measured = { ...recorded, recipe: { ...recipe, evaluateEvery: 'step', dataSha256: 'f'.repeat(64) } };
  assert.equal(await commandOf(measured), '--recipe fast --seed 1 --evaluate-every step --data DIR');
  assert.equal(await commandOf({ ...recorded, recipe: { ...recipe, name: 'gone' } }), undefined);
});
