import { fileURLToPath } from 'node:url';

/** Where runs and bundles go by default, below the folder that the command runs in. */
export const RUNS_FOLDER = 'runs';
export const BUNDLES_FOLDER = 'bundles';
export const REPORT_FOLDER = 'report';
export const EXPERIMENTS_FILE = 'EXPERIMENTS.md';
export const EXPERIMENTS_FOLDER = 'docs/experiments';

/** The page as `npm run build` made it. */
export const SITE_FOLDER = fileURLToPath(new URL('../web/site', import.meta.url));

/** What `fit-pieces` writes, in a checkout. */
export const PIECE_WEIGHTS_FILE = fileURLToPath(new URL('../../core/piece-weights.ts', import.meta.url));
