import { InferenceSession, Tensor } from 'onnxruntime-node';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../core/image.js';
import type { ModelOutput } from '../core/predict.js';

/** Images a call: past this ONNX Runtime gets no faster, and the activations stay in the cache. */
const BATCH = 250;

/**
 * Opens a graph on ONNX Runtime's cpu provider for as long as the work takes.
 * @param model its bytes, or the file with them
 */
export async function withSession<T>(
  model: Uint8Array | string,
  work: (session: InferenceSession) => Promise<T>,
  options: InferenceSession.SessionOptions = {},
): Promise<T> {
  const session = await open(model, { executionProviders: ['cpu'], ...options });
  try {
    return await work(session);
  } finally {
    await session.release();
  }
}

/** The overloads of `create` take one or the other. */
const open = (model: Uint8Array | string, options: InferenceSession.SessionOptions) =>
  typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options);

/** How many images `[images, 1, 28, 28]` flattened are. */
export const imagesIn = (images: Float32Array): number => images.length / INPUT_LENGTH;

/** Classifies any number of images, `[images, 1, 28, 28]` flattened. */
export async function runClassifier(session: InferenceSession, images: Float32Array): Promise<ModelOutput> {
  const count = imagesIn(images);
  const logits = new Float32Array(count * CLASS_COUNT);
  const probabilities = new Float32Array(count * CLASS_COUNT);
  for (let start = 0; start < count; start += BATCH) {
    const end = Math.min(start + BATCH, count);
    const batch = images.subarray(start * INPUT_LENGTH, end * INPUT_LENGTH);
    const input = new Tensor('float32', batch, [end - start, 1, INPUT_SIDE, INPUT_SIDE]);
    const outputs = await session.run({ input });
    logits.set(outputs.logits!.data as Float32Array, start * CLASS_COUNT);
    probabilities.set(outputs.probabilities!.data as Float32Array, start * CLASS_COUNT);
  }
  return { logits, probabilities };
}
