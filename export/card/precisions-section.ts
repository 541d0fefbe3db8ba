import {
  type Manifest,
  PRECISION_FILES,
  type Precision,
  type Quantization,
  type Variant,
} from '../../core/manifest.js';
import { isAsAccurate, precisionsOf, smallestAsGood } from '../../core/precision.js';
import { count, numbers, percent, table, words } from './markdown.js';
import { machineText } from './training-section.js';

export const PRECISIONS_TITLE = '## Precisions';

/** What each is for. */
const PURPOSES: { readonly [P in Precision]: string } = {
  fp32: 'what training gave: the reference, and what GPUs run where nothing is said',
  fp16: 'downloads, and hardware that computes in half precision (not measured here); a CPU computes it in float32',
  int8: 'CPUs and downloads: integer kernels, a quarter of the bytes',
};

/** The bundle's graphs beside one another; nothing where there is `model.onnx` alone. */
export function precisionsSection(manifest: Manifest): string[] {
  const precisions = precisionsOf(manifest);
  if (precisions.length === 1) return [];
  const { files, metrics, variants } = manifest;
  const { bytes: whole } = files[PRECISION_FILES.fp32]!;
  const batches = firstOf(variants)!.speed.batches.map(({ batch }) => batch);
  const rows = precisions.map((precision) => {
    const variant = precision === 'fp32' ? undefined : variants?.[precision];
    const { bytes } = files[PRECISION_FILES[precision]]!;
    return [
      precision,
      `\`${PRECISION_FILES[precision]}\``,
      `${count(bytes)} (${(bytes / whole).toFixed(3)})`,
      percent(variant?.metrics.testAccuracy ?? metrics.testAccuracy),
      variant ? percent(variant.metrics.top1Agreement) : '',
      ...batches.map((batch) => speedUp(variant, batch)),
      PURPOSES[precision],
    ];
  });
  const speedColumns = batches.map((batch) => `images a second, batch ${batch}`);
  const columns = numbers('bytes', 'test accuracy', 'same digit as fp32', ...speedColumns);
  const { machine } = firstOf(variants)!.speed;
  return [
    PRECISIONS_TITLE,
    `The same network, each with a temperature and a threshold fitted to what it gives. \`<digit-classifier>\` loads, and \`tenfold serve\` runs on a cpu, \`${PRECISION_FILES[smallestAsGood(manifest)]}\`: the smallest that reads at most 0.05 points less of the test set right than \`${PRECISION_FILES.fp32}\` and takes at most a tenth longer. \`tenfold serve --precision fp32\` serves the one that is named.`,
    table([...words('', 'file'), ...columns, ...words('for')], rows),
    `Images a second are times those of fp32: onnxruntime-node, one thread, in turns, medians, on ${machineText(machine)}. Made and measured by \`tenfold export BUNDLE --precision ${precisions.slice(1).join(',')}\`, from outside of this folder.`,
    ...(variants?.fp16 ? [HALF] : []),
    ...(variants?.int8 ? [quantized(variants.int8.quantization)] : []),
    ...worse(manifest),
  ];
}

const firstOf = (variants: Manifest['variants']): Variant | undefined => variants?.fp16 ?? variants?.int8;

function speedUp(variant: Variant | undefined, batch: number): string {
  const speed = variant?.speed.batches.find((measured) => measured.batch === batch);
  return speed ? `× ${(speed.fp32Milliseconds / speed.milliseconds).toFixed(2)}` : '× 1';
}

const HALF =
  'fp16 has its weights and computes in half precision; input, logits and probabilities are float32, and so is the softmax between these two.';

function quantized({
  ranges,
  floatLayers,
  calibrationImages,
  choiceImages,
  divergences,
}: Quantization): string {
  const layers =
    floatLayers.length === 0
      ? 'No layer stays in float32.'
      : `In float32 stay: ${floatLayers.map((layer) => `\`${layer}\``).join(', ')}.`;
  const tried = Object.entries(divergences)
    .map(([name, divergence]) => `${name} ${divergence.toExponential(2)}`)
    .join(', ');
  return (
    `int8 has weights of seven bits by channel, which give the same sums on every processor, and values of eight. Their ranges are of ${count(calibrationImages)} training ` +
    `pictures, plain and as training varies them, found by ${ranges}: of all ways the least divergence from fp32 on ${count(choiceImages)} other pictures, none of the test set ` +
    `(nats: ${tried}). ${layers}`
  );
}

/** Whoever takes one that reads worse shall know it. */
function worse(manifest: Manifest): string[] {
  const lesser = (['fp16', 'int8'] as const).filter((precision) => {
    const variant = manifest.variants?.[precision];
    return variant && !isAsAccurate(manifest, variant);
  });
  return lesser.map((precision) => `**${precision} reads more than 0.05 points less right than fp32.**`);
}
