import type { BundleSource } from '../core/bundle.js';
import { checkFigures, FIGURES_FILE, type Figures } from '../core/figures.js';
import { parseJson } from '../core/json.js';
import { type Manifest, MODEL_FILE } from '../core/manifest.js';

/**
 * Reads what a bundle was measured at; null where its manifest knows of no figures.
 * @throws TenfoldError `not-found` where the file is gone, `corrupt` where it is not what it should be
 */
export async function readFigures(source: BundleSource, { files }: Manifest): Promise<Figures | null> {
  if (!(FIGURES_FILE in files)) return null;
  const place = `${source.location}/${FIGURES_FILE}`;
  const parsed = parseJson(
    await source.readText(FIGURES_FILE),
    place,
    'corrupt',
    'Measure the bundle again by tenfold card.',
  );
  return checkFigures(parsed, place);
}

/** Whether the figures are of the bundle's model. */
export const areOf = ({ model }: Figures, { files }: Manifest): boolean =>
  model === files[MODEL_FILE]!.sha256;
