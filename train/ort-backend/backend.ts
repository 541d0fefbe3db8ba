import {
  type BackendValues,
  backend_util,
  DataStorage,
  type DataType,
  engine,
  KernelBackend,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { unmet } from '../../core/errors.js';
import type { TensorData } from '../../onnx/tensor.js';
import { concreteData, pickedData } from './concrete.js';
import { LazyGraph } from './lazy-graph.js';
import { planProgram } from './program.js';
import { SessionCache, type SessionSettings } from './sessions.js';
import { elementType, sizeOf, type TensorType, uniformValue, type Value } from './value.js';

export const BACKEND_NAME = 'onnxruntime';

/** The smallest number that TensorFlow.js adds to a divisor in float32. */
const EPSILON_FLOAT32 = 1e-7;

/**
 * A tensor's data: one value of the lazy graph, two for complex numbers (real and imaginary), or the strings that no ONNX
 * operator takes.
 */
export type Content = { values: readonly Value[] } | { strings: Uint8Array[] };

interface Entry {
  content: Content;
  references: number;
}

/** A tensor that exists but is not yet computed. */
interface Alive {
  dataId: object;
  content: Content;
}

/**
 * Written tensors of at least this many elements that are all 0 or all 1 become constants: TensorFlow.js's gradients
 * write such tensors only to multiply by them. Smaller ones may be variables that start at 0.
 */
const UNIFORM_FROM_SIZE = 4096;

/** TensorFlow.js on ONNX Runtime: kernels append to a lazy graph, reading a tensor runs it. */
export class OnnxRuntimeBackend extends KernelBackend {
  readonly graph: LazyGraph;
  readonly sessions: SessionCache;
  readonly #entries: DataStorage<Entry>;
  /** Data ids whose value has not been computed. */
  readonly #pending = new Set<object>();
  /** Data ids that are not computed together with others, after such a computation failed. */
  readonly #apart = new WeakSet<object>();
  #isRecording = false;
  #running: Promise<void> = Promise.resolve();

  constructor(settings: SessionSettings) {
    super();
    this.graph = new LazyGraph(settings.device === 'cpu');
    this.sessions = new SessionCache(settings);
    this.#entries = new DataStorage(this, engine());
  }

  /** What a tensor holds, values in the tensor's shape. */
  contentFor({ dataId, shape }: Pick<TensorInfo, 'dataId' | 'shape'>): Content {
    const { content } = this.#entries.get(dataId);
    if ('strings' in content) return content;
    return { values: content.values.map((value) => this.graph.reshape(value, shape)) };
  }

  /** The value of a tensor of real numbers, in the tensor's shape. */
  valueFor(info: Pick<TensorInfo, 'dataId' | 'shape'>): Value {
    const [value, imaginary] = this.partsFor(info);
    if (imaginary) throw notReal('complex numbers');
    return value!;
  }

  /** The value of a tensor, or the real and imaginary one, in the tensor's shape. */
  partsFor(info: Pick<TensorInfo, 'dataId' | 'shape'>): readonly Value[] {
    const content = this.contentFor(info);
    if ('strings' in content) throw notReal('strings');
    return content.values;
  }

  /** Registers a value as a new tensor. */
  toTensorInfo(value: Value): TensorInfo {
    return this.register({ values: [value] }, value.shape, value.type as DataType);
  }

  /** Registers what a kernel made as a new tensor. */
  register(content: Content, shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = {};
    this.#set(dataId, { content, references: 1 });
    return { dataId, shape: [...shape], dtype };
  }

  /** The same data as another tensor, under another shape of the same size. */
  share(dataId: object, shape: readonly number[], dtype: DataType): TensorInfo {
    this.incRef(dataId);
    return { dataId, shape: [...shape], dtype };
  }

  /** Gives an existing data id another value, as a replayed step does with variables. */
  replaceValue(dataId: object, value: Value): void {
    this.#set(dataId, { ...this.#entries.get(dataId), content: { values: [value] } });
  }

  /** Makes data of a value that so far is a constant of the structure: a variable begins at 0 but does not stay there. */
  storeUniform(dataId: object, shape: readonly number[]): void {
    const value = this.valueFor({ dataId, shape: [...shape] });
    const number = uniformValue(value);
    if (number === null) return;
    const data = new ARRAYS[value.type as TensorType](sizeOf(shape)).fill(number);
    this.replaceValue(dataId, this.graph.leaf(data, value.type, shape));
  }

  /**
   * Computes `values` together with every tensor that is alive, or alone where that fails; returns the data of `values`.
   */
  compute(values: readonly Value[]): Promise<TensorData[]> {
    return this.exclusively(() => this.computeNow(values));
  }

  /** Whether a step is being recorded, whose numbers will be others when it is run again. */
  get isRecording(): boolean {
    return this.#isRecording;
  }

  /** Runs `work`, which records a step. */
  recording<T>(work: () => T): T {
    this.#isRecording = true;
    try {
      return work();
    } finally {
      this.#isRecording = false;
    }
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
    const pending = [...this.#pending].map((dataId) => ({
      dataId,
      content: this.#entries.get(dataId).content,
    }));
    const isAsked = ({ content }: Alive) => valuesOf(content).every((value) => values.includes(value));
    const asked = pending.filter(isAsked);
    const others = pending.filter((alive) => !isAsked(alive) && !this.#apart.has(alive.dataId));
    try {
      return await this.#computeAndKeep(values, [...asked, ...others]);
    } catch (error) {
      if (values.length === 0) throw error;
      // Which of them cannot be computed is not known: from now on each is computed when it is asked for.
      const isAlone = others.length === 0;
      for (const { dataId } of isAlone ? asked : others) this.#apart.add(dataId);
      if (isAlone) throw error;
      return this.computeNow(values);
    }
  }

  /** Computes `values` and what `alive` holds, which then is data. */
  async #computeAndKeep(values: readonly Value[], alive: readonly Alive[]): Promise<TensorData[]> {
    const computed = await this.#run([...values, ...alive.flatMap(({ content }) => valuesOf(content))]);
    this.graph.forget();
    for (const { dataId, content } of alive) {
      const replaced = !this.#entries.has(dataId) || this.#entries.get(dataId).content !== content;
      if (replaced) continue;
      const leaves = valuesOf(content).map((value) =>
        this.graph.leaf(computed(value), value.type, value.shape, value),
      );
      this.#set(dataId, { ...this.#entries.get(dataId), content: { values: leaves } });
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
    const { content } = this.#entries.get(dataId);
    const known = knownData(content);
    if (known) return known;
    return this.exclusively(async () => {
      // By now an earlier read may have computed it, or it may have been disposed of.
      const current = this.#entries.has(dataId) ? this.#entries.get(dataId).content : content;
      const computed = knownData(current);
      if (computed) return computed;
      return joined(await this.computeNow(valuesOf(current).map((value) => this.graph.logical(value))));
    });
  }

  /** @throws TenfoldError where the tensor has not been computed: ONNX Runtime runs asynchronously only. */
  override readSync(dataId: object): BackendValues {
    const known = knownData(this.#entries.get(dataId).content, pickedData);
    if (known) return known;
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
    this.#set(dataId, { content: this.#contentOf(values, shape, dtype), references });
  }

  #contentOf(values: BackendValues, shape: number[], dtype: DataType): Content {
    if (dtype === 'string') return { strings: values as Uint8Array[] };
    if (dtype !== 'complex64') return { values: [this.#written(values, shape, elementType(dtype))] };
    const { real, imag } = backend_util.splitRealAndImagArrays(values as Float32Array);
    return { values: [real, imag].map((part) => this.#written(part, shape, 'float32')) };
  }

  #written(values: BackendValues, shape: number[], type: TensorType): Value {
    const data = asTyped(values, type);
    const first = data[0];
    const isUniform =
      data.length >= UNIFORM_FROM_SIZE && (first === 0 || first === 1) && isFilledWith(first, data);
    if (isUniform) return this.graph.uniform(first, type, shape);
    // Kernels read it later than the caller may change it.
    return this.graph.leaf(data === values ? data.slice() : data, type, shape);
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

  /** What `tf.time` and `tf.profile` measure: `work`, and the computing of everything alive. */
  override async time(work: () => void): Promise<{ kernelMs: number }> {
    const start = util.now();
    work();
    await this.compute([]);
    return { kernelMs: util.now() - start };
  }

  override dispose(): void {
    void this.sessions.release();
  }

  #set(dataId: object, entry: Entry): void {
    // DataStorage counts whatever it is given as one more.
    if (this.#entries.has(dataId)) Object.assign(this.#entries.get(dataId), entry);
    else this.#entries.set(dataId, entry);
    const isPending = valuesOf(entry.content).some(({ source }) => source.kind === 'node');
    if (isPending) this.#pending.add(dataId);
    else this.#pending.delete(dataId);
  }
}

const notReal = (got: string): Error =>
  unmet({
    code: 'bad-input',
    what: 'a tensor in a computation on the onnxruntime backend',
    expected: 'real numbers',
    got,
    advice: 'Use the cpu backend for it.',
  });

const valuesOf = (content: Content): readonly Value[] => ('values' in content ? content.values : []);

/** What TensorFlow.js reads of a tensor that needs no computing, or null. */
function knownData(content: Content, find = concreteData): BackendValues | null {
  if ('strings' in content) return content.strings;
  const parts = content.values.map(find);
  return parts.every((part) => part !== null) ? joined(parts) : null;
}

/**
 * A copy for the reader, who may write into it, where tensors and constants share data; complex numbers as TensorFlow.js reads
 * them: real and imaginary in turn.
 */
const joined = (parts: readonly TensorData[]): BackendValues =>
  (parts.length === 1
    ? parts[0]!.slice()
    : backend_util.mergeRealAndImagArrays(
        parts[0] as Float32Array,
        parts[1] as Float32Array,
      )) as BackendValues;

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
