import { INPUT_SIDE } from '../../core/image.js';
import { type Band, bandOf } from './both-ways.js';

/**
 * The weight of each of `from` pixels in each of `to`: a triangle about the pixel's centre, as wide as the larger of the two
 * pixels on either side. This is Pillow's bilinear filter, which is antialiased, and so torchvision's `Resize`.
 */
function triangles(from: number, to: number): number[][] {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, index) => {
    const centre = (index + 0.5) * scale;
    const weights = Array.from({ length: from }, (_, source) =>
      Math.max(0, 1 - Math.abs(source + 0.5 - centre) / reach),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  });
}

/** What makes the sides of an image `side` pixels long, and 28 again. */
export function resizeBand(side: number): Band {
  const smaller = triangles(INPUT_SIDE, side);
  const larger = triangles(side, INPUT_SIDE);
  return bandOf((row, column) =>
    smaller.reduce((sum, weights, index) => sum + larger[row]![index]! * weights[column]!, 0),
  );
}
