import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Bundle, checkSessionNames } from '../../core/bundle.js';
import { unmet } from '../../core/errors.js';
import { INPUT_SIDE } from '../../core/image.js';
import { MODEL_FILE } from '../../core/manifest.js';
import type { Runner } from '../../core/predict.js';

export const DEVICES = ['cpu', 'cuda', 'webgpu'] as const;
/** What computes. */
export type Device = (typeof DEVICES)[number];

/** ONNX Runtime's execution providers: each loads or the session fails, and what it cannot do the next one does. */
const PROVIDERS: { readonly [D in Device]: readonly string[] } = {
  cpu: ['cpu'],
  cuda: ['cuda', 'cpu'],
  webgpu: ['webgpu', 'cpu'],
};

export interface RunnerOptions {
  device?: Device;
  /** Threads of one run. Servers take 1 and run several workers. */
  threads?: number;
}

export interface OwnedRunner extends Runner {
  /** Gives the session's memory back; no run may follow. */
  release(): Promise<void>;
}

/**
 * A session of onnxruntime-node for the bundle. `run` blocks the thread it is called on.
 * @throws TenfoldError `corrupt` where the model cannot be loaded or has other inputs and outputs; `unavailable` where it cannot be
 * loaded on a device other than the cpu.
 */
export async function createRunner(
  { manifest, model }: Bundle,
  { device = 'cpu', threads = 1 }: RunnerOptions = {},
): Promise<OwnedRunner> {
  const location = `${manifest.name} ${manifest.version}`;
  const session = await load(model, { device, threads }, location);
  checkSessionNames(session, { location });
  return {
    async run(input, batch) {
      const tensor = new Tensor('float32', input, [batch, 1, INPUT_SIDE, INPUT_SIDE]);
      const { logits, probabilities } = await session.run({ input: tensor });
      return {
        logits: logits!.data as Float32Array,
        probabilities: probabilities!.data as Float32Array,
      };
    },
    release: () => session.release(),
  };
}

async function load(
  model: Uint8Array,
  { device, threads }: Required<RunnerOptions>,
  location: string,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, {
      executionProviders: PROVIDERS[device],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // A waiting thread that spins takes the core that HTTP needs.
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    const got = (cause as Error).message;
    const what = `${MODEL_FILE} of ${location}`;
    throw device === 'cpu'
      ? unmet({
          code: 'corrupt',
          what,
          expected: 'a model that ONNX Runtime loads',
          got,
          advice: 'Export the bundle again.',
          cause,
        })
      : unmet({
          code: 'unavailable',
          what,
          expected: `a model that ONNX Runtime loads on ${device}`,
          got,
          advice:
            'The device cpu needs nothing beside onnxruntime-node; docs/tfjs-backend.md has what others need.',
          cause,
        });
  }
}
