import { type BundleSource, checkSessionNames } from '../../core/bundle.js';
import { type Manifest, PRECISION_FILES, type VariantPrecision } from '../../core/manifest.js';
import { AS_ACCURATE } from '../../core/precision.js';
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
 * Measures a bundle's variants against its `model.onnx`: digits, accuracy, bytes, and how fast each is on this machine. The accuracy is
 * held to what is recorded as far as variants differ anyway, for hardware that has half precision rounds where others do not, and so is the share refused.
 * @param fp32 what `model.onnx` gives for the images
 */
export async function checkVariants(
  manifest: Manifest,
  source: BundleSource,
  fp32: ModelOutput,
  { images, labels }: LabelledImages,
): Promise<VariantCheck[]> {
  const checks: VariantCheck[] = [];
  const whole = await source.read(PRECISION_FILES.fp32);
  for (const name of ['fp16', 'int8'] as const) {
    const variant = manifest.variants?.[name];
    if (!variant) continue;
    const graph = await source.read(PRECISION_FILES[name]);
    const output = await withSession(graph, (session) => {
      checkSessionNames(session, source);
      return runClassifier(session, images);
    });
    const { accuracy } = score(output, labels);
    const { agreement } = compareTopOne(output, topDigits(fp32.probabilities));
    const { testRefusedShare } = measureCalibration(variant.calibration, { logits: output.logits, labels });
    const [of, own] = await measureSpeed([whole, graph], images);
    const speeds = own!.map(
      ({ batch, milliseconds }, place) =>
        `${(of![place]!.milliseconds / milliseconds).toFixed(2)} times the images a second at batch ${batch}`,
    );
    const measured = `${accuracy} (fp32 ${score(fp32, labels).accuracy}), top-1 agreement ${agreement}, ${(graph.length / whole.length).toFixed(3)} of the bytes, ${speeds.join(', ')}`;
    const refused = variant.calibration.fit?.testRefusedShare;
    const isComparable = manifest.metrics.testImages === labels.length;
    const isSame =
      Math.abs(accuracy - variant.metrics.testAccuracy) <= AS_ACCURATE + 1e-9 &&
      (refused === undefined || Math.abs(testRefusedShare - refused) <= AS_ACCURATE + 1e-9);
    checks.push({
      name,
      status: !isComparable ? 'skipped' : isSame ? 'passed' : 'failed',
      detail: isComparable ? `${measured}; ${variant.metrics.testAccuracy} recorded` : measured,
    });
  }
  return checks;
}
