import type { ModelName } from '../observer.js';

/** A model's labels in metrics. */
export type ModelLabels = { model: string; version: string };

/** Versions with labels of their own; a service that loads ever new ones must not grow without end. */
export const MOST_LABELLED_MODELS = 100;
const OTHERS: ModelLabels = { model: 'other', version: 'other' };

/** One entry for each version of a model; those beyond {@link MOST_LABELLED_MODELS} share the last. */
export class ByModel<Entry> {
  readonly #entries = new Map<string, Map<string, Entry>>();
  readonly #labelled: { labels: ModelLabels; entry: Entry }[] = [];
  #others: Entry | undefined;

  constructor(readonly create: (labels: ModelLabels) => Entry) {}

  of({ name, version }: ModelName): Entry {
    return this.#entries.get(name)?.get(version) ?? this.#add(name, version);
  }

  [Symbol.iterator](): Iterator<{ labels: ModelLabels; entry: Entry }> {
    return this.#labelled[Symbol.iterator]();
  }

  #add(name: string, version: string): Entry {
    if (this.#labelled.length >= MOST_LABELLED_MODELS) {
      this.#others ??= this.#label(OTHERS);
      return this.#others;
    }
    const entry = this.#label({ model: name, version });
    const versions = this.#entries.get(name) ?? new Map<string, Entry>();
    this.#entries.set(name, versions.set(version, entry));
    return entry;
  }

  #label(labels: ModelLabels): Entry {
    const entry = this.create(labels);
    this.#labelled.push({ labels, entry });
    return entry;
  }
}
