import type { Manifest } from '../../core/manifest.js';
import type { PoolLoad } from '../workers/pool.js';
import type { Done, Work, WorkKind, WorkOptions } from '../workers/work.js';
import type { Statistics } from './statistics.js';

/** One version of a model that answers. */
export interface LoadedModel {
  readonly manifest: Manifest;
  /** The folder of its bundle. */
  readonly directory: string;
  /** Whether a request would be answered without waiting for a worker's start. */
  readonly isReady: boolean;
  /**
   * Pictures and tensors are read once their turn has come: keep them as they are until the answer.
   * @throws TenfoldError `unavailable` where no answer can be had now, or not within the time that requests may wait.
   */
  run<Kind extends WorkKind>(
    kind: Kind,
    input: Work[Kind]['input'],
    options?: WorkOptions,
  ): Promise<Done<Kind>>;
}

/** Which model a request wants: neither means the default. */
export interface Wanted {
  name?: string;
  version?: string;
}

export type ModelState = 'loading' | 'ready' | 'unloading' | 'unavailable';

/** A line of the list of models. */
export interface ModelStatus {
  name: string;
  version: string;
  state: ModelState;
  /** Why it is not ready; empty where it is. */
  reason: string;
}

/** The models that are served side by side. */
export interface Models {
  /** Whether the default model answers. */
  readonly isReady: boolean;
  /** What answers who names no model, canaries left out. */
  readonly default: LoadedModel;
  /** What each version has done since the start. */
  readonly statistics: Statistics;
  /** How much each loaded version has to do. */
  readonly loads: { model: { name: string; version: string }; load: PoolLoad }[];
  /**
   * Works with a model that stays loaded meanwhile, whoever unloads or replaces it.
   * @throws TenfoldError `not-found` where no such model is loaded.
   */
  use<Result>(wanted: Wanted, work: (model: LoadedModel) => Promise<Result>): Promise<Result>;
  /** Every version that is loaded, being loaded, or can be. */
  list(): Promise<ModelStatus[]>;
  /**
   * Loads all versions of a model that the folders hold, anew where they are loaded: requests go to the old ones until the new answer.
   * @throws TenfoldError `not-found` where no folder holds it, or a file of a bundle that is loaded is gone; `corrupt` where a bundle does
   * not hold; `bad-usage` where it is the default and its folder holds another model; what was loaded stays.
   */
  load(name: string): Promise<void>;
  /**
   * Answers what is under way, then lets go of all versions of a model.
   * @throws TenfoldError `not-found` where it is not loaded, `bad-usage` where it is the default.
   */
  unload(name: string): Promise<void>;
}
