import { fileURLToPath } from 'node:url';

/** This program, to be started anew: Node, its own options, and the command line's entry. */
export const PROGRAM: readonly string[] = [
  process.execPath,
  ...process.execArgv,
  fileURLToPath(new URL('../../bin/tenfold.js', import.meta.url)),
];
