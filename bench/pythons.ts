import { spawnSync } from 'node:child_process';
import { unmet } from '../core/errors.js';

/** `python3` may be a version manager's or a virtual environment's, without Debian's packages. */
const USUAL = ['python3', '/usr/bin/python3'];

/** Prints where PyTorch lies: two names of one Python, or of one installation, are one. */
const LOCATE = 'import torch; print(torch.__file__)';

/**
 * Every Python that has a PyTorch of its own: those named first, then the usual ones.
 * @throws TenfoldError `unavailable` where one that was named has none.
 */
export function findPythons(named: readonly string[]): string[] {
  const byPlace = new Map<string, string>();
  for (const python of [...named, ...USUAL]) {
    const { status, stdout } = spawnSync(python, ['-c', LOCATE], { encoding: 'utf8' });
    if (status === 0) {
      if (!byPlace.has(stdout)) byPlace.set(stdout, python);
    } else if (named.includes(python)) {
      throw unmet({
        code: 'unavailable',
        what: '--python',
        expected: 'a Python that can import torch',
        got: python,
        advice: `\`${python} -m pip install torch\` installs it.`,
      });
    }
  }
  return [...byPlace.values()];
}
