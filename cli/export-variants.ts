import { openBundle } from '../core/bundle.js';
import { unmet } from '../core/errors.js';
import { PRECISIONS, type Precision, type VariantPrecision } from '../core/manifest.js';
import { folderSource } from '../export/bundle.js';
import { addVariants, type VariantResult, type VariantsResult } from '../export/precision/variants.js';
import { machineAtHand } from '../train/machine.js';
import { type Output, text } from './command.js';
import { asModelInput, loadTestSet, loadValidationSet } from './dataset.js';
import { loadQuantizationImages } from './quantization-images.js';

/** The precisions of `--precision`: one, or several with commas between them. */
export function wantedPrecisions(values: Parameters<typeof text>[0]): Precision[] {
  const wanted = (text(values, 'precision') ?? 'fp32').split(',');
  return wanted.map((name) => {
    const found = PRECISIONS.find((precision) => precision === name);
    if (found !== undefined) return found;
    throw unmet({
      code: 'bad-usage',
      what: '--precision',
      expected: `some of ${PRECISIONS.join(', ')}`,
      got: JSON.stringify(name),
      advice: 'Name one, or several with commas between them.',
    });
  });
}

export const isVariant = (precision: Precision): precision is VariantPrecision => precision !== 'fp32';

/** Puts a bundle's network in other precisions beside its `model.onnx`, and tells how each compares. */
export async function exportVariants(
  bundle: string,
  precisions: readonly VariantPrecision[],
  values: Parameters<typeof text>[0],
  output: Output,
): Promise<VariantsResult> {
  const { manifest } = await openBundle(folderSource(bundle));
  const aside = manifest.calibration.fit ? await loadValidationSet(values, manifest.recipe) : null;
  const result = await addVariants(bundle, precisions, {
    ...asModelInput(await loadTestSet(values)),
    ...(await loadQuantizationImages(values, manifest.recipe)),
    validation: aside && asModelInput(aside),
    machine: machineAtHand(),
  });
  for (const variant of result.variants) output.say(`${bundle}: ${describeVariant(variant)}`);
  return result;
}

function describeVariant({
  file,
  bytes,
  share,
  testAccuracy,
  fp32Accuracy,
  top1Agreement,
  variant,
}: VariantResult): string {
  const percent = (value: number) => `${(100 * value).toFixed(2)}%`;
  const speeds = variant!.speed.batches.map(
    ({ batch, milliseconds, fp32Milliseconds }) =>
      `${(fp32Milliseconds / milliseconds).toFixed(2)} at batch ${batch}`,
  );
  return (
    `${file}, ${bytes} bytes (${share.toFixed(3)} of fp32), ${percent(testAccuracy)} of the test set (fp32 ${percent(fp32Accuracy)}), top-1 ` +
    `agreement ${percent(top1Agreement)}, times fp32's images a second ${speeds.join(', ')}`
  );
}
