import { unmet } from '../../core/errors.js';
import { changesBetween } from '../../core/nearest.js';
import { NAMES, SETTINGS } from './settings.js';

const PREFIX = 'TENFOLD_';
const VARIABLES: ReadonlySet<string> = new Set(NAMES.map((name) => SETTINGS[name].variable));

/** What Kubernetes and Docker set for services whose names begin with ours; the values of others say that they are addresses. */
const OF_SERVICE =
  /^TENFOLD_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
const ADDRESS = /^(tcp|udp|sctp):\/\//;
/** What a sweep sets for its trainings, and what tests are told by. */
const OF_OTHERS = /^TENFOLD_(WATCHED|NIGHTLY|BROWSER|PYTHON|KILL_SEED|FAULTS_\w+|TEST_\w+)$/;

/**
 * Refuses variables that look like settings and are none: whoever means to set keys by a name that does not exist would have a service that
 * is open to all.
 * @throws TenfoldError `bad-usage` by the variable's name and the nearest that is one.
 */
export function checkVariables(env: Readonly<Record<string, string | undefined>>): void {
  const unknown = Object.keys(env).find(
    (name) =>
      name.startsWith(PREFIX) &&
      !VARIABLES.has(name) &&
      !OF_SERVICE.test(name) &&
      !OF_OTHERS.test(name) &&
      !ADDRESS.test(env[name] ?? ''),
  );
  if (unknown === undefined) return;
  const { flag, variable } = nearest(unknown);
  throw unmet({
    code: 'bad-usage',
    what: 'the environment',
    expected: `no ${PREFIX} variables but those of settings`,
    got: unknown,
    advice: `Did you mean ${variable}, the variable of --${flag}? docs/service.md has all; unset what is none.`,
  });
}

/** The setting whose variable, or flag written as one, takes the fewest changes to be it. */
function nearest(unknown: string): { flag: string; variable: string } {
  const settings = NAMES.map((name) => {
    const { flag, variable } = SETTINGS[name];
    const byFlag = PREFIX + flag.toUpperCase().replaceAll('-', '_');
    return {
      flag,
      variable,
      changes: Math.min(changesBetween(unknown, variable), changesBetween(unknown, byFlag)),
    };
  });
  return settings.reduce((best, setting) => (setting.changes < best.changes ? setting : best));
}
