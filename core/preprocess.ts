import { INPUT_LENGTH, type RgbaImage } from './image.js';

/** `ok`, or why there is nothing to read: an even page, or marks too faint to tell from it. */
export type PreprocessStatus = 'ok' | 'blank' | 'no-contrast';

export interface Preprocessed {
  status: PreprocessStatus;
  /** `[1, 28, 28]`, ink 1.0 on 0.0; zeros unless `ok`. */
  input: Float32Array;
}

export function preprocess(_image: RgbaImage): Preprocessed {
  return { status: 'blank', input: new Float32Array(INPUT_LENGTH) };
}
