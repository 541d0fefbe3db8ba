import type { LayersModel } from '@tensorflow/tfjs-layers';
import { INPUT_LENGTH } from '../core/image.js';
import { graphContract, type Manifest, type Parity } from '../core/manifest.js';
import type { ModelOutput } from '../core/predict.js';
import { requireReplaceable, sha256, writeBundle } from './bundle.js';
import { calibrate, UNCALIBRATED } from './calibrate.js';
import { modelCard } from './card/model-card.js';
import { type ClassifierConversion, convert } from './convert.js';
import { loadLayersModel } from './load.js';
import { runClassifier, withSession } from './session.js';
import { type ExportSource, type RunRecord, readSource, requireSameTestSet } from './source.js';
import {
  compareTopOne,
  type Disagreement,
  type LabelledImages,
  maxAbsDifference,
  PARITY_IMAGES,
  referenceProbabilities,
  requireAccuracy,
  requireAgreement,
  requireLabelledImages,
  requireParity,
  score,
  topDigits,
} from './verify.js';

export interface ExportOptions extends LabelledImages {
  /** A run folder, or a `model.json` with its weight files. */
  runFolder: string;
  /** Where the bundle goes. */
  outFolder: string;
  /** Images that the run set aside, to calibrate by; without them the bundle is not calibrated. */
  validation?: LabelledImages | null;
}

/** What `tenfold export --json` prints, and the images on which the engines tie. */
export interface ExportResult {
  bundle: string;
  opset: number;
  nodes: number;
  /** Bytes of `model.onnx`. */
  bytes: number;
  parity: Pick<Parity, 'images' | 'maxAbsDiff' | 'top1Agreement'>;
  calibration: Manifest['calibration'];
  /** Test images whose two likeliest digits lie closer together than the parity tolerance; mostly none. */
  ties: Disagreement[];
}

/**
 * Exports a run as a verified bundle. Nothing is written unless the graph gives TensorFlow.js's probabilities and the
 * run's own recorded digits.
 * @throws TenfoldError `not-found`, `corrupt` or `bad-input` for the run, `bad-usage` for the output folder, `failed`
 * where the graph is not the model.
 */
export async function exportRun({
  runFolder,
  outFolder,
  images,
  labels,
  validation = null,
}: ExportOptions): Promise<ExportResult> {
  requireLabelledImages({ images, labels });
  if (validation) requireLabelledImages(validation);
  await requireReplaceable(outFolder);
  const source = readSource(runFolder);
  if (source.run) requireSameTestSet(source.run.predictions, labels);
  const model = await loadLayersModel(runFolder);
  try {
    const graph = convert(model, { metadata: metadataOf(source), description: DESCRIPTION });
    const [output, aside] = await withSession(graph.bytes, async (session) => [
      await runClassifier(session, images),
      validation && (await runClassifier(session, validation.images)),
    ]);
    const { parity, ties } = await measureParity(model, graph, output, images, source.run);
    const measured = score(output, labels);
    const recorded = source.run?.metrics.test ?? measured;
    requireAccuracy(measured.accuracy, recorded.accuracy, parity.top1Agreement);
    const calibration = aside
      ? calibrate({ logits: aside.logits, labels: validation!.labels }, { logits: output.logits, labels })
      : UNCALIBRATED;
    const manifest = describeBundle(source, graph, parity, calibration, {
      testImages: labels.length,
      testAccuracy: recorded.accuracy,
      testLoss: recorded.loss,
      parameters: model.countParams(),
    });
    const card = modelCard({ manifest, metrics: source.run?.metrics ?? null });
    await writeBundle(outFolder, { model: graph.bytes, card, manifest });
    return {
      bundle: outFolder,
      opset: graph.opset,
      nodes: graph.nodes,
      bytes: graph.bytes.length,
      parity: {
        images: parity.images,
        maxAbsDiff: parity.maxAbsDiff,
        top1Agreement: parity.top1Agreement,
      },
      calibration,
      ties,
    };
  } finally {
    model.dispose();
  }
}

const DESCRIPTION =
  'Handwritten digits: input float32 [batch, 1, 28, 28], ink 1.0 on 0.0, to logits and probabilities [batch, 10].';

function metadataOf({ name, run }: ExportSource): Record<string, string> {
  const { labels, input } = graphContract();
  return {
    name,
    labels: JSON.stringify(labels),
    input: JSON.stringify({ shape: input.shape, range: input.range, ink: 1, paper: 0 }),
    preprocessing: String(input.preprocessing),
    recipe: JSON.stringify(run?.recipe ?? {}),
  };
}

/**
 * Compares the graph with TensorFlow.js on the first images and with the recorded digits on all; without a run the digits
 * that TensorFlow.js gives on the first images stand for them.
 */
async function measureParity(
  model: LayersModel,
  { modelOutput }: ClassifierConversion,
  { probabilities }: ModelOutput,
  images: Float32Array,
  run: RunRecord | null,
): Promise<{ parity: Parity; ties: Disagreement[] }> {
  const first = images.subarray(0, PARITY_IMAGES * INPUT_LENGTH);
  const expected = await referenceProbabilities(model, first, modelOutput);
  const same = { probabilities: probabilities.subarray(0, expected.length) };
  const maxAbsDiff = maxAbsDifference(same.probabilities, expected);
  const compared = first.length / INPUT_LENGTH;
  requireParity(maxAbsDiff, compared);
  const digits = run ? run.predictions.digits : topDigits(expected);
  const topOne = compareTopOne(run ? { probabilities } : same, digits);
  requireAgreement(topOne);
  return {
    parity: { images: compared, maxAbsDiff, top1Agreement: topOne.agreement, top1Images: digits.length },
    ties: topOne.disagreements,
  };
}

function describeBundle(
  { name, run }: ExportSource,
  { bytes, opset, irVersion, nodes }: ClassifierConversion,
  parity: Parity,
  calibration: Manifest['calibration'],
  metrics: Manifest['metrics'],
): Omit<Manifest, 'files'> {
  return {
    ...graphContract(),
    name,
    // By content, so that the same run gives the same bytes and another one another version.
    version: sha256(bytes).slice(0, 12),
    calibration,
    metrics,
    parity,
    recipe: run?.recipe ?? {},
    onnx: { opset, irVersion, nodes },
  };
}
