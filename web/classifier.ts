import { TenfoldError, unmet } from '../core/errors.js';
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
} from './protocol.js';

/** How long a worker that nobody uses stays, milliseconds: an element that moves in the page leaves and enters it. */
const GRACE = 2_000;

/** The element's end of a worker that holds one bundle; all elements with the same bundle URL share it. */
export class SharedClassifier {
  static readonly #shared = new Map<string, SharedClassifier>();

  /** Settles once the bundle is verified and the session ready, or can never be. */
  readonly ready: Promise<ModelSummary>;
  /** The last progress that the worker told. */
  progress: LoadProgress = { loaded: 0, total: 0 };

  readonly #worker: Worker;
  readonly #pending = new Map<number, PromiseWithResolvers<Answer>>();
  readonly #watchers = new Set<(progress: LoadProgress) => void>();
  #nextId = 0;
  #users = 0;
  #closing: ReturnType<typeof setTimeout> | undefined;

  /** The classifier of this bundle, its worker started where no other element has. Call `release` when done. */
  static acquire(bundleUrl: string, workerUrl: string): SharedClassifier {
    let classifier = SharedClassifier.#shared.get(bundleUrl);
    if (!classifier) {
      classifier = new SharedClassifier(bundleUrl, workerUrl);
      SharedClassifier.#shared.set(bundleUrl, classifier);
    }
    classifier.#users++;
    clearTimeout(classifier.#closing);
    return classifier;
  }

  private constructor(
    readonly bundleUrl: string,
    workerUrl: string,
  ) {
    const { promise, resolve, reject } = withResolvers<ModelSummary>();
    this.ready = promise;
    // Each element that waits handles the rejection for itself; none may have come yet.
    promise.catch(() => this.#close());
    this.#worker = startWorker(workerUrl);
    const handlers: Handlers<Reply> = {
      progress: (progress) => {
        this.progress = progress;
        for (const watch of this.#watchers) watch(progress);
      },
      loaded: ({ model }) => resolve(model),
      unloadable: ({ code, message }) => reject(new TenfoldError(code, message)),
      answer: ({ id, answer }) => this.#settle(id)?.resolve(answer),
      refusal: ({ id, code, message }) => this.#settle(id)?.reject(new TenfoldError(code, message)),
    };
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => dispatch(handlers, data));
    this.#worker.addEventListener('error', (event) => {
      const error = unmet({
        code: 'unavailable',
        what: workerUrl,
        expected: 'a worker that starts',
        got: event.message || 'none: it was not found, or the page policy forbids it',
        advice: 'Its worker-src needs this origin, and blob: too where the page is of another origin.',
      });
      reject(error);
      this.#abandon(error);
    });
    this.#send({ kind: 'load', bundle: bundleUrl });
  }

  /** Calls back with each progress until the returned function is called. */
  watch(watcher: (progress: LoadProgress) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Reads one picture; its buffer moves to the worker.
   * @throws TenfoldError what loading the model threw, or `failed`.
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
    this.#worker.terminate();
    this.#abandon(new TenfoldError('unavailable', 'The model was let go before the answer came.'));
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
    this.#worker.postMessage(request, transfer);
  }
}

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

/** A worker script must be of the page's own origin; one from elsewhere is imported by a script that is. */
function startWorker(url: string): Worker {
  if (new URL(url).origin === location.origin) return new Worker(url, { type: 'module' });
  const script = new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' });
  const local = URL.createObjectURL(script);
  const worker = new Worker(local, { type: 'module' });
  worker.addEventListener('message', () => URL.revokeObjectURL(local), { once: true });
  return worker;
}
