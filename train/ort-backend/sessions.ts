import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TensorData } from '../../onnx/tensor.js';
import { buildProgram, leafData, type Program } from './program.js';
import { type Device, PROVIDERS } from './providers.js';

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

/** Structures kept compiled beside those that are held; the one unused longest goes first. */
const CAPACITY = 64;

/**
 * Compiles each structure once and runs it. A structure that is held (a recorded step's) stays until it is let go, and
 * is released then; any other (of a tensor that was read) until {@link CAPACITY} more recent ones have come.
 */
export class SessionCache {
  readonly #compiled = new Map<string, Promise<Compiled>>();
  /** How many hold a structure, by its key. */
  readonly #holders = new Map<string, number>();
  /** The time spent in ONNX Runtime so far: running, and compiling what was new. */
  readonly spent = { runMilliseconds: 0, compileMilliseconds: 0 };

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
    const began = performance.now();
    const results = await session.run(feeds, outputNames);
    this.spent.runMilliseconds += performance.now() - began;
    return outputNames.map((name) => results[name]!.data as TensorData);
  }

  /** Keeps the structure compiled from its first run on, until it has been let go as often as it was held. */
  hold({ key }: Program): void {
    this.#holders.set(key, this.#holdersOf(key) + 1);
  }

  /** Releases the structure's session where nobody else holds it. */
  async letGo({ key }: Program): Promise<void> {
    const others = this.#holdersOf(key) - 1;
    if (others > 0) {
      this.#holders.set(key, others);
      return;
    }
    this.#holders.delete(key);
    await this.#release(key);
  }

  async release(): Promise<void> {
    this.#holders.clear();
    await Promise.all([...this.#compiled.keys()].map((key) => this.#release(key)));
  }

  #compile(program: Program): Promise<Compiled> {
    const known = this.#compiled.get(program.key);
    this.#compiled.delete(program.key);
    const compiled = known ?? this.#create(program);
    this.#compiled.set(program.key, compiled);
    if (this.#compiled.size > CAPACITY + this.#holders.size) void this.#releaseOldest();
    return compiled;
  }

  async #create(program: Program): Promise<Compiled> {
    const { model, nodes, inputNames, outputNames } = buildProgram(program);
    const began = performance.now();
    const session = await InferenceSession.create(model, {
      executionProviders: [PROVIDERS[this.settings.device](nodes)],
      intraOpNumThreads: this.settings.threads,
      graphOptimizationLevel: 'all',
      // A pattern is one more block as large as all that the first run took.
      enableMemPattern: false,
      logSeverityLevel: 3,
    });
    this.spent.compileMilliseconds += performance.now() - began;
    return { session, inputNames, outputNames };
  }

  #holdersOf(key: string): number {
    return this.#holders.get(key) ?? 0;
  }

  async #releaseOldest(): Promise<void> {
    const oldest = [...this.#compiled.keys()].find((key) => this.#holdersOf(key) === 0);
    if (oldest !== undefined) await this.#release(oldest);
  }

  async #release(key: string): Promise<void> {
    const compiled = this.#compiled.get(key);
    this.#compiled.delete(key);
    // One that did not compile has told its caller.
    const session = await compiled?.then(
      (done) => done.session,
      () => undefined,
    );
    await session?.release();
  }
}
