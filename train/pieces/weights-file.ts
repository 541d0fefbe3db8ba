import type { StoredScorer } from '../../core/stored-scorer.js';

/** The TypeScript module that exports a scorer. */
export const weightsModule = (stored: StoredScorer): string =>
  [
    "import type { StoredScorer } from './stored-scorer.js';",
    '',
    '/** Written by `tenfold fit-pieces`, from the readings of the bundle that it names. */',
    `export const PIECE_WEIGHTS: StoredScorer = ${JSON.stringify(stored, null, 2)};`,
    '',
  ].join('\n');
