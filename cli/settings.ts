import { unmet } from '../core/errors.js';
import { keyOf } from '../train/sweeps/plan.js';

/**
 * Holds settings, `key=value` each, to different keys.
 * @returns the settings
 * @throws TenfoldError `bad-usage` where a key comes twice
 */
export function eachOnce(settings: readonly string[]): readonly string[] {
  const again = settings.find(
    (setting, at) => settings.findIndex((one) => keyOf(one) === keyOf(setting)) < at,
  );
  if (again === undefined) return settings;
  throw unmet({
    code: 'bad-usage',
    what: 'the settings',
    expected: 'each once',
    got: settings.filter((setting) => keyOf(setting) === keyOf(again)).join(' and '),
    advice: 'Leave all but one out.',
  });
}
