import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { type Corruption, eitherSign } from './corruption.js';

/** Takes a place `(column, row)` of the new picture to one of the old: `[[xx, xy], [yx, yy]]` and a shift. */
interface Inverse {
  xx: number;
  xy: number;
  yx: number;
  yy: number;
  x: number;
  y: number;
}

const CENTRE = (INPUT_SIDE - 1) / 2;

/** The map that leaves the picture's centre where it is. */
const aboutCentre = (xx: number, xy: number, yx: number, yy: number): Inverse => ({
  ...{ xx, xy, yx, yy },
  x: CENTRE * (1 - xx - xy),
  y: CENTRE * (1 - yx - yy),
});

/** scikit-image's `warp`: bilinear, 0 outside of the picture. */
function warp(image: Float64Array, { xx, xy, yx, yy, x, y }: Inverse): Float64Array {
  const warped = new Float64Array(INPUT_LENGTH);
  const valueAt = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= INPUT_SIDE || row >= INPUT_SIDE
      ? 0
      : image[row * INPUT_SIDE + column]!;
  for (let row = 0; row < INPUT_SIDE; row++) {
    for (let column = 0; column < INPUT_SIDE; column++) {
      const fromColumn = xx * column + xy * row + x;
      const fromRow = yx * column + yy * row + y;
      const left = Math.floor(fromColumn);
      const top = Math.floor(fromRow);
      const right = fromColumn - left;
      const down = fromRow - top;
      const upper = (1 - right) * valueAt(left, top) + right * valueAt(left + 1, top);
      const lower = (1 - right) * valueAt(left, top + 1) + right * valueAt(left + 1, top + 1);
      warped[row * INPUT_SIDE + column] = (1 - down) * upper + down * lower;
    }
  }
  return warped;
}

/** Severities 2, 2, 3 and 3. */
const SHEAR_RADIANS = 0.4;
const ROTATE_RADIANS = 0.4;
const SIZE = 0.7;
const TRANSLATE_PIXELS = 3;

/** A shear as scikit-image 0.14 had it: the rows are squeezed by the cosine of its angle, too. */
export const shear: Corruption = {
  summary: `sheared by ${SHEAR_RADIANS} radians to either side`,
  corrupt(digit, random) {
    const angle = SHEAR_RADIANS * eitherSign(random);
    return warp(digit, aboutCentre(1, -Math.sin(angle), 0, Math.cos(angle)));
  },
};

export const scale: Corruption = {
  summary: `${100 * SIZE}% of its size`,
  corrupt: (digit) => warp(digit, aboutCentre(1 / SIZE, 0, 0, 1 / SIZE)),
};

export const rotate: Corruption = {
  summary: `rotated by ${ROTATE_RADIANS} radians to either side`,
  corrupt(digit, random) {
    const angle = ROTATE_RADIANS * eitherSign(random);
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    return warp(digit, aboutCentre(cosine, -sine, sine, cosine));
  },
};

export const translate: Corruption = {
  summary: `${TRANSLATE_PIXELS} pixels left or right, and ${TRANSLATE_PIXELS} up or down`,
  corrupt(digit, random) {
    const x = TRANSLATE_PIXELS * eitherSign(random);
    const y = TRANSLATE_PIXELS * eitherSign(random);
    return warp(digit, { xx: 1, xy: 0, yx: 0, yy: 1, x, y });
  },
};
