import * as ort from 'onnxruntime-web/wasm';
import { type BundleSource, checkSessionNames, openBundle } from '../core/bundle.js';
import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../core/image.js';
import { type Manifest, PRECISION_FILES } from '../core/manifest.js';
import { smallestAsAccurate } from '../core/precision.js';
import { classify, type Runner } from '../core/predict.js';
import { classifyNumbers, numberText } from '../core/predict-numbers.js';
import { download, type OnBytes } from './download.js';
import type { Answer, Answers, Digits, LoadProgress, ModelSummary } from './protocol.js';
import { sha256 } from './sha256.js';

/** Bytes of the runtime's wasm file; the build writes the number in. */
declare const RUNTIME_BYTES: number;

const RUNTIME_FILE = 'ort-wasm-simd-threaded.wasm';

/** More threads than this do not help a network of this size. */
const MOST_THREADS = 4;

export interface LoadedModel {
  summary: ModelSummary;
  read(image: RgbaImage, digits: Digits): Promise<Answer>;
}

/**
 * Fetches the runtime and the bundle side by side, verifies the bundle, and readies a session. Of the bundle's graphs it takes the smallest that
 * is as accurate as `model.onnx` by the manifest's figures.
 * @param bundleUrl the folder that holds `manifest.json` and the graphs, ending in a slash.
 * @throws TenfoldError what `download`, `openBundle` and `checkSessionNames` throw.
 */
export async function loadModel(
  bundleUrl: string,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedModel> {
  const started = performance.now();
  const progress: LoadProgress = { loaded: 0, total: RUNTIME_BYTES };
  const count: OnBytes = (bytes) => {
    progress.loaded += bytes;
    onProgress(progress);
  };
  const source = bundleAt(bundleUrl, count);
  const choose = (manifest: Manifest) => {
    const precision = smallestAsAccurate(manifest);
    progress.total += manifest.files[PRECISION_FILES[precision]]!.bytes;
    return precision;
  };
  const [runtime, bundle] = await Promise.all([
    download(new URL(RUNTIME_FILE, import.meta.url).href, count),
    openBundle(source, choose),
  ]);
  const session = await createSession(runtime, bundle.model);
  checkSessionNames(session, source);
  const runner = runnerOf(session);
  // The first run allocates; better while the reader still waits than under the first stroke.
  await runner.run(new Float32Array(INPUT_LENGTH), 1);
  const summary = summarise(bundle.manifest, bundle.model.length, performance.now() - started);
  return { summary, read: (image, digits) => read(image, digits, runner, bundle.manifest) };
}

function bundleAt(location: string, onModelBytes: OnBytes): BundleSource {
  const fileUrl = (file: string) => new URL(file, location).href;
  return {
    location,
    sha256,
    read: (file) => download(fileUrl(file), onModelBytes),
    readText: async (file) => new TextDecoder().decode(await download(fileUrl(file))),
  };
}

async function createSession(
  runtime: Uint8Array<ArrayBuffer>,
  model: Uint8Array,
): Promise<ort.InferenceSession> {
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmPaths = new URL('./', import.meta.url).href;
  // Handed over as bytes, so that their arrival can be shown.
  ort.env.wasm.wasmBinary = runtime.buffer;
  // Threads need shared memory, which a page gets only where it is cross-origin isolated.
  ort.env.wasm.numThreads = globalThis.crossOriginIsolated
    ? Math.min(MOST_THREADS, navigator.hardwareConcurrency)
    : 1;
  return ort.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
}

function runnerOf(session: ort.InferenceSession): Runner {
  return {
    async run(input, batch) {
      const tensor = new ort.Tensor('float32', input, [batch, 1, INPUT_SIDE, INPUT_SIDE]);
      const outputs = await session.run({ input: tensor });
      return {
        logits: outputs.logits!.data as Float32Array,
        probabilities: outputs.probabilities!.data as Float32Array,
      };
    },
  };
}

/** How each kind of answer is made. */
const READERS: {
  [Kind in Digits]: (
    image: RgbaImage,
    runner: Runner,
    calibration: Manifest['calibration'],
  ) => Promise<Answers[Kind]>;
} = {
  async one(image, runner, calibration) {
    let input = new Float32Array(INPUT_LENGTH);
    const watched: Runner = {
      run(values, batch) {
        input = Float32Array.from(values);
        return runner.run(values, batch);
      },
    };
    const [prediction] = await classify([image], watched, calibration);
    return { prediction: prediction!, input };
  },
  async many(image, runner, calibration) {
    const { width, height } = image;
    const [numbers] = await classifyNumbers([image], runner, calibration);
    return { numbers: numbers!, text: numberText(numbers!), width, height };
  },
};

/** One picture to one answer, noting on the way how long it took. */
async function read(image: RgbaImage, digits: Digits, runner: Runner, manifest: Manifest): Promise<Answer> {
  let modelMilliseconds = 0;
  const timed: Runner = {
    async run(values, batch) {
      const started = performance.now();
      const output = await runner.run(values, batch);
      modelMilliseconds += performance.now() - started;
      return output;
    },
  };
  const started = performance.now();
  const answer = await READERS[digits](image, timed, manifest.calibration);
  return {
    digits,
    ...answer,
    totalMilliseconds: performance.now() - started,
    modelMilliseconds,
  } as Answer;
}

function summarise(
  { name, version, metrics }: Manifest,
  bytes: number,
  loadMilliseconds: number,
): ModelSummary {
  const { testAccuracy, testImages, parameters } = metrics;
  return { name, version, testAccuracy, testImages, parameters, bytes, loadMilliseconds };
}
