import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SCHEDULES } from '../../../train/schedules.js';

// From torch 1.13.0: torch.optim.lr_scheduler.OneCycleLR(SGD([p]), max_lr=0.01, total_steps, pct_start=0.3,
// cycle_momentum=False), the rate before each step.
const TORCH_11_STEPS = [
  0.0003999999999999993, 0.004223411137347358, 0.009602614247226174, 0.009797465678213015,
  0.008844757247686304, 0.007260870492975283, 0.005305827080875998, 0.0033005802898729494,
  0.0015743251279950786, 0.00041045543206290856, 4e-8,
];
const TORCH_235_STEPS: Record<number, number> = {
  0: 0.0003999999999999993,
  1: 0.0004049030624798597,
  35: 0.005254242171870302,
  69: 0.009998774077829497,
  70: 0.009999772048255069,
  71: 0.009997948559003024,
  117: 0.008079986923172407,
  200: 0.0010175787899392036,
  233: 9.517861948397653e-7,
  234: 4e-8,
};

const PEAK = 0.01;

test("one-cycle is PyTorch's OneCycleLR, where the peak is put at the same step", () => {
  const steps = TORCH_11_STEPS.length;
  // PyTorch counts the share of all steps and peaks one step early; ours is a share of the way from first to last.
  const warmup = (0.3 * steps - 1) / (steps - 1);
  TORCH_11_STEPS.forEach((expected, step) => {
    const rate = SCHEDULES['one-cycle'](step / (steps - 1), { learningRate: PEAK, warmup });
    assert.ok(Math.abs(rate - expected) < 1e-15, `step ${step}: ${rate}, expected ${expected}`);
  });
});

test('with the same share for the warm-up it stays within 2% of the peak of it', () => {
  for (const [step, expected] of Object.entries(TORCH_235_STEPS)) {
    const rate = SCHEDULES['one-cycle'](Number(step) / 234, { learningRate: PEAK, warmup: 0.3 });
    assert.ok(Math.abs(rate - expected) < 0.02 * PEAK, `step ${step}: ${rate}, expected about ${expected}`);
  }
});

const settings = fc.record({
  learningRate: fc.double({ min: 1e-6, max: 10, noNaN: true }),
  warmup: fc.double({ min: 0, max: 0.99, noNaN: true }),
});
const place = fc.double({ min: 0, max: 1, noNaN: true });

test('one-cycle starts at a 25th of its peak, ends at a 10,000th of that, and never leaves the range', () => {
  fc.assert(
    fc.property(settings, place, (given, progress) => {
      const rateAt = (share: number) => SCHEDULES['one-cycle'](share, given);
      const { learningRate, warmup } = given;
      const near = (rate: number, expected: number) =>
        assert.ok(Math.abs(rate - expected) <= 1e-9 * learningRate, `${rate}, expected ${expected}`);
      near(rateAt(0), warmup > 0 ? learningRate / 25 : learningRate);
      near(rateAt(warmup), learningRate);
      near(rateAt(1), learningRate / 25e4);
      assert.ok(rateAt(progress) > 0 && rateAt(progress) <= learningRate * (1 + 1e-12));
    }),
  );
});

test('one-cycle climbs, then falls', () => {
  fc.assert(
    fc.property(settings, place, place, (given, one, other) => {
      const [early, late] = [Math.min(one, other), Math.max(one, other)];
      const difference = SCHEDULES['one-cycle'](late, given) - SCHEDULES['one-cycle'](early, given);
      if (late < given.warmup) assert.ok(difference >= -1e-15 * given.learningRate);
      if (early >= given.warmup) assert.ok(difference <= 1e-15 * given.learningRate);
    }),
  );
});

test('constant is constant', () => {
  fc.assert(
    fc.property(settings, place, (given, progress) => {
      assert.equal(SCHEDULES.constant(progress, given), given.learningRate);
    }),
  );
});
