import { brighten, centre, FIT_SIDE, fit } from './fit.js';
import { type Box, INPUT_LENGTH, type Plane, type RgbaImage } from './image.js';
import { readInPlace } from './in-place.js';
import { FAINTEST_DENSITY, inPicture, type PreprocessStatus, readPage } from './page.js';
import type { Polarity } from './paper.js';
import { widenThinStrokes } from './stroke-width.js';

export interface Preprocessed {
  status: PreprocessStatus;
  /** `[1, 28, 28]`, ink 1.0 on 0.0; zeros unless `ok`. */
  input: Float32Array;
  /** null unless `ok`. */
  polarity: Polarity | null;
  /** The marks that were read, in pixels of the picture; null unless `ok`. */
  box: Box | null;
}

/**
 * One digit's picture to the model's input, by `+ - * /` and integers alone, so that Node and every browser
 * give the same float32 values: luma over white, or a channel where that shows nothing, polarity from the border or from what is
 * around, the paper divided out, ruled lines, frames, underlines, grain and specks removed, fitted to 20x20, centred by mass in 28x28. A picture
 * that has the model's size is read as it lies: an MNIST image passes through as `value / 255`.
 */
export function preprocess(image: RgbaImage): Preprocessed {
  const inPlace = readInPlace(image);
  if (inPlace && inPlace.peak >= FAINTEST_DENSITY) {
    const { input, polarity } = inPlace;
    return {
      status: 'ok',
      input,
      polarity,
      box: { left: 0, top: 0, width: image.width, height: image.height },
    };
  }
  const page = readPage(image);
  if (page.status !== 'ok') return unreadable(page.status);
  const box = inPicture(page.marks.box, page, image);
  return { status: 'ok', input: toInput(page.marks.ink), polarity: page.polarity, box };
}

/** One digit's ink, cut out, to the model's input `[1, 28, 28]`. */
export function toInput(ink: Plane<Float32Array>): Float32Array {
  return centre(brighten(fit(widenThinStrokes(ink, FIT_SIDE))));
}

function unreadable(status: Exclude<PreprocessStatus, 'ok'>): Preprocessed {
  return { status, input: new Float32Array(INPUT_LENGTH), polarity: null, box: null };
}
