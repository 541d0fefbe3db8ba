import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TensorData } from '../../onnx/tensor.js';
import { buildProgram, leafData, type Program } from './program.js';

export const DEVICES = ['cpu', 'cuda', 'webgpu'] as const;

/** The execution provider of ONNX Runtime. */
export type Device = (typeof DEVICES)[number];

export interface SessionSettings {
  device: Device;
  /** Threads within an operator; 0 lets ONNX Runtime take every core. */
  threads: number;
}

interface Compiled {
  session: InferenceSession;
  inputNames: readonly string[];
  outputNames: readonly string[];
}

/** Structures kept compiled; the one unused longest goes first. */
const CAPACITY = 64;

/** Compiles each structure once and runs it. */
export class SessionCache {
  readonly #compiled = new Map<string, Promise<Compiled>>();

  constructor(readonly settings: SessionSettings) {}

  get size(): number {
    return this.#compiled.size;
  }

  /**
   * The data of the program's outputs, in their order.
   * @param data the data of the program's inputs, by default that which they had when it was planned
   */
  async run(program: Program, data = program.inputs.map(leafData)): Promise<TensorData[]> {
    const { session, inputNames, outputNames } = await this.#compile(program);
    const feeds: Record<string, Tensor> = {};
    program.inputs.forEach(({ type, stored }, index) => {
      feeds[inputNames[index]!] = new Tensor(type, data[index]!, stored);
    });
    const results = await session.run(feeds, outputNames);
    return outputNames.map((name) => results[name]!.data as TensorData);
  }

  async release(): Promise<void> {
    const sessions = [...this.#compiled.values()];
    this.#compiled.clear();
    await Promise.allSettled(sessions.map(async (compiled) => (await compiled).session.release()));
  }

  #compile(program: Program): Promise<Compiled> {
    const known = this.#compiled.get(program.key);
    this.#compiled.delete(program.key);
    const compiled = known ?? this.#create(program);
    this.#compiled.set(program.key, compiled);
    if (this.#compiled.size > CAPACITY) this.#releaseOldest();
    return compiled;
  }

  async #create(program: Program): Promise<Compiled> {
    const { model, inputNames, outputNames } = buildProgram(program);
    const session = await InferenceSession.create(model, {
      executionProviders: [this.settings.device],
      intraOpNumThreads: this.settings.threads,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
    return { session, inputNames, outputNames };
  }

  #releaseOldest(): void {
    for (const [key, compiled] of this.#compiled) {
      this.#compiled.delete(key);
      // One that did not compile has told its caller.
      void compiled.then(
        ({ session }) => session.release(),
        () => undefined,
      );
      return;
    }
  }
}
