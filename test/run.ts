import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

/** What a switch tells the tests, which are processes of their own, by their environment. */
const SWITCHES: Readonly<Record<string, Record<string, string>>> = {
  '--nightly': { TENFOLD_NIGHTLY: '1' },
  '--firefox': { TENFOLD_BROWSER: 'firefox' },
};

/**
 * Runs the compiled tests, all or those whose path contains one of the arguments; with `--nightly` as thoroughly as they
 * can, which takes longer, and one file at a time, since some put the whole machine under load; else a file a core, where Node itself
 * would leave one idle; with `--firefox` those that open a browser in Debian's Firefox. A program of its own because `node --test` takes
 * patterns only from Node 21 on.
 */
const folder = fileURLToPath(new URL('.', import.meta.url));
const given = process.argv.slice(2);
const wanted = given.filter((argument) => !Object.hasOwn(SWITCHES, argument));
for (const argument of given) Object.assign(process.env, SWITCHES[argument]);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(
    (file) =>
      file.endsWith('.test.js') && (wanted.length === 0 || wanted.some((part) => file.includes(part))),
  )
  .map((file) => join(folder, file))
  .sort();

const events = run({
  files,
  concurrency: process.env.TENFOLD_NIGHTLY === undefined ? availableParallelism() : 1,
});
events.on('test:fail', () => {
  process.exitCode = 1;
});
events.compose(new spec()).pipe(process.stdout);
