/** The least and the largest value of an image, several times as fast as `Math.min(...image)`. */
export function extremesOf(image: Float32Array): { least: number; most: number } {
  let [least, most] = [image[0]!, image[0]!];
  for (const value of image) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}
