import type { Manifest } from '../../core/manifest.js';
import { Pool, type PoolOptions } from '../workers/pool.js';
import type { Done, Work, WorkKind, WorkOptions } from '../workers/work.js';
import { type AnswerCache, cachedModel } from './answer-cache.js';
import { openBundleFolder } from './bundle.js';
import type { LoadedModel } from './models.js';
import { precisionFor, type WantedPrecision } from './precision.js';

export interface ServedModelOptions extends Omit<PoolOptions, 'bundle'> {
  /** Answers that models remember, where they are to. */
  cache?: AnswerCache;
  /** By default `auto`. */
  precision?: WantedPrecision;
}

/** A bundle's workers, and who is using them. */
export class ServedModel implements LoadedModel {
  #users = 0;
  #unused: (() => void)[] = [];
  /** What is lent: the model itself, or as it remembers. */
  readonly #lent: LoadedModel;

  private constructor(
    readonly manifest: Manifest,
    readonly directory: string,
    readonly pool: Pool,
    cache: AnswerCache | undefined,
  ) {
    this.#lent = cache ? cachedModel(this, cache) : this;
  }

  /**
   * Opens a bundle, and answers once all of its workers are warmed up.
   * @throws TenfoldError `not-found` or `corrupt` for the bundle, `unavailable` for the device.
   */
  static async load(
    directory: string,
    { cache, precision = 'auto', ...pool }: ServedModelOptions,
  ): Promise<ServedModel> {
    const bundle = await openBundleFolder(directory, precisionFor(precision, pool.runner?.device ?? 'cpu'));
    return new ServedModel(bundle.manifest, directory, await Pool.start({ ...pool, bundle }), cache);
  }

  get isReady(): boolean {
    return this.pool.isReady;
  }

  run<Kind extends WorkKind>(
    kind: Kind,
    input: Work[Kind]['input'],
    options?: WorkOptions,
  ): Promise<Done<Kind>> {
    return this.pool.run(kind, input, options);
  }

  /** Keeps the workers until the work is done. */
  async lend<Result>(work: (model: LoadedModel) => Promise<Result>): Promise<Result> {
    this.#users++;
    try {
      return await work(this.#lent);
    } finally {
      this.#users--;
      if (this.#users === 0) for (const resolve of this.#unused.splice(0)) resolve();
    }
  }

  /** Ends the workers once nobody uses them. */
  async retire(): Promise<void> {
    if (this.#users > 0) await new Promise<void>((resolve) => this.#unused.push(resolve));
    await this.pool.close();
  }
}
