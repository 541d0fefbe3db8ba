/** Decoded pixels, whatever decoded them: 8-bit RGBA rows from the top, alpha not premultiplied. */
export interface RgbaImage {
  width: number;
  height: number;
  /** `width * height * 4` bytes. */
  data: Uint8Array | Uint8ClampedArray;
}

/** One value a pixel, rows from the top: `[height, width]`. */
export interface Plane<Data extends Uint8Array | Float32Array = Uint8Array | Float32Array> {
  width: number;
  height: number;
  data: Data;
}

/** A rectangle of whole pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The side of the model's input, pixels. */
export const INPUT_SIDE = 28;
/** Values of one input: `[1, 28, 28]`. */
export const INPUT_LENGTH = INPUT_SIDE * INPUT_SIDE;
export const CLASS_COUNT = 10;
