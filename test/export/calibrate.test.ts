import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { acceptanceThreshold, calibrate, fitTemperature } from '../../export/calibrate.js';
import { score } from '../../export/verify.js';
import { seeded } from './support.js';
import { TEMPERATURES } from './temperatures.fixtures.js';

for (const { temperature, crossEntropy, labels, logits } of TEMPERATURES) {
  test(`the temperature is scipy's: ${temperature}`, () => {
    const fitted = fitTemperature({ logits: Float32Array.from(logits), labels });
    assert.ok(Math.abs(fitted / temperature - 1) < 1e-6, `${fitted}`);
    const { loss } = score({ logits: Float32Array.from(logits, (logit) => logit / fitted) }, labels);
    assert.ok(Math.abs(loss - crossEntropy) < 1e-6, `cross-entropy ${loss}`);
  });
}

test('a temperature that was put in comes out', () => {
  const { labels, logits, temperature } = TEMPERATURES[0]!;
  for (const factor of [0.2, 0.9, 3]) {
    const fitted = fitTemperature({ logits: Float32Array.from(logits, (logit) => factor * logit), labels });
    assert.ok(Math.abs(fitted / (factor * temperature) - 1) < 1e-6, `${fitted} of ${factor}`);
  }
});

test('images that are all right or that nothing is known of have a temperature at the end of what is allowed', () => {
  const right = Float32Array.from({ length: 30 }, (_, index) => (index % 11 === 0 ? 1 : 0));
  assert.equal(fitTemperature({ logits: right, labels: [0, 1, 2] }).toFixed(6), '0.050000');
  const wrong = Float32Array.from({ length: 30 }, (_, index) => (index % 11 === 0 ? 1 : 0));
  assert.equal(fitTemperature({ logits: wrong, labels: [5, 5, 5] }).toFixed(6), '20.000000');
});

test('no temperature near the fitted one is likelier', () => {
  const tenLogits = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 10, maxLength: 10 });
  const images = fc.array(fc.record({ row: tenLogits, label: fc.nat(9) }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(images, (all) => {
      const logits = Float32Array.from(all.flatMap(({ row }) => row));
      const labels = all.map(({ label }) => label);
      const fitted = fitTemperature({ logits, labels });
      assert.ok(fitted >= 0.05 - 1e-9 && fitted <= 20 + 1e-9, `${fitted}`);
      const lossAt = (temperature: number) =>
        score({ logits: logits.map((logit) => logit / temperature) }, labels).loss;
      for (const other of [fitted * 0.97, fitted * 1.03]) {
        if (other < 0.05 || other > 20) continue;
        assert.ok(lossAt(fitted) <= lossAt(other) + 1e-5 * (1 + lossAt(other)), `${fitted} against ${other}`);
      }
    }),
    { numRuns: 60 },
  );
});

// scipy.stats.binom.cdf(k, n, 0.005) is at most 0.05 up to these k; of 597 it is more at 0 already. Of 200,000: summed
// in 60 decimal digits.
const REFUSABLE = [
  { digits: 597, refused: 0 },
  { digits: 946, refused: 0 },
  { digits: 947, refused: 1 },
  { digits: 5000, refused: 16 },
  { digits: 10_000, refused: 38 },
  { digits: 200_000, refused: 947 },
];

for (const { digits, refused } of REFUSABLE) {
  test(`of ${digits} digits ${refused} may be below the threshold`, () => {
    const scores = Array.from({ length: digits }, (_, index) => (index * 7919) % digits);
    assert.equal(acceptanceThreshold(scores), refused);
  });
}

test('at most 0.5% of other digits are refused, in 19 of 20 draws', () => {
  const random = seeded(5);
  const draws = 1000;
  const tooMany = Array.from({ length: draws }, () =>
    // Of uniform scores the share below a threshold is the threshold.
    acceptanceThreshold(Array.from({ length: 2000 }, random)),
  ).filter((threshold) => threshold > 0.005);
  assert.ok(tooMany.length <= 0.05 * draws, `${tooMany.length} of ${draws}`);
});

test('what was fitted on some images is measured on others', () => {
  const [one, other] = TEMPERATURES;
  const labelled = ({ logits, labels }: typeof one & object) => ({
    logits: Float32Array.from(logits),
    labels,
  });
  const { temperature, rejection, fit } = calibrate(labelled(one!), labelled(other!));
  assert.equal(temperature, fitTemperature(labelled(one!)));
  assert.equal(fit!.validationImages, 40);
  const { before } = fit!.testCalibrationError;
  assert.equal(calibrate(labelled(other!), labelled(other!)).fit!.testCalibrationError.before, before);
  // Logits of another scale: every one of the others is below the least of these.
  assert.ok(rejection.threshold > 1);
  assert.ok(fit!.testRefusedShare > 0.5);
});
