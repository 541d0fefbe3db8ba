import { unmet } from './errors.js';
import { type Manifest, PRECISION_FILES, PRECISIONS, type Precision, type Variant } from './manifest.js';

/** A variant is as accurate where it reads at most so much less of the test set right than `model.onnx`, 0 to 1: 0.05 points. */
export const AS_ACCURATE = 0.0005;
/** It is as fast where no batch that was timed took more than so many times as long: timings differ by a few per cent. */
export const AS_FAST = 1.1;

const variantOf = ({ variants }: Manifest, precision: Precision): Variant | undefined =>
  precision === 'fp32' ? undefined : variants?.[precision];

/** The precisions that a bundle has, fp32 among them. */
export const precisionsOf = (manifest: Manifest): Precision[] =>
  PRECISIONS.filter((precision) => precision === 'fp32' || variantOf(manifest, precision) !== undefined);

/** Whether a variant's figures are as good as those of `model.onnx`. */
export function isAsAccurate(manifest: Manifest, { metrics }: Pick<Variant, 'metrics'>): boolean {
  // Shares of images: what the subtraction loses is less than one image.
  return metrics.testAccuracy >= manifest.metrics.testAccuracy - AS_ACCURATE - 1e-9;
}

/** Whether a variant took no longer than `model.onnx` when it was made: integers cost small networks more than they save. */
const isAsFast = ({ speed }: Pick<Variant, 'speed'>): boolean =>
  speed.batches.every(({ milliseconds, fp32Milliseconds }) => milliseconds <= AS_FAST * fp32Milliseconds);

/** Of a bundle's graphs that are as accurate and as fast as `model.onnx` the one of the fewest bytes. */
export function smallestAsGood(manifest: Manifest): Precision {
  const bytesOf = (precision: Precision) => manifest.files[PRECISION_FILES[precision]]!.bytes;
  return precisionsOf(manifest)
    .filter((precision) => {
      const variant = variantOf(manifest, precision);
      return !variant || (isAsAccurate(manifest, variant) && isAsFast(variant));
    })
    .reduce((smallest, other) => (bytesOf(other) < bytesOf(smallest) ? other : smallest));
}

/**
 * The manifest as it is true of one of the bundle's graphs: with that one's calibration, accuracy and loss.
 * @throws TenfoldError `not-found` where the bundle has no such graph.
 */
export function inPrecision(manifest: Manifest, precision: Precision, location: string): Manifest {
  if (precision === 'fp32') return manifest;
  const variant = variantOf(manifest, precision);
  if (!variant) {
    throw unmet({
      code: 'not-found',
      what: `the precision of ${location}`,
      expected: precisionsOf(manifest).join(' or '),
      got: precision,
      advice: `Make it by tenfold export ${location} --precision ${precision}.`,
    });
  }
  const { calibration, metrics, onnx } = variant;
  const { testAccuracy, testLoss } = metrics;
  return {
    ...manifest,
    calibration,
    metrics: { ...manifest.metrics, testAccuracy, testLoss },
    onnx: { ...manifest.onnx, ...onnx },
  };
}
