import type { SpecResult } from './run-specs.js';

export interface Judgement {
  passed: number;
  failed: number;
  /** What contradicts the list of exceptions, a line each; none where the run is as it should be. */
  complaints: string[];
}

/** Compares what was run with the list of what is not expected to pass. */
export function judge(
  results: readonly SpecResult[],
  exceptions: Readonly<Record<string, readonly string[]>>,
): Judgement {
  const listed = new Set(Object.values(exceptions).flat());
  const failing = results.filter(({ failures }) => failures.length > 0);
  const failed = new Set(failing.map(({ name }) => name));
  const known = new Set(results.map(({ name }) => name));
  const unlisted = failing
    .filter(({ name }) => !listed.has(name))
    .map(({ name, failures }) => `fails and is not listed: ${name}\n  ${failures.join('\n  ')}`);
  const wrong = [...listed]
    .filter((name) => !failed.has(name))
    .map((name) => `is listed but ${known.has(name) ? 'passes' : 'does not exist'}: ${name}`);
  return {
    passed: results.length - failing.length,
    failed: failing.length,
    complaints: [...unlisted, ...wrong],
  };
}
