import { type BundleSource, checkSessionNames } from '../../core/bundle.js';
import {
  type Manifest,
  PRECISION_FILES,
  type Precision,
  type Variant,
  type VariantPrecision,
} from '../../core/manifest.js';
import { AS_ACCURATE, precisionsOf } from '../../core/precision.js';
import type { ModelOutput } from '../../core/predict.js';
import { measureCalibration } from '../calibrate.js';
import { runClassifier, withSession } from '../session.js';
import { compareTopOne, type LabelledImages, score, topDigits } from '../verify.js';
import { measureSpeed } from './speed.js';

export interface VariantCheck {
  name: VariantPrecision;
  status: 'passed' | 'failed' | 'skipped';
  detail: string;
}

/**
 * Measures a bundle's variants against its `model.onnx`: digits, accuracy, bytes, and how fast each is on this machine. Accuracy and
 * refused share are held to what is recorded, as far apart as variants may be anyway: hardware with half precision rounds otherwise.
 * @param fp32 what `model.onnx` gives for the images
 */
export async function checkVariants(
  manifest: Manifest,
  source: BundleSource,
  fp32: ModelOutput,
  { images, labels }: LabelledImages,
): Promise<VariantCheck[]> {
  const names = precisionsOf(manifest).filter((precision) => precision !== 'fp32');
  if (names.length === 0) return [];
  const read = (precision: Precision) => {
    const file = PRECISION_FILES[precision];
    return source.read(file, manifest.files[file]!);
  };
  const whole = await read('fp32');
  const graphs = await Promise.all(names.map(read));
  const outputs: ModelOutput[] = [];
  for (const graph of graphs) {
    const output = await withSession(graph, (session) => {
      checkSessionNames(session, source);
      return runClassifier(session, images);
    });
    outputs.push(output);
  }
  const [reference, ...speeds] = await measureSpeed([whole, ...graphs], images);
  return names.map((name, index): VariantCheck => {
    const variant = manifest.variants![name]!;
    const output = outputs[index]!;
    const { accuracy } = score(output, labels);
    const { agreement } = compareTopOne(output, topDigits(fp32.probabilities));
    const times = speeds[index]!.map(
      ({ batch, milliseconds }, place) =>
        `${(reference![place]!.milliseconds / milliseconds).toFixed(2)} at batch ${batch}`,
    );
    const measured =
      `${accuracy} (fp32 ${score(fp32, labels).accuracy}), top-1 agreement ${agreement}, ` +
      `${(graphs[index]!.length / whole.length).toFixed(3)} of the bytes, times fp32's images a second ${times.join(', ')}`;
    if (manifest.metrics.testImages !== labels.length) return { name, status: 'skipped', detail: measured };
    const status = isAsRecorded(variant, accuracy, output, labels) ? 'passed' : 'failed';
    return { name, status, detail: `${measured}; ${variant.metrics.testAccuracy} recorded` };
  });
}

function isAsRecorded(
  { metrics, calibration }: Variant,
  accuracy: number,
  { logits }: ModelOutput,
  labels: ArrayLike<number>,
): boolean {
  const { testRefusedShare } = measureCalibration(calibration, { logits, labels });
  const recorded = calibration.fit?.testRefusedShare ?? testRefusedShare;
  const isNear = (a: number, b: number) => Math.abs(a - b) <= AS_ACCURATE + 1e-9;
  return isNear(accuracy, metrics.testAccuracy) && isNear(testRefusedShare, recorded);
}
