import type { TenfoldError } from '../../core/errors.js';
import { letGo, SharedClassifier } from '../loading/classifier.js';
import type { Answer, Digits, LoadProgress, ModelSummary, Picture } from '../worker/protocol.js';

/** Loading that takes longer than this is called slow, however steadily its bytes come, milliseconds. */
const SLOW = 10_000;

export interface ModelLinkEvents {
  onProgress(progress: LoadProgress, isSlow: boolean): void;
  onReady(model: ModelSummary): void;
  onFailure(error: TenfoldError): void;
  /** Something that hinders nobody: `storage-full`. */
  onNotice(error: TenfoldError): void;
}

/** An element's hold on the classifier of its bundle: taken when it is first needed, let go when the element leaves. */
export class ModelLink {
  /** The model in use; null until it is ready. */
  model: ModelSummary | null = null;
  /** The bundle that was taken last. */
  src: string | undefined;
  /** Why the model did not load, the last time that it did not. */
  failure: TenfoldError | null = null;
  #classifier: SharedClassifier | undefined;
  /** Ends what this hold has others do: watching, or waiting for a connection. */
  #hold = new AbortController();

  constructor(private readonly events: ModelLinkEvents) {}

  /**
   * Loads once; after a failure the next call tries again, and after `offline` the browser's next connection does. Who waits while another
   * bundle is taken waits for that one.
   * @throws TenfoldError as `onFailure` is told; `unavailable` where the element left meanwhile.
   */
  async load(src: string): Promise<ModelSummary> {
    const classifier = this.#classifier ?? this.#take(src);
    try {
      return await classifier.ready;
    } catch (error) {
      if (this.#classifier && this.#classifier !== classifier) return this.load(src);
      throw error;
    }
  }

  /** @throws TenfoldError `unavailable` where the element has let go of its model */
  async classify(picture: Picture, digits: Digits): Promise<Answer> {
    if (!this.#classifier) throw letGo();
    return this.#classifier.classify(picture, digits);
  }

  drop(): void {
    this.#hold.abort();
    this.#hold = new AbortController();
    this.#classifier?.release();
    this.#classifier = undefined;
    this.model = null;
  }

  /** What comes of it is told before anybody who waits goes on. */
  #take(src: string): SharedClassifier {
    this.drop();
    const classifier = SharedClassifier.acquire(src);
    this.#classifier = classifier;
    this.src = src;
    this.#watch(classifier);
    classifier.ready.then(
      (model) => {
        if (this.#classifier !== classifier) return;
        this.model = model;
        this.events.onReady(model);
      },
      (error: TenfoldError) => {
        this.failure = error;
        if (this.#classifier === classifier) this.#fail(error, src);
      },
    );
    return classifier;
  }

  /** Until it is dropped, and not only until it is ready: what was loaded is kept later. */
  #watch(classifier: SharedClassifier): void {
    const started = performance.now();
    const tell = () => {
      if (this.model) return;
      const { progress } = classifier;
      this.events.onProgress(progress, progress.state === 'stalled' || performance.now() - started > SLOW);
    };
    tell();
    const slow = setTimeout(tell, SLOW + 1);
    const unwatch = classifier.watch({ onProgress: tell, onNotice: this.events.onNotice });
    this.#hold.signal.addEventListener('abort', () => {
      clearTimeout(slow);
      unwatch();
    });
  }

  #fail(error: TenfoldError, src: string): void {
    this.drop();
    if (error.code === 'offline') {
      const retry = () => void this.load(src).catch(() => {});
      addEventListener('online', retry, { once: true, signal: this.#hold.signal });
    }
    this.events.onFailure(error);
  }
}
