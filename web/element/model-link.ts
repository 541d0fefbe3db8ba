import type { TenfoldError } from '../../core/errors.js';
import { SharedClassifier } from '../classifier.js';
import type { Answer, Digits, LoadProgress, ModelSummary, Picture } from '../protocol.js';

/** The file beside the element's own script that holds the worker. */
const WORKER_FILE = 'digit-classifier-worker.js';

/** Loading that takes longer than this is called slow, milliseconds. */
const SLOW = 10_000;

export interface ModelLinkEvents {
  onProgress(progress: LoadProgress, isSlow: boolean): void;
  onReady(model: ModelSummary): void;
  onFailure(error: TenfoldError): void;
}

/** An element's hold on the classifier of its bundle: taken when it is first needed, let go when the element leaves. */
export class ModelLink {
  /** The model in use; null until it is ready. */
  model: ModelSummary | null = null;
  /** Why the model did not load, the last time that it did not. */
  failure: TenfoldError | null = null;
  #classifier: SharedClassifier | undefined;

  constructor(private readonly events: ModelLinkEvents) {}

  /** Loads once; after a failure the next call tries again. @throws TenfoldError as `onFailure` is told. */
  async load(src: string): Promise<ModelSummary> {
    if (this.#classifier) return this.#classifier.ready;
    const classifier = SharedClassifier.acquire(src, new URL(WORKER_FILE, import.meta.url).href);
    this.#classifier = classifier;
    const started = performance.now();
    const tell = () => this.events.onProgress(classifier.progress, performance.now() - started > SLOW);
    tell();
    const slow = setTimeout(tell, SLOW + 1);
    const unwatch = classifier.watch(tell);
    try {
      const model = await classifier.ready;
      if (this.#classifier === classifier) {
        this.model = model;
        this.events.onReady(model);
      }
      return model;
    } catch (error) {
      if (this.#classifier === classifier) {
        this.failure = error as TenfoldError;
        this.drop();
        this.events.onFailure(this.failure);
      }
      throw error;
    } finally {
      clearTimeout(slow);
      unwatch();
    }
  }

  /** To be called while the model is there. @throws TenfoldError */
  classify(picture: Picture, digits: Digits): Promise<Answer> {
    return this.#classifier!.classify(picture, digits);
  }

  drop(): void {
    this.#classifier?.release();
    this.#classifier = undefined;
    this.model = null;
  }
}
