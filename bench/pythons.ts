import { spawnSync } from 'node:child_process';
import { unmet } from '../core/errors.js';

/** `python3` may be a version manager's or a virtual environment's, without Debian's packages. */
const USUAL = ['python3', '/usr/bin/python3'];

/** Prints where the first of the modules lies: two names of one Python, or of one installation, are one. */
const locate = ([first, ...others]: readonly string[]) =>
  [`import ${first}`, ...others.map((name) => `import ${name}`), `print(${first}.__file__)`].join('; ');

/**
 * Every Python that has the modules, each once: those named first, then the usual ones.
 * @throws TenfoldError `unavailable` where one that was named lacks one of them.
 */
export function findPythons(named: readonly string[], modules: readonly string[]): string[] {
  const byPlace = new Map<string, string>();
  for (const python of [...named, ...USUAL]) {
    const { status, stdout } = spawnSync(python, ['-c', locate(modules)], { encoding: 'utf8' });
    if (status === 0) {
      if (!byPlace.has(stdout)) byPlace.set(stdout, python);
    } else if (named.includes(python)) {
      throw unmet({
        code: 'unavailable',
        what: '--python',
        expected: `a Python that can import ${modules.join(' and ')}`,
        got: python,
        advice: `\`${python} -m pip install ${modules.join(' ')}\` installs what is missing.`,
      });
    }
  }
  return [...byPlace.values()];
}
