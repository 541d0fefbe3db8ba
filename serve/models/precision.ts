import { type Manifest, PRECISIONS, type Precision } from '../../core/manifest.js';
import { smallestAsGood } from '../../core/precision.js';
import type { Device } from '../workers/runner.js';

export const WANTED_PRECISIONS = ['auto', ...PRECISIONS] as const;
/** Which of a bundle's graphs answers; `auto` leaves it to figures and device. */
export type WantedPrecision = (typeof WANTED_PRECISIONS)[number];

/**
 * `auto` is on a cpu what the element loads, so that both give the same answers: of the default model integers, which take half of the
 * time or less. On other devices it is `model.onnx`, for which they have kernels.
 */
export const precisionFor =
  (wanted: WantedPrecision, device: Device) =>
  (manifest: Manifest): Precision => {
    if (wanted !== 'auto') return wanted;
    return device === 'cpu' ? smallestAsGood(manifest) : 'fp32';
  };
