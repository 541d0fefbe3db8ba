import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseSeeds } from '../../../cli/seeds.js';
import { TenfoldError } from '../../../core/errors.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';
import { RECIPE_GROUPS } from '../../../train/recipes/table.js';
import { gridPoints } from '../../../train/sweeps/grid.js';
import { planRuns, requireSameRuns, slugOf, variedSettings } from '../../../train/sweeps/plan.js';
import { SWEEPS, type Sweep } from '../../../train/sweeps/table.js';

const isBadUsage = (error: unknown) => error instanceof TenfoldError && error.code === 'bad-usage';

describe('every sweep of the reports', () => {
  for (const [name, sweep] of Object.entries(SWEEPS) as [string, Sweep][]) {
    test(`${name}: every point is a training of its own`, () => {
      const resolved = sweep.points.map(({ recipe, overrides }) => {
        const { model, training } = resolveRecipe(recipe, 1, overrides);
        return JSON.stringify({ recipe, model, training });
      });
      assert.equal(new Set(resolved).size, sweep.points.length, 'two points are the same training');
      assert.equal(new Set(sweep.points.map(({ label }) => label)).size, sweep.points.length);
    });
  }

  test('together have every recipe of a report, but for one that no report compares', () => {
    const points = (Object.values(SWEEPS) as Sweep[]).flatMap((sweep) => sweep.points);
    const { own: _, ...reports } = RECIPE_GROUPS;
    const recipes = Object.values(reports).flatMap((group) => group.recipes);
    const missing = recipes.filter((name) => !points.some(({ recipe }) => recipe === name));
    assert.deepEqual(missing, ['basic-block-64x3-downsampling']);
  });

  test('vary what they are named after, and nothing else', () => {
    for (const [name, keys] of [
      ['groups-a', ['filters', 'blocks']],
      ['activation-b', ['activation']],
      ['learning-rate-b', ['learningRate']],
      ['batch-size-b', ['batchSize']],
      ['learning-rate-c', ['learningRate']],
      ['batch-size-c', ['batchSize']],
    ] as const) {
      assert.deepEqual([...variedSettings(SWEEPS[name].points)].sort(), [...keys].sort(), name);
    }
    const { points } = SWEEPS['variants-e'];
    const epochs = new Set(points.map(({ recipe }) => resolveRecipe(recipe, 1).training.epochs));
    assert.ok(epochs.size > 1 && !variedSettings(points).has('epochs'), 'its epochs may be cut for all');
  });
});

describe('--grid', () => {
  test('is the product of its axes, the last one fastest', () => {
    const points = gridPoints('fast', ['learningRate=0.1,0.01', 'epochs=1,2']);
    assert.deepEqual(
      points.map(({ overrides }) => overrides),
      [
        ['learningRate=0.1', 'epochs=1'],
        ['learningRate=0.1', 'epochs=2'],
        ['learningRate=0.01', 'epochs=1'],
        ['learningRate=0.01', 'epochs=2'],
      ],
    );
    assert.equal(points[0]!.label, 'learningRate=0.1 epochs=1');
  });

  test('varies the keys of its axes, epochs too, and one that has a single value', () => {
    const points = gridPoints('fast', ['epochs=1,2', 'filters=4']);
    assert.deepEqual([...variedSettings(points)].sort(), ['epochs', 'filters']);
  });

  test('may vary what goes only with a setting for all', () => {
    const points = gridPoints('fast', ['patience=1,2']);
    assert.deepEqual([...variedSettings(points)], ['patience']);
    assert.equal(planRuns(points, [1], { settings: ['validationImages=5000'] }).length, 2);
    assert.throws(() => planRuns(points, [1], { settings: [] }), isBadUsage);
  });

  test('takes numbers for what they are, words and empty ones for their text', () => {
    for (const values of ['0.1,0.10', '0.1,1e-1', '1,+1', '0,-0', '0x10,16', 'relu,relu']) {
      assert.throws(() => gridPoints('fast', [`learningRate=${values}`]), isBadUsage, values);
    }
    assert.equal(gridPoints('fast', ['learningRate=0.1,0.01,relu,Relu,NaN,nan']).length, 6);
  });

  for (const axes of [
    ['epochs'],
    ['epochs='],
    ['=1,2'],
    ['epochs=1,,2'],
    ['epochs=1,1'],
    ['a=1', 'a=2'],
    [''],
  ]) {
    test(`refuses ${JSON.stringify(axes)}`, () => {
      assert.throws(() => gridPoints('fast', axes), isBadUsage);
    });
  }

  test('any text is a grid or is refused in words', () => {
    fc.assert(
      fc.property(fc.string(), (axis) => {
        try {
          const points = gridPoints('fast', [axis]);
          assert.ok(points.length > 0);
          for (const { overrides } of points) assert.match(overrides[0]!, /^[^=]+=./);
        } catch (error) {
          assert.ok(isBadUsage(error), String(error));
        }
      }),
    );
  });
});

describe('--seeds', () => {
  for (const [text, seeds] of [
    ['1', [1]],
    ['1..3', [1, 2, 3]],
    ['3,1', [3, 1]],
    ['0, 5..6', [0, 5, 6]],
    ['2147483647', [2147483647]],
  ] as const) {
    test(`${text}`, () => assert.deepEqual(parseSeeds(text), seeds));
  }

  for (const text of [
    '',
    '3..1',
    '1,1',
    '1..3,2',
    '-1',
    '1.5',
    '1...3',
    'a',
    '2147483648',
    '0..1000',
    '1,',
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseSeeds(text), isBadUsage);
    });
  }
});

describe('the runs of a sweep', () => {
  test('go seed after seed, settings for all after the points own', () => {
    const runs = planRuns(gridPoints('fast', ['filters=4,8']), [1, 2], {
      settings: ['epochs=1'],
      maxSteps: 20,
    });
    assert.deepEqual(
      runs.map(({ id }) => id),
      ['filters-4-seed1', 'filters-8-seed1', 'filters-4-seed2', 'filters-8-seed2'],
    );
    assert.deepEqual(runs[3], {
      id: 'filters-8-seed2',
      label: 'filters=8',
      recipe: 'fast',
      seed: 2,
      settings: ['filters=8', 'epochs=1'],
      maxSteps: 20,
    });
  });

  test('a setting that no recipe takes is refused before anything is trained', () => {
    assert.throws(() => planRuns(gridPoints('fast', ['filters=4,none']), [1], { settings: [] }), isBadUsage);
    assert.throws(() => planRuns(gridPoints('none', ['filters=4']), [1], { settings: [] }), isBadUsage);
  });

  test('whatever the labels, folders differ, on systems that know no capitals too', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 6 }), (labels) => {
        const points = labels.map((label) => ({ label, recipe: 'fast', overrides: [] }));
        const ids = planRuns(points, [1, 2], { settings: [] }).map(({ id }) => id);
        assert.equal(new Set(ids.map((id) => id.toLowerCase())).size, ids.length);
        for (const id of ids) assert.match(id, /^[a-z0-9][a-z0-9.-]*-seed\d$/);
      }),
    );
  });

  test('other settings in the same folder are refused, other seeds are not', () => {
    const runs = (seeds: number[], setting: string) =>
      planRuns(gridPoints('fast', ['filters=4,8']), seeds, { settings: [setting] });
    const earlier = { name: 'a', title: 'a', sweep: 'id', runs: runs([1, 2], 'epochs=1') };
    requireSameRuns(earlier, runs([2, 3], 'epochs=1'), 'folder');
    assert.throws(
      () => requireSameRuns(earlier, runs([2, 3], 'epochs=2'), 'folder'),
      /Expected fast filters=4 epochs=1 for the run filters-4-seed2 of folder, got fast filters=4 epochs=2\./,
    );
    assert.throws(
      () =>
        requireSameRuns({ ...earlier, runs: [], otherRuns: earlier.runs }, runs([1], 'epochs=2'), 'folder'),
      isBadUsage,
    );
  });

  test('a folder is named after its label', () => {
    assert.equal(slugOf('group 1: 32 filters, 2 blocks'), 'group-1-32-filters-2-blocks');
    assert.equal(slugOf('learningRate=0.001'), 'learningrate-0.001');
    assert.equal(slugOf('..'), 'point');
  });
});
