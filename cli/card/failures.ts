import type { Outcome } from '../../train/suites/run.js';

/** The first samples of each suite that came out wrong, and how many there were. */
export class Failures {
  private readonly found = new Map<string, { first: Outcome[]; count: number }>();

  /** @param most kept of each suite: a picture may take a megabyte */
  constructor(private readonly most: number) {}

  add(suite: string, outcome: Outcome): void {
    if (outcome.isRight) return;
    const entry = this.found.get(suite) ?? { first: [], count: 0 };
    if (entry.first.length < this.most) entry.first.push(outcome);
    entry.count++;
    this.found.set(suite, entry);
  }

  of(suite: string): { first: readonly Outcome[]; count: number } {
    return this.found.get(suite) ?? { first: [], count: 0 };
  }
}
