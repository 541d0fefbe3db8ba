import { openBundle } from '../../core/bundle.js';
import { unmet } from '../../core/errors.js';
import {
  type Manifest,
  MODEL_FILE,
  PRECISION_FILES,
  type Quantization,
  type Variant,
  type VariantPrecision,
  type Variants,
} from '../../core/manifest.js';
import type { ModelOutput } from '../../core/predict.js';
import type { Machine } from '../../core/run.js';
import { type Model, readModel, writeModel } from '../../onnx/model.js';
import { amendBundle, folderSource } from '../bundle.js';
import { calibrate, UNCALIBRATED } from '../calibrate.js';
import { cardOf } from '../card/card-of.js';
import { runClassifier, withSession } from '../session.js';
import {
  compareTopOne,
  isSameAccuracy,
  type LabelledImages,
  requireLabelledImages,
  score,
  topDigits,
} from '../verify.js';
import { requireElsewhere } from '../write-folder.js';
import { chooseQuantization, type QuantizationImages } from './choose.js';
import { halfGraph } from './half-graph.js';
import { measureSpeed } from './speed.js';

export interface VariantOptions extends LabelledImages, QuantizationImages {
  /** Images that the run set aside, to calibrate by; null where there are none. */
  validation: LabelledImages | null;
  /** What measures. */
  machine: Machine;
}

/** What `tenfold export --precision --json` prints of each. */
export interface VariantResult {
  precision: VariantPrecision;
  file: string;
  bytes: number;
  /** Its bytes as a share of those of `model.onnx`. */
  share: number;
  testAccuracy: number;
  /** Of `model.onnx`. */
  fp32Accuracy: number;
  top1Agreement: number;
  variant: Variants[VariantPrecision];
}

export interface VariantsResult {
  bundle: string;
  variants: VariantResult[];
}

/** Makes the graph of each precision. */
const MAKERS: {
  readonly [P in VariantPrecision]: (
    model: Model,
    images: QuantizationImages,
    temperature: number,
  ) => Promise<{ bytes: Uint8Array; quantization?: Quantization }>;
} = {
  fp16: async (model) => ({ bytes: writeModel(halfGraph(model)) }),
  int8: chooseQuantization,
};

/**
 * Puts a bundle's network in other precisions beside its `model.onnx`, measures each against that on the test images, and tells of them in
 * manifest and model card. Earlier ones of the same precision are replaced, others stay.
 * @throws TenfoldError as `openBundle` throws for the bundle, `bad-input` where its graph cannot be had in a precision or the test images
 * are not those that the manifest tells of, `bad-usage` where it is the working folder or holds that, `failed` where it cannot be written
 */
export async function addVariants(
  directory: string,
  precisions: readonly VariantPrecision[],
  options: VariantOptions,
): Promise<VariantsResult> {
  requireLabelledImages(options);
  await requireElsewhere(directory);
  const source = folderSource(directory);
  const { manifest, model: bytes } = await openBundle(source);
  const model = readModel(bytes, `${directory}/${MODEL_FILE}`);
  const fp32 = await withSession(bytes, (session) => runClassifier(session, options.images));
  requireSameImages(manifest, fp32, options.labels);
  const graphs: { precision: VariantPrecision; bytes: Uint8Array; quantization?: Quantization }[] = [];
  for (const precision of precisions) {
    const named = { ...model, metadata: { ...model.metadata, precision } };
    graphs.push({
      precision,
      ...(await MAKERS[precision](named, options, manifest.calibration.temperature)),
    });
  }
  const [fp32Speed, ...speeds] = await measureSpeed(
    [bytes, ...graphs.map((graph) => graph.bytes)],
    options.images,
  );
  const expected = topDigits(fp32.probabilities);
  const variants: Variants = { ...manifest.variants };
  for (const [index, { precision, bytes: graph, quantization }] of graphs.entries()) {
    const batches = speeds[index]!.map((speed, place) => ({
      ...speed,
      fp32Milliseconds: fp32Speed![place]!.milliseconds,
    }));
    const measured = await measureVariant(graph, expected, options);
    const variant: Variant = {
      ...measured,
      onnx: { nodes: readModel(graph, PRECISION_FILES[precision]).nodes.length },
      speed: { machine: options.machine, batches },
    };
    Object.assign(variants, { [precision]: { ...variant, ...(quantization && { quantization }) } });
  }
  const files = Object.fromEntries(
    graphs.map(({ precision, bytes: graph }) => [PRECISION_FILES[precision], graph]),
  );
  const amended = await amendBundle(directory, files, {
    variants,
    card: (fresh) => cardOf(fresh, source),
  });
  return { bundle: directory, variants: precisions.map((precision) => resultOf(amended, precision)) };
}

async function measureVariant(
  graph: Uint8Array,
  expected: Uint8Array,
  { images, labels, validation }: VariantOptions,
): Promise<Pick<Variant, 'calibration' | 'metrics'>> {
  const [output, aside] = await withSession(graph, async (session) => [
    await runClassifier(session, images),
    validation && (await runClassifier(session, validation.images)),
  ]);
  const { accuracy, loss } = score(output, labels);
  return {
    calibration: aside
      ? calibrate({ logits: aside.logits, labels: validation!.labels }, { logits: output.logits, labels })
      : UNCALIBRATED,
    metrics: {
      testAccuracy: accuracy,
      testLoss: loss,
      top1Agreement: compareTopOne(output, expected).agreement,
    },
  };
}

/** Figures of other data would stand beside the manifest's own, and ranges and calibration would be of these too. */
function requireSameImages(
  { metrics, parity }: Manifest,
  output: ModelOutput,
  labels: LabelledImages['labels'],
): void {
  const { accuracy } = score(output, labels);
  const isSame =
    labels.length === metrics.testImages &&
    isSameAccuracy(accuracy, metrics.testAccuracy, parity.top1Agreement);
  if (isSame) return;
  throw unmet({
    code: 'bad-input',
    what: 'the test images',
    expected: `the ${metrics.testImages} that the manifest tells of, ${metrics.testAccuracy} of which ${MODEL_FILE} reads right,`,
    got: `${labels.length}, ${accuracy} of them`,
    advice: 'Name the folder of the data that the network was trained on by --data.',
  });
}

function resultOf({ files, metrics, variants }: Manifest, precision: VariantPrecision): VariantResult {
  const file = PRECISION_FILES[precision];
  const { bytes } = files[file]!;
  const variant = variants![precision]!;
  return {
    precision,
    file,
    bytes,
    share: bytes / files[MODEL_FILE]!.bytes,
    testAccuracy: variant.metrics.testAccuracy,
    fp32Accuracy: metrics.testAccuracy,
    top1Agreement: variant.metrics.top1Agreement,
    variant,
  };
}
