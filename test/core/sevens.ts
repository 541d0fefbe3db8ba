import assert from 'node:assert/strict';
import type { RgbaImage } from '../../core/image.js';
import { preprocess } from '../../core/preprocess.js';
import { draw, overlap, seven } from './pictures.js';

/** The reference: a seven as a pen of 10% of its height draws it, on an even page. */
export const drawnSeven = preprocess(draw({ width: 300, height: 300, shape: seven(100, 60, 180, 18) })).input;

/** The picture holds a seven, of which at least that share of the ink is where the reference has it, 0 to 1. */
export function readsAsSeven(image: RgbaImage, least: number): void {
  const { status, input } = preprocess(image);
  assert.equal(status, 'ok');
  const common = overlap(input, drawnSeven);
  assert.ok(common >= least, `only ${(100 * common).toFixed(1)}% of the ink in common`);
}
