import { InferenceSession, Tensor } from 'onnxruntime-node';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { openBundleFolder } from '../../serve/models/bundle.js';
import { precisionFor } from '../../serve/models/precision.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';

/**
 * onnxruntime-node and nothing else: `bare-loop.js BUNDLE IMAGES THREADS SECONDS` runs the graph that our service takes on so many
 * test images again and again. Prints a `LoopReport` as JSON.
 */

export interface LoopReport {
  runs: number;
  seconds: number;
}

const [bundleDirectory, ...numbers] = process.argv.slice(2);
const [images, threads, wantedSeconds] = numbers.map(Number) as [number, number, number];
const { model } = await openBundleFolder(bundleDirectory!, precisionFor('auto', 'cpu'));
const session = await InferenceSession.create(model, { intraOpNumThreads: threads });
const { images: pixels } = await loadMnistSplit('test');
const input = Float32Array.from(pixels.subarray(0, images * INPUT_LENGTH), (ink) => ink / 255);
const tensor = new Tensor('float32', input, [images, 1, INPUT_SIDE, INPUT_SIDE]);

const WARM_UP_RUNS = 20;
for (let count = 0; count < WARM_UP_RUNS; count++) await session.run({ input: tensor });
const started = performance.now();
const deadline = started + wantedSeconds * 1000;
let runs = 0;
for (; performance.now() < deadline; runs++) await session.run({ input: tensor });
const report: LoopReport = { runs, seconds: (performance.now() - started) / 1000 };
console.log(JSON.stringify(report));
