import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  learningRateAt,
  SCHEDULES,
  type ScheduleName,
  type ScheduleSettings,
} from '../../../train/schedules.js';
import { TORCH_ONE_CYCLE_11, TORCH_ONE_CYCLE_235, TORCH_RATES } from './schedules.fixtures.js';

const PEAK = 0.01;
const SETTINGS: ScheduleSettings = { learningRate: PEAK, warmup: 0, decayFactor: 0.1, decayEpochs: 3 };

const assertRates = (actual: readonly number[], expected: readonly number[]) => {
  assert.equal(actual.length, expected.length);
  actual.forEach((rate, step) => {
    assert.ok(Math.abs(rate - expected[step]!) < 1e-15, `step ${step}: ${rate}, expected ${expected[step]}`);
  });
};

const oneCycle = (progress: number, warmup: number) =>
  SCHEDULES['one-cycle'].rate({ progress, epoch: 0 }, { ...SETTINGS, warmup });

test("one-cycle is PyTorch's OneCycleLR, where the peak is put at the same step", () => {
  const steps = TORCH_ONE_CYCLE_11.length;
  // PyTorch counts the share of all steps and peaks one step early; ours is a share of the way from first to last.
  const warmup = (0.3 * steps - 1) / (steps - 1);
  assertRates(
    TORCH_ONE_CYCLE_11.map((_, step) => oneCycle(step / (steps - 1), warmup)),
    TORCH_ONE_CYCLE_11,
  );
});

test('with the same share for the warm-up it stays within 2% of the peak of it', () => {
  for (const [step, expected] of Object.entries(TORCH_ONE_CYCLE_235)) {
    const rate = oneCycle(Number(step) / 234, 0.3);
    assert.ok(Math.abs(rate - expected) < 0.02 * PEAK, `step ${step}: ${rate}, expected about ${expected}`);
  }
});

/** The rates of the first steps of a run whose epochs have so many steps. */
function rates(
  schedule: ScheduleName,
  settings: Partial<ScheduleSettings>,
  { count, epochs, stepsPerEpoch }: { count: number; epochs: number; stepsPerEpoch: number },
): number[] {
  const given = { ...SETTINGS, ...settings, schedule };
  return Array.from({ length: count }, (_, step) => learningRateAt(step, { epochs, stepsPerEpoch }, given));
}

test("step is PyTorch's StepLR, by the epoch", () => {
  const length = { count: 10, epochs: 10, stepsPerEpoch: 1 };
  assertRates(rates('step', {}, length), TORCH_RATES.step);
  const within = rates('step', {}, { count: 100, epochs: 10, stepsPerEpoch: 10 });
  assertRates(
    within,
    within.map((_, step) => TORCH_RATES.step[Math.floor(step / 10)]!),
  );
});

test("exponential is PyTorch's ExponentialLR, falling with every step too", () => {
  const settings = { decayFactor: 0.7, decayEpochs: 1 };
  assertRates(
    rates('exponential', settings, { count: 10, epochs: 10, stepsPerEpoch: 1 }),
    TORCH_RATES.exponential,
  );
  assertRates(
    rates('exponential', settings, { count: 11, epochs: 10, stepsPerEpoch: 5 }),
    TORCH_RATES.exponentialByFifths,
  );
});

test("cosine is PyTorch's CosineAnnealingLR, down to 0 at the last step", () => {
  assertRates(rates('cosine', {}, { count: 11, epochs: 1, stepsPerEpoch: 11 }), TORCH_RATES.cosine);
});

test("a warm-up is PyTorch's LinearLR, and the cosine after it has the rest of the run", () => {
  const length = { count: 11, epochs: 1, stepsPerEpoch: 11 };
  assertRates(rates('constant', { warmup: 0.4 }, length), TORCH_RATES.linear);
  assertRates(rates('cosine', { warmup: 0.4 }, length), TORCH_RATES.linearThenCosine);
});

const settings = fc.record({
  learningRate: fc.double({ min: 1e-6, max: 10, noNaN: true }),
  warmup: fc.double({ min: 0, max: 0.99, noNaN: true }),
  decayFactor: fc.double({ min: 1e-3, max: 1, noNaN: true }),
  decayEpochs: fc.double({ min: 0.1, max: 100, noNaN: true }),
});
const share = fc.double({ min: 0, max: 1, noNaN: true });
const EPOCHS = 10;
const place = (progress: number) => ({ progress, epoch: progress * EPOCHS });

test('one-cycle starts at a 25th of its peak, ends at a 10,000th of that, and reaches it', () => {
  fc.assert(
    fc.property(settings, (given) => {
      const rateAt = (progress: number) => SCHEDULES['one-cycle'].rate(place(progress), given);
      const { learningRate, warmup } = given;
      const near = (rate: number, expected: number) =>
        assert.ok(Math.abs(rate - expected) <= 1e-9 * learningRate, `${rate}, expected ${expected}`);
      near(rateAt(0), warmup > 0 ? learningRate / 25 : learningRate);
      near(rateAt(warmup), learningRate);
      near(rateAt(1), learningRate / 25e4);
    }),
  );
});

for (const name of Object.keys(SCHEDULES) as ScheduleName[]) {
  test(`${name} climbs, then falls, and stays between 0 and its highest rate`, () => {
    fc.assert(
      fc.property(settings, share, share, (given, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        const [first, second] = [early, late].map((progress) => SCHEDULES[name].rate(place(progress), given));
        const slack = 1e-12 * given.learningRate;
        for (const rate of [first!, second!]) {
          assert.ok(rate >= 0 && rate <= given.learningRate + slack, `${rate}`);
        }
        if (late < given.warmup) assert.ok(second! >= first! - slack, `${first} then ${second}`);
        if (early >= given.warmup) assert.ok(second! <= first! + slack, `${first} then ${second}`);
      }),
    );
  });
}

test('constant is constant, to the bit', () => {
  fc.assert(
    fc.property(settings, share, (given, progress) => {
      const rate = SCHEDULES.constant.rate(place(progress), { ...given, warmup: 0 });
      assert.equal(rate, given.learningRate);
    }),
  );
});
