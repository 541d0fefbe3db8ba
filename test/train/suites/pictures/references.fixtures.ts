/** MNIST's test digit 61, an 8. */
export const DIGIT = 61;

/** Places between the digit's pixels: column 6 + 7.3 n modulo 16, row 4 + 5.9 n modulo 20, so many. */
export const placeOf = (n: number): readonly [number, number] => [6 + ((n * 7.3) % 16), 4 + ((n * 5.9) % 20)];

/** From scipy 1.17.1: ndimage.map_coordinates(digit / 255, places, order=3, prefilter=False), zeros about the digit. */
export const SPLINE: readonly number[] = [
  0.0, 0.02499, 4e-5, 0.28664, 0.61639, 0.24945, 0.01196, 4e-5, 0.02001, 0.86778, 0.0, 0.0, 0.96732, 0.0,
  0.7845, 0.93497, 0.33508, 0.00365, 0.69319, 0.2568, 0.09597, 0.48667, 0.0, 0.95846, 0.15531, 0.37339, 0.0,
  0.0, 0.0272, 0.20987, 0.0037, 0.00966, 0.23637, 0.97792, 0.13409, 0.96058, 0.72282, 0.0, 0.94529, 0.53402,
  0.88148, 0.65419, 0.08672, 0.88304, 0.0, 0.01113, 0.0, 0.49143, 0.86269, 0.82843, 0.0, 0.00172, 0.03894,
  0.83923, 5e-5, 0.00779, 0.91699, 0.65004, 0.9033, 0.90021,
];

/** `[84, 84]` bits, packed from the highest down, deflated, as base64. */
export const SIDE = 84;

/** The digit at three times its size, above half, from scipy's zoom(order=1). */
export const MASK =
  'eNrVUbERxCAM8x8FJSNkFEYzozEKI1BS5NAbbJMvfoHQwMmyJRmiV540/BWA254MdH1dAJqXgeJlo6YFVitTmlqWK+/+CKIPNrimpA2m1WpgOWB/mEv2gOFhss4c' +
  'S1aFqvRsd0EkWS1dTUwXmxQthzR5OK5eDne0bCumBSZg+mo8r6hoyM3sZ1/z2Vw9xJ8dGpjPyAsj+zZnmN5C3Ey6RJi0GO4GUlamuGUzzGCbGc4P7L8aHgI4jtxH' +
  'xB/vLz5fJ9aU5w==';

/** Its skeleton, from scikit-image 0.26.0's skeletonize. */
export const SKELETON =
  'eNrdkLENwzAMBJ+yAKsIYJXpohEygkbJCCnT2aN5FI/hIkDCmOTXqU2AwOPMJ/UGTlnTZ3M1QlZTw4LBYQcupop2O5RoJ4ONMPsHrUW70vM/TDx5tO0sPOQe4cmf' +
  '1R+nm0ZX2daa6e4qcRAtoiFFXt3U+EPeVLVzMoeSlXAjfCLgFZkXCTthiacnQcBb5eTEuBpNwGgP2l8B5x2nry/+lxFU';
