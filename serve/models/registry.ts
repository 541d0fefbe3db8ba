import { resolve } from 'node:path';
import { describe, unmet } from '../../core/errors.js';
import { observers } from '../observer.js';
import { closed } from '../workers/pool.js';
import { type BundleFolder, checkRepository, repositoryFolders, surveyFolders } from './bundle-folders.js';
import type { LoadedModel, ModelStatus, Models, Wanted } from './models.js';
import { ServedModel, type ServedModelOptions } from './served-model.js';
import { Statistics } from './statistics.js';

export interface RegistryOptions {
  /** Folders of the bundles that are loaded at the start; the first is the default. */
  bundles: readonly string[];
  /** Bundles that answer a share, 0 to 1, of the requests that ask for their model and for no version of it. */
  canaries?: readonly { directory: string; share: number }[];
  /** A folder whose subfolders hold bundles that {@link Registry.load} finds. */
  repository?: string;
  /** Of each model's workers. */
  pool: ServedModelOptions;
  /** Uniform from 0 up to 1; chooses the canaries' requests. */
  random?: () => number;
}

/** Models side by side, several versions each, loaded and let go of while others answer. */
export class Registry implements Models {
  readonly statistics = new Statistics();
  readonly #options: RegistryOptions;
  /** In the order of their folders; of versions of one model the first answers who names none. */
  #models: ServedModel[] = [];
  readonly #loading = new Set<string>();
  readonly #retiring = new Set<ServedModel>();
  /** Changes are made one after another. */
  #changes: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(options: RegistryOptions) {
    const { bundles, canaries = [], repository, pool } = options;
    const observer = observers([this.statistics, ...(pool.observer ? [pool.observer] : [])]);
    this.#options = {
      ...options,
      // One folder is one text, however it was written.
      bundles: bundles.map((directory) => resolve(directory)),
      canaries: canaries.map(({ directory, share }) => ({ directory: resolve(directory), share })),
      ...(repository !== undefined && { repository: resolve(repository) }),
      pool: { ...pool, observer },
    };
  }

  /**
   * Loads all bundles and canaries.
   * @throws TenfoldError `not-found` or `corrupt` for a bundle, `bad-usage` for the repository or a canary of another model, `unavailable` for
   * the device; nothing stays loaded.
   */
  static async start(options: RegistryOptions): Promise<Registry> {
    if (options.repository !== undefined) await checkRepository(options.repository);
    const registry = new Registry(options);
    registry.#models = await registry.#loadStart();
    return registry;
  }

  get isReady(): boolean {
    return !this.#isClosed && this.#default.isReady;
  }

  get loads(): Models['loads'] {
    return this.#models.map(({ manifest: { name, version }, pool: { load } }) => ({
      model: { name, version },
      load,
    }));
  }

  get default(): LoadedModel {
    return this.#default;
  }

  use<Result>(wanted: Wanted, work: (model: LoadedModel) => Promise<Result>): Promise<Result> {
    const model = this.#find(wanted);
    if (model === undefined) return Promise.reject(this.#missing(wanted));
    return model.lend(work);
  }

  async list(): Promise<ModelStatus[]> {
    const held = [...this.#models, ...this.#retiring];
    const loaded = new Set(held.map(({ directory }) => directory));
    const status = ({ manifest: { name, version } }: ServedModel, state: ModelStatus['state']) => ({
      name,
      version,
      state,
      reason: state === 'ready' ? '' : state,
    });
    const { found, broken } = await this.#survey();
    // One that was loaded anew is what answers by now.
    const ending = [...this.#retiring].filter((old) => !this.#models.some((model) => isSame(model, old)));
    return [
      ...this.#models.map((model) => status(model, model.isReady ? 'ready' : 'loading')),
      ...ending.map((model) => status(model, 'unloading')),
      ...found
        .filter(({ directory }) => !loaded.has(directory))
        .map(({ name, version }) => {
          const isLoading = this.#loading.has(name);
          const state = isLoading ? ('loading' as const) : ('unavailable' as const);
          return { name, version, state, reason: isLoading ? state : 'unloaded' };
        }),
      ...broken
        .filter(({ directory }) => !loaded.has(directory))
        .map(({ error }) => ({
          name: '',
          version: '',
          state: 'unavailable' as const,
          reason: error.message,
        })),
    ];
  }

  load(name: string): Promise<void> {
    return this.#change(async () => {
      const all = await this.#folders();
      const { found, broken } = await surveyFolders(all);
      const folders = found.filter((folder) => folder.name === name).map(({ directory }) => directory);
      const loaded = this.#models.filter(({ manifest }) => manifest.name === name);
      const damaged = broken.find((folder) => loaded.some(({ directory }) => directory === folder.directory));
      if (damaged !== undefined) throw damaged.error;
      if (folders.length === 0) throw this.#missing({ name }, 'one of the bundles in its folders');
      // What answers those who name no model is let go of for its own folder's bundle alone.
      if (loaded.includes(this.#default) && !folders.includes(this.#default.directory)) {
        throw otherModel(name, this.#default.directory);
      }
      this.#loading.add(name);
      try {
        const fresh = await this.#loadAll(folders);
        // A folder whose bundle became another model's is taken over whole.
        this.#replace((old) => old.manifest.name === name || folders.includes(old.directory), fresh, all);
      } finally {
        this.#loading.delete(name);
      }
    });
  }

  /**
   * Loads anew what was named at the start, as its folders are now.
   * @throws TenfoldError as {@link Registry.start} does; what was loaded then stays.
   */
  reload(): Promise<void> {
    return this.#change(async () => {
      const folders = this.#startFolders;
      const fresh = await this.#loadStart();
      this.#replace(({ directory }) => folders.includes(directory), fresh);
    });
  }

  unload(name: string): Promise<void> {
    return this.#change(async () => {
      const gone = this.#models.filter(({ manifest }) => manifest.name === name);
      if (gone.length === 0) throw this.#missing({ name });
      if (gone.includes(this.#default)) {
        throw unmet({
          code: 'bad-usage',
          what: 'the model to unload',
          expected: 'one beside the default',
          got: describe(name),
          advice:
            'The default model stays for those who name none; end the service, or load another version.',
        });
      }
      await this.#replace((model) => gone.includes(model), []);
    });
  }

  /** Answers what is under way, then ends all workers. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#changes.catch(() => {});
    await Promise.all([...this.#models, ...this.#retiring].map((model) => model.retire()));
  }

  get #default(): ServedModel {
    return this.#models[0]!;
  }

  get #startFolders(): string[] {
    const { bundles, canaries = [] } = this.#options;
    return [...bundles, ...canaries.map(({ directory }) => directory)];
  }

  async #folders(): Promise<string[]> {
    const { repository } = this.#options;
    const more = repository === undefined ? [] : await repositoryFolders(repository);
    return [...new Set([...this.#startFolders, ...more])];
  }

  /** What the folders hold; that the repository is gone is told beside what is in the others. */
  async #survey(): ReturnType<typeof surveyFolders> {
    const { repository } = this.#options;
    try {
      return await surveyFolders(await this.#folders());
    } catch (error) {
      const { found, broken } = await surveyFolders(this.#startFolders);
      return { found, broken: [...broken, { directory: repository!, error: error as Error }] };
    }
  }

  #find({ name = this.#default.manifest.name, version }: Wanted): ServedModel | undefined {
    const versions = this.#models.filter(({ manifest }) => manifest.name === name);
    if (version !== undefined) return versions.find(({ manifest }) => manifest.version === version);
    return this.#canaryOf(versions) ?? versions[0];
  }

  /** The version of a model that stands in for its first this time; undefined where none does. */
  #canaryOf(versions: readonly ServedModel[]): ServedModel | undefined {
    const { canaries = [], random = Math.random } = this.#options;
    let left = random();
    for (const { directory, share } of canaries) {
      const canary = versions.find((model) => model.directory === directory);
      if (canary === undefined) continue;
      if (left < share) return canary;
      left -= share;
    }
    return undefined;
  }

  /** Loads what was named at the start; a canary of a model that no bundle has would answer nobody who names none. */
  async #loadStart(): Promise<ServedModel[]> {
    const { bundles, canaries = [] } = this.#options;
    const [main, standIns] = await Promise.all(
      [bundles, canaries.map(({ directory }) => directory)].map((folders) => surveyFolders(folders)),
    );
    const names = main!.found.map(({ name }) => name);
    const other = standIns!.found.find(({ name }) => !names.includes(name));
    // What cannot be read is told of when it is loaded.
    if (other !== undefined && main!.broken.length === 0) throw foreignCanary(other, names);
    return this.#loadAll(this.#startFolders);
  }

  async #loadAll(folders: readonly string[]): Promise<ServedModel[]> {
    const loaded: ServedModel[] = [];
    try {
      // In turn: each start has the cores to itself, and one that fails costs the least.
      for (const folder of folders) loaded.push(await ServedModel.load(folder, this.#options.pool));
      const names = loaded.map(({ manifest: { name, version } }) => `${name} ${version}`);
      const twice = names.find((name, place) => names.indexOf(name) !== place);
      if (twice !== undefined) throw duplicated(twice);
      return loaded;
    } catch (error) {
      await Promise.all(loaded.map((model) => model.retire()));
      throw error;
    }
  }

  /**
   * Takes the new ones in, in the order of the folders, and lets go of the others once nobody uses them. What is of other folders comes
   * behind, in the order that it had.
   */
  #replace(
    isOld: (model: ServedModel) => boolean,
    fresh: readonly ServedModel[],
    folders: readonly string[] = this.#startFolders,
  ): Promise<void> {
    const old = this.#models.filter(isOld);
    const places = new Map(folders.map((directory, place) => [directory, place]));
    const place = ({ directory }: ServedModel) => places.get(directory) ?? places.size;
    const kept = this.#models.filter((model) => !isOld(model));
    this.#models = [...kept, ...fresh].sort((a, b) => place(a) - place(b));
    const retired = old.map(async (model) => {
      this.#retiring.add(model);
      await model.retire();
      this.#retiring.delete(model);
    });
    return Promise.all(retired).then(() => {});
  }

  #change(make: () => Promise<void>): Promise<void> {
    const change = this.#changes
      .catch(() => {})
      .then(() => {
        // Nobody would end what is loaded after the end.
        if (this.#isClosed) throw closed();
        return make();
      });
    this.#changes = change;
    return change;
  }

  #missing({ name, version }: Wanted, expected?: string): Error {
    const has = this.#models.map(({ manifest }) => `${manifest.name} ${manifest.version}`).join(', ');
    return unmet({
      code: 'not-found',
      what: 'the model',
      expected: expected ?? `one of ${has}`,
      got: [name ?? this.#default.manifest.name, version].filter((part) => part !== undefined).join(' '),
      advice: 'POST /v2/repository/index lists the models.',
    });
  }
}

const isSame = ({ manifest: one }: ServedModel, { manifest: other }: ServedModel): boolean =>
  one.name === other.name && one.version === other.version;

const otherModel = (name: string, directory: string): Error =>
  unmet({
    code: 'bad-usage',
    what: directory,
    expected: `a bundle of ${name}`,
    got: 'one of another model',
    advice: 'The default model is of this folder: put its bundle back, or load the other by its name.',
  });

const foreignCanary = ({ directory, name }: BundleFolder, names: readonly string[]): Error =>
  unmet({
    code: 'bad-usage',
    what: `the canary ${directory}`,
    expected: `a version of ${[...new Set(names)].join(' or ')}`,
    got: `one of ${name}`,
    advice:
      'Its manifest names its model, as the recipe did: give a version of a --bundle, or this one by --bundle.',
  });

const duplicated = (name: string): Error =>
  unmet({
    code: 'bad-usage',
    what: 'the bundles',
    expected: 'each version of a model once',
    got: `${name} twice`,
    advice: 'Leave one of them out.',
  });
