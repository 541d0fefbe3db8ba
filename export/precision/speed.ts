import { InferenceSession, Tensor } from 'onnxruntime-node';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { BatchSpeed } from '../../core/manifest.js';

/** Images a run: one picture alone, and a full batch of the service. */
const BATCHES = [1, 64];
const ROUNDS = 7;
/** How long one graph runs in a round, milliseconds, at the least. */
const TURN_MILLISECONDS = 60;
/** Not counted: the first runs allocate. */
const WARM_UPS = 3;

/**
 * Measures graphs in turns, on one thread as a worker of the service has it: the median of the rounds. Other work on the machine
 * slows all of them, so that what they take beside one another tells more than either alone.
 * @returns one list a graph, in their order
 */
export async function measureSpeed(
  graphs: readonly Uint8Array[],
  images: Float32Array,
): Promise<Omit<BatchSpeed, 'fp32Milliseconds'>[][]> {
  const sessions: InferenceSession[] = [];
  try {
    for (const graph of graphs) {
      sessions.push(
        await InferenceSession.create(graph, { executionProviders: ['cpu'], intraOpNumThreads: 1 }),
      );
    }
    const speeds: Omit<BatchSpeed, 'fp32Milliseconds'>[][] = sessions.map(() => []);
    for (const batch of BATCHES) {
      const medians = await inTurns(sessions, images, batch);
      medians.forEach((milliseconds, graph) => void speeds[graph]!.push({ batch, milliseconds }));
    }
    return speeds;
  } finally {
    for (const session of sessions) await session.release();
  }
}

async function inTurns(
  sessions: readonly InferenceSession[],
  images: Float32Array,
  batch: number,
): Promise<number[]> {
  const rows = new Float32Array(batch * INPUT_LENGTH);
  rows.set(images.subarray(0, rows.length));
  const input = new Tensor('float32', rows, [batch, 1, INPUT_SIDE, INPUT_SIDE]);
  const rounds = sessions.map((): number[] => []);
  for (const session of sessions) for (let run = 0; run < WARM_UPS; run++) await session.run({ input });
  for (let round = 0; round < ROUNDS; round++) {
    for (const [graph, session] of sessions.entries()) {
      const started = performance.now();
      let runs = 0;
      let taken = 0;
      for (; taken < TURN_MILLISECONDS; taken = performance.now() - started) {
        await session.run({ input });
        runs++;
      }
      rounds[graph]!.push(taken / runs);
    }
  }
  return rounds.map((times) => times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!);
}
