import { TenfoldError, unmet } from '../../core/errors.js';
import {
  type Answer,
  type Digits,
  dispatch,
  type Handlers,
  type LoadProgress,
  type ModelSummary,
  type Picture,
  type Reply,
  type Request,
} from '../worker/protocol.js';
import { assetUrl } from './assets.js';
import { startWorker } from './start-worker.js';

/** How long a worker that nobody uses stays, milliseconds: an element that moves in the page leaves and enters it. */
const GRACE = 2_000;

const RUNTIME_FILE = 'ort-wasm-simd-threaded.wasm';

/** What an element is told while it waits. */
export interface ClassifierWatcher {
  onProgress(progress: LoadProgress): void;
  /** Something that hinders nobody: `storage-full`. */
  onNotice(error: TenfoldError): void;
}

/** The element's end of a worker that holds one bundle; all elements with the same bundle URL share it. */
export class SharedClassifier {
  static readonly #shared = new Map<string, SharedClassifier>();

  readonly #loaded = withResolvers<ModelSummary>();
  /** Settles once the bundle is verified and the session ready, or can never be: it is broken, or everybody has let it go. */
  readonly ready = this.#loaded.promise;
  /** The last progress that the worker told. */
  progress: LoadProgress = { loaded: 0, total: 0, state: 'loading' };

  #worker: Worker | undefined;
  readonly #pending = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #watchers = new Set<ClassifierWatcher>();
  #nextId = 0;
  #users = 0;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;
  #isNoticed = false;

  /** The classifier of this bundle, its worker started where no other element has. Call `release` when done. */
  static acquire(bundleUrl: string): SharedClassifier {
    let classifier = SharedClassifier.#shared.get(bundleUrl);
    if (!classifier) {
      classifier = new SharedClassifier(bundleUrl);
      SharedClassifier.#shared.set(bundleUrl, classifier);
    }
    classifier.#users++;
    clearTimeout(classifier.#closing);
    return classifier;
  }

  private constructor(readonly bundleUrl: string) {
    // Each element that waits handles the rejection for itself; none may have come yet.
    this.ready.catch(() => this.#close());
    this.#load().catch(this.#loaded.reject);
  }

  async #load(): Promise<void> {
    const worker = await startWorker({ onUnkept: (error) => this.#notify(error) });
    if (this.#isClosed) {
      worker.terminate();
      return;
    }
    this.#worker = worker;
    const { resolve, reject } = this.#loaded;
    const handlers: Handlers<Reply> = {
      started: () => {},
      progress: (progress) => {
        this.progress = progress;
        for (const { onProgress } of this.#watchers) onProgress(progress);
      },
      notice: ({ code, message }) => this.#notify(new TenfoldError(code, message)),
      loaded: ({ model }) => resolve(model),
      unloadable: ({ code, message }) => reject(new TenfoldError(code, message)),
      answer: ({ id, answer }) => this.#settle(id)?.resolve(answer),
      refusal: ({ id, code, message }) => this.#settle(id)?.reject(new TenfoldError(code, message)),
    };
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => dispatch(handlers, data));
    worker.addEventListener('error', ({ message }) => {
      const error = unmet({
        code: 'failed',
        what: "the element's worker",
        expected: 'an answer',
        got: message || 'its end',
        advice: 'Reload the page.',
      });
      reject(error);
      this.#abandon(error);
    });
    this.#send({ kind: 'load', bundle: this.bundleUrl, runtime: assetUrl(RUNTIME_FILE) });
  }

  /** Of several files that find no room one is enough. */
  #notify(error: TenfoldError): void {
    if (this.#isNoticed) return;
    this.#isNoticed = true;
    for (const { onNotice } of this.#watchers) onNotice(error);
  }

  /** Calls back until the returned function is called. */
  watch(watcher: ClassifierWatcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Reads one picture; its buffer moves to the worker.
   * @throws TenfoldError what loading the model threw, `failed`, or `unavailable` where the worker ended meanwhile.
   */
  async classify(picture: Picture, digits: Digits): Promise<Answer> {
    await this.ready;
    const id = this.#nextId++;
    const waiting = withResolvers<Answer>();
    this.#pending.set(id, waiting);
    const transfer = picture instanceof ImageBitmap ? picture : picture.data.buffer;
    this.#send({ kind: 'classify', id, picture, digits }, [transfer as Transferable]);
    return waiting.promise;
  }

  /** Gives up one `acquire`; the worker ends when nobody has come back for a while. */
  release(): void {
    if (--this.#users === 0) this.#closing = setTimeout(() => this.#close(), GRACE);
  }

  #close(): void {
    this.#isClosed = true;
    this.#worker?.terminate();
    this.#loaded.reject(letGo());
    this.#abandon(letGo());
    if (SharedClassifier.#shared.get(this.bundleUrl) === this) {
      SharedClassifier.#shared.delete(this.bundleUrl);
    }
  }

  #abandon(error: TenfoldError): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
  }

  #settle(id: number): PromiseWithResolvers<Answer> | undefined {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    return waiting;
  }

  #send(request: Request, transfer: Transferable[] = []): void {
    this.#worker!.postMessage(request, transfer);
  }
}

/** For who waits on, while nobody else has a use for the model. */
export const letGo = () => new TenfoldError('unavailable', 'The model was let go before the answer came.');

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
