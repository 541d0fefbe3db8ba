import * as ort from 'onnxruntime-web/wasm';
import { type BundleSource, checkSessionNames, openBundle } from '../../core/bundle.js';
import { unmet } from '../../core/errors.js';
import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../core/image.js';
import { type Manifest, PRECISION_FILES } from '../../core/manifest.js';
import { smallestAsGood } from '../../core/precision.js';
import { classify, type Runner } from '../../core/predict.js';
import { classifyNumbers, numberText } from '../../core/predict-numbers.js';
import { type KeepOptions, loadKnown, loadText } from '../loading/kept-files.js';
import { checkWebAssembly } from '../loading/policy.js';
import { sha256 } from '../loading/sha256.js';
import type { Answer, Answers, Digits, LoadProgress, ModelSummary, Request } from './protocol.js';

/** The runtime's wasm file as it was when this script was built: bytes, and lower-case hexadecimal. */
declare const RUNTIME_BYTES: number;
declare const RUNTIME_SHA256: string;

/** More threads than this do not help a network of this size. */
const MOST_THREADS = 4;

const ADVICE_WHERE_NO_BUNDLE =
  'Check the src attribute: it names the folder that holds manifest.json and model.onnx.';

export interface LoadedModel {
  summary: ModelSummary;
  read(image: RgbaImage, digits: Digits): Promise<Answer>;
}

export interface LoadListener extends Pick<KeepOptions, 'keepAfter' | 'onUnkept'> {
  onProgress(progress: LoadProgress): void;
}

/**
 * Loads the runtime and the bundle side by side, each from what an earlier visit kept where it can, verifies both, and readies a session. Of the
 * bundle's graphs it takes the smallest that is as accurate as `model.onnx` and no slower, by the manifest's figures.
 * @throws TenfoldError what `checkWebAssembly`, `loadKnown`, `loadText`, `openBundle` and `checkSessionNames` throw, or `failed`.
 */
export async function loadModel(
  request: Pick<Extract<Request, { kind: 'load' }>, 'bundle' | 'runtime'>,
  { onProgress, ...keepOptions }: LoadListener,
): Promise<LoadedModel> {
  const started = performance.now();
  const progress: LoadProgress = { loaded: 0, total: RUNTIME_BYTES, state: 'loading' };
  const keeping: KeepOptions = {
    onBytes(bytes) {
      progress.loaded += bytes;
      onProgress(progress);
    },
    ...keepOptions,
  };
  await checkWebAssembly();
  const source = bundleAt(request.bundle, keeping);
  let file = '';
  const choose = (manifest: Manifest) => {
    const precision = smallestAsGood(manifest);
    file = PRECISION_FILES[precision];
    progress.total += manifest.files[file]!.bytes;
    return precision;
  };
  const [runtime, bundle] = await Promise.all([
    loadKnown({ url: request.runtime, sha256: RUNTIME_SHA256 }, keeping),
    openBundle(source, choose),
  ]);
  onProgress({ loaded: progress.total, total: progress.total, state: 'starting' });
  const session = await createSession(runtime, bundle.model);
  checkSessionNames(session, source);
  const runner = runnerOf(session);
  // The first run allocates; better while the reader still waits than under the first stroke.
  await runner.run(new Float32Array(INPUT_LENGTH), 1);
  const { name, version, metrics } = bundle.manifest;
  const { testAccuracy, testImages, parameters } = metrics;
  const summary: ModelSummary = {
    name,
    version,
    testAccuracy,
    testImages,
    parameters,
    file,
    bytes: bundle.model.length,
    loadMilliseconds: performance.now() - started,
  };
  return { summary, read: (image, digits) => read(image, digits, runner, bundle.manifest) };
}

function bundleAt(location: string, keeping: KeepOptions): BundleSource {
  const options = { ...keeping, adviceWhereMissing: ADVICE_WHERE_NO_BUNDLE };
  const { onBytes: _, ...uncounted } = options;
  const urlOf = (file: string) => {
    try {
      return new URL(file, location).href;
    } catch (cause) {
      const expectation = { code: 'not-found', what: 'the bundle', expected: 'an address' } as const;
      throw unmet({ ...expectation, got: location, advice: ADVICE_WHERE_NO_BUNDLE, cause });
    }
  };
  return {
    location,
    sha256,
    read: (file, recorded) => loadKnown({ url: urlOf(file), sha256: recorded.sha256 }, options),
    readText: (file) => loadText(urlOf(file), uncounted),
  };
}

async function createSession(
  runtime: Uint8Array<ArrayBuffer>,
  model: Uint8Array,
): Promise<ort.InferenceSession> {
  ort.env.logLevel = 'error';
  // Handed over as bytes, so that their arrival can be shown and their hash be checked.
  ort.env.wasm.wasmBinary = runtime.buffer;
  // Threads need shared memory, which a page gets only where it is cross-origin isolated.
  ort.env.wasm.numThreads = globalThis.crossOriginIsolated
    ? Math.min(MOST_THREADS, navigator.hardwareConcurrency)
    : 1;
  try {
    return await ort.InferenceSession.create(model, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
    });
  } catch (cause) {
    throw unmet({
      code: 'failed',
      what: 'the model',
      expected: 'a session of ONNX Runtime',
      got: cause instanceof Error ? cause.message : String(cause),
      advice: 'Close other pages, which may need the memory, and try again.',
      cause,
    });
  }
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
        input = values.slice();
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
