import { INPUT_SIDE } from '../../core/image.js';
import type { Shift } from './shift.js';

/** What is done to an image, in this order, all of it but the shift about the image's centre. */
export interface Placement {
  isFlipped: boolean;
  /** Its new size as a multiple of the old one, above 0. */
  zoom: number;
  /** How far it leans to the right, degrees. */
  shearDegrees: number;
  /** How far it turns counter-clockwise, degrees. */
  rotateDegrees: number;
  shift: Shift;
}

/** Takes a place `(column, row)` of the new image to the place `(xx column + xy row + x, yx column + yy row + y)` of the old. */
export interface Affine {
  xx: number;
  xy: number;
  x: number;
  yx: number;
  yy: number;
  y: number;
}

const CENTRE = (INPUT_SIDE - 1) / 2;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Where each pixel of the new image comes from: the placement's inverse, all its steps in one. */
export function inverseOf({ isFlipped, zoom, shearDegrees, rotateDegrees, shift }: Placement): Affine {
  const cosine = Math.cos(radians(rotateDegrees));
  const sine = Math.sin(radians(rotateDegrees));
  const lean = Math.tan(radians(shearDegrees));
  const across = (isFlipped ? -1 : 1) / zoom;
  const xx = across * (cosine + lean * sine);
  const xy = across * (lean * cosine - sine);
  const yx = sine / zoom;
  const yy = cosine / zoom;
  const [column, row] = [CENTRE + shift.right, CENTRE + shift.down];
  return { xx, xy, x: CENTRE - xx * column - xy * row, yx, yy, y: CENTRE - yx * column - yy * row };
}
