import type { BundleSource } from '../../core/bundle.js';
import { type Manifest, MODEL_CARD_FILE } from '../../core/manifest.js';
import { areOf, readFigures } from '../figures-file.js';
import { measuredCard } from './measured-card.js';
import { PRECISIONS_TITLE, precisionsSection } from './precisions-section.js';

/** Before which the section of a short card stands. */
const NEXT_TITLE = '## Input and outputs';

/**
 * A bundle's model card as it has to be now that its variants are others: made of its figures where it was measured, else the one
 * that it has with another section about precisions.
 */
export async function cardOf(manifest: Manifest, source: BundleSource): Promise<string> {
  const figures = await readFigures(source, manifest);
  if (figures && areOf(figures, manifest)) return measuredCard(manifest, figures);
  const card = await source.readText(MODEL_CARD_FILE);
  const next = card.indexOf(NEXT_TITLE);
  // Somebody's own: what they wrote stays as it is.
  if (next < 0) return card;
  const earlier = card.indexOf(PRECISIONS_TITLE);
  const before = card.slice(0, earlier < 0 ? next : earlier);
  return `${before}${precisionsSection(manifest).join('\n\n')}\n\n${card.slice(next)}`;
}
