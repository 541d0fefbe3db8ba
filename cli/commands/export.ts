import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { unmet } from '../../core/errors.js';
import { MANIFEST_FILE, PRECISIONS, type Precision } from '../../core/manifest.js';
import { exportGraph } from '../../export/export-graph.js';
import { type ExportResult, exportRun } from '../../export/export-run.js';
import { modelFile } from '../../export/load.js';
import type { PictureParity } from '../../export/preprocess/verify.js';
import { readSource } from '../../export/source.js';
import { exportForServer, exportServedGraph, SERVER_TARGETS } from '../../export/targets/index.js';
import {
  type Command,
  choice,
  type Invocation,
  type Output,
  onePositional,
  refuseBeside,
  text,
} from '../command.js';
import { asModelInput, loadTestSet, loadValidationSet } from '../dataset.js';
import { exportVariants, isVariant, wantedPrecisions } from '../export-variants.js';
import { BUNDLES_FOLDER } from '../places.js';

export const exportCommand: Command = {
  usage:
    'RUN|model.json|BUNDLE [--out DIR|FILE.onnx] [--precision fp32,fp16,int8] [--target bundle|onnx|triton|kserve] [--preprocess] [--data DIR]',
  summary:
    'Converts a trained network into a verified ONNX bundle, any Layers model into one .onnx file, puts fp16 and int8 into a bundle, or lays one out for Triton or KServe; with --preprocess these take pictures.',
  options: {
    out: { type: 'string' },
    precision: { type: 'string' },
    preprocess: { type: 'boolean' },
    target: { type: 'string' },
    data: { type: 'string' },
  },
  async run({ values, positionals, output }) {
    const run = onePositional(positionals, 'run folder, model.json or bundle');
    const precisions = wantedPrecisions(values);
    const variants = precisions.filter(isVariant);
    const target = choice(values, 'target', ['bundle', 'onnx', ...SERVER_TARGETS], 'bundle');
    const isBundle = existsSync(join(run, MANIFEST_FILE));
    if (values.preprocess) requirePreprocessable(target, isBundle, run);
    else if (target !== 'bundle') refuseBeside(`--target ${target} without --preprocess`, ['data'], values);
    const [precision, ...others] = precisions;
    const takesOne = target !== 'bundle' && isBundle;
    if (takesOne && others.length > 0) throw severalPrecisions(target, precisions);
    const testImages = values.preprocess ? asModelInput(await loadTestSet(values)).images : null;
    const served = { precision, testImages };
    if (target === 'onnx' && isBundle) {
      const file = text(values, 'out') ?? `${basename(resolve(run))}.onnx`;
      const result = await exportServedGraph(run, file, served);
      output.say(`${file}: ${result.bytes} bytes${describePictures(result.preprocessing)}`);
      output.result(result);
      return;
    }
    if (target === 'onnx') {
      requirePlain(values, '--target onnx, which knows no images to measure by,');
      const name = basename(resolve(dirname(modelFile(run))));
      await exportAlone(run, text(values, 'out') ?? `${name}.onnx`, output);
      return;
    }
    if (target !== 'bundle') {
      const result = await exportForServer(run, target, text(values, 'out') ?? target, served);
      const sent = values.preprocess ? 'pictures' : "the model's input, as /v2 of `tenfold serve` takes it";
      output.say(
        `${result.model}: for ${target}; its clients send ${sent}${describePictures(result.preprocessing)}`,
      );
      output.result(result);
      return;
    }
    if (isBundle) {
      requireOwnFolder(values, run, variants);
      output.result(await exportVariants(run, variants, values, output));
      return;
    }
    const out = text(values, 'out') ?? join(BUNDLES_FOLDER, basename(resolve(run)));
    const { ties: _, ...result } = await exportTo(run, out, values, output);
    const added = variants.length > 0 ? await exportVariants(out, variants, values, output) : null;
    output.say(`Serve it: npx tenfold serve --bundle ${out}`);
    output.result({ ...result, ...(added && { variants: added.variants }) });
  },
};

const severalPrecisions = (target: string, precisions: readonly Precision[]) =>
  unmet({
    code: 'bad-usage',
    what: `--precision with --target ${target}`,
    expected: `one of ${PRECISIONS.join(', ')}`,
    got: precisions.join(','),
    advice: 'Name one.',
  });

/** @throws TenfoldError `bad-usage` where a precision is named that what was asked for does not take. */
function requirePlain(values: Invocation['values'], what: string): void {
  const given = text(values, 'precision');
  if (given === undefined || given === 'fp32') return;
  throw unmet({
    code: 'bad-usage',
    what: `--precision with ${what}`,
    expected: 'fp32, or none named',
    got: given,
    advice: 'Export a bundle, and put precisions into that.',
  });
}

/** @throws TenfoldError `bad-usage` where a bundle is to be exported as what it is, or elsewhere. */
function requireOwnFolder(
  values: Invocation['values'],
  bundle: string,
  variants: readonly Precision[],
): void {
  const out = text(values, 'out');
  if (out === undefined && variants.length > 0) return;
  throw unmet({
    code: 'bad-usage',
    what: out === undefined ? `--precision for the bundle ${bundle}` : '--out',
    expected: out === undefined ? 'fp16, int8 or both' : 'none, for precisions stand in their bundle',
    got: out ?? 'none but fp32, which it has',
    advice:
      out === undefined ? 'Name what to add, or a --target.' : 'Copy the bundle first, and name the copy.',
  });
}

function requirePreprocessable(target: string, isBundle: boolean, source: string): void {
  if (target !== 'bundle' && isBundle) return;
  throw unmet({
    code: 'bad-usage',
    what: isBundle ? '--preprocess' : `the source of --preprocess, ${source}`,
    expected: isBundle
      ? `a --target of onnx, triton or kserve`
      : `a bundle, a folder with a ${MANIFEST_FILE},`,
    got: isBundle ? 'a bundle, whose pictures tenfold prepares itself' : 'something else',
    advice: isBundle
      ? 'Name such a target.'
      : 'Export the run as a bundle first, then that with --preprocess.',
  });
}

function describePictures(parity: PictureParity | null): string {
  if (!parity) return '';
  const { pictures, maxAbsDiff } = parity;
  return `; pixels within ${maxAbsDiff.toExponential(1)} of tenfold's own preprocessing on ${pictures} pictures, all digits equal`;
}

/** Any Layers model, without the contract of a bundle. */
async function exportAlone(source: string, file: string, output: Output): Promise<void> {
  const result = await exportGraph(source, file);
  const { nodes, bytes, parity, inputs, outputs } = result;
  output.say(
    `${file}: ${nodes} nodes, ${bytes} bytes; within ${parity.maxDiff.toExponential(1)} of TensorFlow.js's values on ` +
      `${parity.examples} random inputs`,
  );
  for (const { name, type, shape } of inputs) output.say(`input ${name}: ${type} [${shape.join(', ')}]`);
  for (const { name, type, shape } of outputs) output.say(`output ${name}: ${type} [${shape.join(', ')}]`);
  output.result(result);
}

/** Exports and tells how close the graph is to the network. */
export async function exportTo(
  runFolder: string,
  outFolder: string,
  values: Parameters<typeof loadTestSet>[0],
  output: Output,
): Promise<ExportResult> {
  const test = asModelInput(await loadTestSet(values));
  const aside = await loadValidationSet(values, readSource(runFolder).run?.recipe);
  const validation = aside && asModelInput(aside);
  const result = await exportRun({ runFolder, outFolder, ...test, validation });
  const { nodes, bytes, parity, calibration } = result;
  output.say(
    `${outFolder}: ${nodes} nodes, ${bytes} bytes; probabilities within ${parity.maxAbsDiff.toExponential(1)} of ` +
      `TensorFlow.js's on ${parity.images} images, top-1 agreement ${(100 * parity.top1Agreement).toFixed(2)}%`,
  );
  output.say(`${outFolder}: ${describeCalibration(calibration)}`);
  return result;
}

function describeCalibration({ temperature, fit }: ExportResult['calibration']): string {
  if (!fit) return 'not calibrated, for the run set no images aside (train with --set validationImages=5000)';
  const { before, after } = fit.testCalibrationError;
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  return (
    `temperature ${temperature.toFixed(3)} of ${fit.validationImages} images set aside; on the test set a calibration error of ` +
    `${percent(after)} (${percent(before)} without), ${percent(fit.testRefusedShare)} refused`
  );
}
