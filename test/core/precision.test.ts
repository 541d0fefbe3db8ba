import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TenfoldError } from '../../core/errors.js';
import { checkManifest, type Manifest, PRECISION_FILES } from '../../core/manifest.js';
import { inPrecision, precisionsOf, smallestAsGood } from '../../core/precision.js';
import { someManifest, someVariants } from '../export/figures.js';

const withAccuracies = (fp16: number, int8: number): Manifest => {
  const { variants, ...manifest } = someVariants();
  return {
    ...manifest,
    variants: {
      fp16: { ...variants!.fp16!, metrics: { ...variants!.fp16!.metrics, testAccuracy: fp16 } },
      int8: { ...variants!.int8!, metrics: { ...variants!.int8!.metrics, testAccuracy: int8 } },
    },
  };
};

test('what is downloaded is the smallest graph that reads at most 0.05 points less right', () => {
  const { testAccuracy } = someManifest.metrics;
  const chosen = (fp16: number, int8: number) =>
    smallestAsGood(withAccuracies(testAccuracy + fp16, testAccuracy + int8));
  assert.equal(chosen(0, -0.0005), 'int8');
  assert.equal(chosen(0, -0.0006), 'fp16');
  assert.equal(chosen(-0.01, -0.01), 'fp32');
  assert.equal(smallestAsGood(someManifest), 'fp32');
});

test('and takes at most a tenth longer, whatever the batch', () => {
  const chosen = (times: number) => {
    const manifest = someVariants();
    const { speed } = manifest.variants!.int8!;
    const [one, many] = speed.batches;
    const slower = { ...many!, milliseconds: times * many!.fp32Milliseconds };
    manifest.variants!.int8 = { ...manifest.variants!.int8!, metrics: manifest.variants!.fp16!.metrics };
    manifest.variants!.int8.speed = { ...speed, batches: [one!, slower] };
    return smallestAsGood(manifest);
  };
  assert.equal(chosen(1.09), 'int8');
  assert.equal(chosen(1.11), 'fp16');
});

test('a manifest is read as it is true of one graph', () => {
  const manifest = someVariants();
  assert.deepEqual(precisionsOf(manifest), ['fp32', 'fp16', 'int8']);
  assert.equal(inPrecision(manifest, 'fp32', 'x'), manifest);
  const { calibration, metrics, onnx } = inPrecision(manifest, 'int8', 'x');
  const { int8 } = manifest.variants!;
  assert.deepEqual(calibration, int8!.calibration);
  assert.equal(metrics.testAccuracy, int8!.metrics.testAccuracy);
  assert.equal(metrics.parameters, manifest.metrics.parameters);
  assert.deepEqual(onnx, { ...manifest.onnx, nodes: int8!.onnx.nodes });
  assert.throws(
    () => inPrecision(someManifest, 'int8', 'bundles/x'),
    (error: unknown) =>
      error instanceof TenfoldError &&
      error.code === 'not-found' &&
      /Expected fp32 for the precision of bundles\/x, got int8\. Make it by tenfold export bundles\/x --precision int8/.test(
        error.message,
      ),
  );
});

describe('a manifest with variants', () => {
  const parsed = (change: (manifest: Manifest) => void) => {
    const manifest = JSON.parse(JSON.stringify(someVariants())) as Manifest;
    change(manifest);
    return () => checkManifest(manifest, 'manifest.json');
  };

  test('is taken, and so is one of earlier versions without any', () => {
    assert.doesNotThrow(parsed(() => {}));
    assert.doesNotThrow(
      parsed((manifest) => {
        delete manifest.variants;
        delete manifest.files[PRECISION_FILES.int8];
      }),
    );
  });

  const FAULTS: Record<string, { damage(manifest: Manifest): void; message: RegExp }> = {
    'a file that is not recorded': {
      damage: ({ files }) => delete files[PRECISION_FILES.int8],
      message:
        /Expected an entry \{bytes, sha256\} for files\.model\.int8\.onnx in manifest\.json, got undefined/,
    },
    'a size that is none': {
      damage: ({ files }) => Object.assign(files[PRECISION_FILES.fp16]!, { bytes: 'small' }),
      message: /for files\.model\.fp16\.onnx in manifest\.json/,
    },
    'no temperature': {
      damage: ({ variants }) => Object.assign(variants!.int8!.calibration, { temperature: 0 }),
      message: /for variants\.int8\.calibration\.temperature in manifest\.json, got 0/,
    },
    'an unknown score': {
      damage: ({ variants }) => Object.assign(variants!.fp16!.calibration.rejection, { score: 'mood' }),
      message: /for variants\.fp16\.calibration\.rejection\.score in manifest\.json, got "mood"/,
    },
    'an accuracy in percent': {
      damage: ({ variants }) => Object.assign(variants!.int8!.metrics, { testAccuracy: 99.6 }),
      message: /for variants\.int8\.metrics\.testAccuracy in manifest\.json, got 99\.6/,
    },
    'no timings': {
      damage: ({ variants }) => Object.assign(variants!.int8!.speed, { batches: [{ batch: 1 }] }),
      message: /Expected a list of timings for variants\.int8\.speed\.batches in manifest\.json/,
    },
    'a fit without figures': {
      damage: ({ calibration }) => Object.assign(calibration, { fit: {} }),
      message:
        /Expected a whole number from 0 on for calibration\.fit\.validationImages in manifest\.json, got undefined/,
    },
    'no fit, nor that there is none': {
      damage: ({ variants }) => Object.assign(variants!.int8!.calibration, { fit: undefined }),
      message: /for variants\.int8\.calibration\.fit in manifest\.json, got undefined/,
    },
    'a refused share in percent': {
      damage: ({ variants }) => Object.assign(variants!.fp16!.calibration.fit!, { testRefusedShare: 27 }),
      message: /for variants\.fp16\.calibration\.fit\.testRefusedShare in manifest\.json, got 27/,
    },
    'no number of test images': {
      damage: ({ metrics }) => Object.assign(metrics, { testImages: undefined }),
      message: /for metrics\.testImages in manifest\.json, got undefined/,
    },
    'no loss': {
      damage: ({ metrics }) => Object.assign(metrics, { testLoss: null }),
      message: /Expected a number for metrics\.testLoss in manifest\.json, got null/,
    },
    'no loss of a variant': {
      damage: ({ variants }) => Object.assign(variants!.int8!.metrics, { testLoss: null }),
      message: /for variants\.int8\.metrics\.testLoss in manifest\.json, got null/,
    },
    'another file without a record': {
      damage: ({ files }) => Object.assign(files, { 'README.md': null }),
      message: /Expected an object for files\.README\.md in manifest\.json, got null/,
    },
    'a list of variants': {
      damage: (manifest) => Object.assign(manifest, { variants: [] }),
      message: /Expected an object for variants in manifest\.json/,
    },
  };
  for (const [name, { damage, message }] of Object.entries(FAULTS)) {
    test(`with ${name} is refused, and it says where`, () => {
      assert.throws(
        parsed(damage),
        (error: unknown) =>
          error instanceof TenfoldError && error.code === 'corrupt' && message.test(error.message),
      );
    });
  }
});
