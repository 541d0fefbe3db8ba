import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** How often the peer runs the model, once it is loaded. */
const RUNS = 200;

/**
 * The usual example of onnxruntime-web: on the main thread, the wasm file left to the runtime to fetch, the drawing scaled by the canvas. No
 * hash is checked, nothing is kept but by the browser's own cache.
 */
const SCRIPT = `
import * as ort from 'onnxruntime-web/wasm';
ort.env.wasm.wasmPaths = { wasm: '/ort-wasm-simd-threaded.wasm' };
ort.env.wasm.numThreads = 1;
const tasks = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
const pad = document.querySelector('canvas');
const small = new OffscreenCanvas(28, 28).getContext('2d', { willReadFrequently: true });
async function predict(session) {
  small.drawImage(pad, 0, 0, 28, 28);
  const { data } = small.getImageData(0, 0, 28, 28);
  const input = Float32Array.from({ length: 784 }, (_, index) => data[index * 4 + 3] / 255);
  const { probabilities } = await session.run({ input: new ort.Tensor('float32', input, [1, 1, 28, 28]) });
  return [...probabilities.data];
}
addEventListener('pointerdown', async ({ timeStamp }) => {
  const session = await ort.InferenceSession.create('/model/model.onnx', { executionProviders: ['wasm'] });
  await predict(session);
  const firstMilliseconds = performance.now() - timeStamp;
  const predictions = [];
  for (let run = 0; run < ${RUNS}; run++) {
    const started = performance.now();
    await predict(session);
    predictions.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve));
  }
  globalThis.outcome = { firstMilliseconds, predictions, longTasks: tasks };
}, { once: true });
`;

export const PLAIN_PAGE = `<!doctype html><html lang="en"><title>Plain</title>
<canvas width="280" height="280"></canvas><script type="module" src="/plain.js"></script></html>`;

/** The page's script, bundled as an application would. */
export async function plainScript(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
  });
  return outputFiles[0]!.text;
}
