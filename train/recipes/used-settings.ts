import { OPTIMIZERS } from '../optimizers.js';
import { SCHEDULES } from '../schedules.js';
import type { TrainingSettings } from './recipe.js';

const usedBySome = (uses: readonly (readonly string[])[]) => new Set(uses.flat());
const OF_OPTIMIZERS = usedBySome(Object.values(OPTIMIZERS).map(({ defaults }) => Object.keys(defaults)));
const OF_SCHEDULES = usedBySome(Object.values(SCHEDULES).map(({ uses }) => uses));

/** Why a setting plays no part in a training, or undefined where it plays one. */
export function whyUnused(
  key: string,
  { optimizer, schedule }: Pick<TrainingSettings, 'optimizer' | 'schedule'>,
): string | undefined {
  if (OF_OPTIMIZERS.has(key) && !(key in OPTIMIZERS[optimizer].defaults)) return `not used by ${optimizer}`;
  const { uses }: { uses: readonly string[] } = SCHEDULES[schedule];
  if (OF_SCHEDULES.has(key) && !uses.includes(key)) return `not used by the ${schedule} schedule`;
  return undefined;
}

/**
 * Gives the settings that the optimiser uses and the recipe's own one does not that optimiser's defaults: RMSprop and
 * Adadelta share `rho`, but not its usual value.
 * @param given the settings that were named, which stay as they are
 */
export function adoptDefaults(
  training: TrainingSettings,
  before: TrainingSettings['optimizer'],
  given: ReadonlySet<string>,
): void {
  const usedBefore = OPTIMIZERS[before].defaults;
  const adopted = Object.entries(OPTIMIZERS[training.optimizer].defaults).filter(
    ([key]) => !(key in usedBefore) && !given.has(key),
  );
  Object.assign(training, Object.fromEntries(adopted));
}
