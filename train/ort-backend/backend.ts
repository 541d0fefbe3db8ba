import {
  type BackendValues,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { unmet } from '../../core/errors.js';
import type { TensorData } from '../../onnx/tensor.js';
import { LazyGraph } from './lazy-graph.js';
import { planProgram } from './program.js';
import { SessionCache, type SessionSettings } from './sessions.js';
import { elementType, sizeOf, type TensorType, uniformValue, type Value } from './value.js';

export const BACKEND_NAME = 'onnxruntime';

/** The smallest number that TensorFlow.js adds to a divisor in float32. */
const EPSILON_FLOAT32 = 1e-7;

/** A tensor's data: a value of the lazy graph, or the strings that no ONNX operator takes. */
interface Entry {
  value: Value | null;
  strings: Uint8Array[] | null;
  references: number;
}

/**
 * Written tensors of at least this many elements that are all 0 or all 1 become constants: TensorFlow.js's gradients
 * write such tensors only to multiply by them. Smaller ones may be variables that start at 0.
 */
const UNIFORM_FROM_SIZE = 4096;

/** TensorFlow.js on ONNX Runtime: kernels append to a lazy graph, reading a tensor runs it. */
export class OnnxRuntimeBackend extends KernelBackend {
  readonly graph = new LazyGraph();
  readonly sessions: SessionCache;
  readonly #entries: DataStorage<Entry>;
  /** Data ids whose value has not been computed. */
  readonly #pending = new Set<object>();
  #running: Promise<void> = Promise.resolve();

  constructor(settings: SessionSettings) {
    super();
    this.sessions = new SessionCache(settings);
    this.#entries = new DataStorage(this, engine());
  }

  /** The value of a tensor, in the tensor's shape. */
  valueFor({ dataId, shape }: Pick<TensorInfo, 'dataId' | 'shape'>): Value {
    const { value } = this.#entries.get(dataId);
    if (!value) {
      throw unmet({
        code: 'bad-input',
        what: 'a tensor in a computation on the onnxruntime backend',
        expected: 'numbers',
        got: 'strings',
        advice: 'Use the cpu backend for strings.',
      });
    }
    return this.graph.reshape(value, shape);
  }

  /** Registers a value as a new tensor. */
  toTensorInfo(value: Value): TensorInfo {
    const dataId = {};
    this.#set(dataId, { value, strings: null, references: 1 });
    return { dataId, shape: [...value.shape], dtype: value.type as DataType };
  }

  /** Gives an existing data id another value, as a replayed step does with variables. */
  replaceValue(dataId: object, value: Value): void {
    this.#set(dataId, { ...this.#entries.get(dataId), value });
  }

  /** Makes data of a value that so far is a constant of the structure: a variable begins at 0 but does not stay there. */
  storeUniform(dataId: object, shape: readonly number[]): void {
    const value = this.valueFor({ dataId, shape: [...shape] });
    const number = uniformValue(value);
    if (number === null) return;
    const data = new ARRAYS[value.type as TensorType](sizeOf(shape)).fill(number);
    this.replaceValue(dataId, this.graph.leaf(data, value.type, shape));
  }

  /** Computes `values` together with every tensor that is alive; returns the data of `values`. */
  compute(values: readonly Value[]): Promise<TensorData[]> {
    return this.exclusively(() => this.computeNow(values));
  }

  /** Runs `work` after all that was begun before it: runs must see each other's results. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#running.then(work);
    this.#running = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** As `compute`, for work that is exclusive already. */
  async computeNow(values: readonly Value[]): Promise<TensorData[]> {
    const alive = [...this.#pending].map((dataId) => ({ dataId, value: this.#entries.get(dataId).value! }));
    const computed = await this.#run([...values, ...alive.map(({ value }) => value)]);
    this.graph.forget();
    for (const { dataId, value } of alive) {
      const replaced = !this.#entries.has(dataId) || this.#entries.get(dataId).value !== value;
      if (!replaced)
        this.replaceValue(dataId, this.graph.leaf(computed(value), value.type, value.shape, value));
    }
    return values.map(computed);
  }

  /** Runs what the values need, each node's output once, and returns where to find their data. */
  async #run(values: readonly Value[]): Promise<(value: Value) => TensorData> {
    const outputs: Value[] = [];
    const numbers = new Map<object, Map<number, number>>();
    for (const value of values) {
      if (value.source.kind !== 'node') continue;
      const ofNode = numbers.get(value.source) ?? new Map<number, number>();
      numbers.set(value.source, ofNode);
      if (!ofNode.has(value.output)) ofNode.set(value.output, outputs.push(value) - 1);
    }
    const results = outputs.length > 0 ? await this.sessions.run(planProgram(outputs)) : [];
    return ({ source, output }) => {
      if (source.kind === 'leaf') return source.data;
      if (source.kind === 'fixed') return source.constant.data;
      return results[numbers.get(source)!.get(output)!]!;
    };
  }

  override async read(dataId: object): Promise<BackendValues> {
    const { value, strings } = this.#entries.get(dataId);
    if (!value) return strings!;
    return this.exclusively(async () => {
      // By now an earlier read may have computed it, or it may have been disposed of.
      const current = this.#entries.has(dataId) ? this.#entries.get(dataId).value! : value;
      const [data] = await this.computeNow([this.graph.logical(current)]);
      return data as BackendValues;
    });
  }

  /** @throws TenfoldError where the tensor has not been computed: ONNX Runtime runs asynchronously only. */
  override readSync(dataId: object): BackendValues {
    const { value, strings } = this.#entries.get(dataId);
    if (!value) return strings!;
    const { source } = this.graph.logical(value);
    if (source.kind === 'leaf') return source.data as BackendValues;
    throw unmet({
      code: 'bad-usage',
      what: 'a tensor read by dataSync() on the onnxruntime backend',
      expected: 'one that is already computed',
      got: 'one that is still to be computed',
      advice: 'Use `await tensor.data()`: ONNX Runtime computes asynchronously.',
    });
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: object,
    values: BackendValues,
    shape: number[],
    dtype: DataType,
    references: number,
  ): void {
    const entry: Entry =
      dtype === 'string'
        ? { value: null, strings: values as Uint8Array[], references }
        : { value: this.#written(values, shape, elementType(dtype)), strings: null, references };
    this.#set(dataId, entry);
  }

  #written(values: BackendValues, shape: number[], type: TensorType): Value {
    const data = asTyped(values, type);
    const first = data[0];
    const isUniform =
      data.length >= UNIFORM_FROM_SIZE && (first === 0 || first === 1) && isFilledWith(first, data);
    return isUniform ? this.graph.uniform(first, type, shape) : this.graph.leaf(data, type, shape);
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.#entries.has(dataId)) return true;
    const entry = this.#entries.get(dataId);
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.#entries.delete(dataId);
    this.#pending.delete(dataId);
    return true;
  }

  override refCount(dataId: object): number {
    return this.#entries.has(dataId) ? this.#entries.get(dataId).references : 0;
  }

  override incRef(dataId: object): void {
    this.#entries.get(dataId).references++;
  }

  override numDataIds(): number {
    return this.#entries.numDataIds();
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: true, reasons: ['A tensor that is not yet computed has no memory.'] };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return EPSILON_FLOAT32;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {
    void this.sessions.release();
  }

  #set(dataId: object, entry: Entry): void {
    // DataStorage counts whatever it is given as one more.
    if (this.#entries.has(dataId)) Object.assign(this.#entries.get(dataId), entry);
    else this.#entries.set(dataId, entry);
    if (entry.value?.source.kind === 'node') this.#pending.add(dataId);
    else this.#pending.delete(dataId);
  }
}

/** The arrays of TensorFlow.js's types; it hands over plain ones too. */
const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } satisfies Record<
  TensorType,
  unknown
>;

/** A plain loop: of eleven million ones, as a gradient writes them, `every` takes six times as long. */
function isFilledWith(number: number, data: Float32Array | Int32Array | Uint8Array): boolean {
  for (let index = 0; index < data.length; index++) if (data[index] !== number) return false;
  return true;
}

function asTyped(values: BackendValues, type: TensorType): Float32Array | Int32Array | Uint8Array {
  const Typed = ARRAYS[type];
  return values instanceof Typed ? values : Typed.from(values as ArrayLike<number>);
}
