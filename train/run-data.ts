import { createHash } from 'node:crypto';
import { unmet } from '../core/errors.js';
import type { Mnist } from './dataset/mnist.js';
import type { ResolvedRecipe } from './recipes/resolve.js';

/** {@link hashOfData} of MNIST as it is bundled. */
export const MNIST_SHA256 = '06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16';

/** SHA-256 of the images and labels of both sets, in hexadecimal: of the same digits it is the same, whatever files they came from. */
export function hashOfData({ train, test }: Mnist): string {
  const hash = createHash('sha256');
  for (const { images, labels } of [train, test]) hash.update(images).update(labels);
  return hash.digest('hex');
}

/**
 * Holds a run that goes on to the data that it began with; one of an earlier version, which does not say, takes any.
 * @param data the folder that the data at hand came from; undefined for MNIST as it is bundled
 * @param what the message calls its data
 * @throws TenfoldError `bad-usage` where these are others
 */
export function requireSameData(
  begun: ResolvedRecipe,
  dataSha256: string,
  data: string | undefined,
  what = 'the data of a run that goes on',
): void {
  if (begun.dataSha256 === undefined || begun.dataSha256 === dataSha256) return;
  throw unmet({
    code: 'bad-usage',
    what,
    expected: `the images and labels that it began with, ${begun.dataSha256}`,
    got: `${dataSha256} (${data ?? 'MNIST as it is bundled'})`,
    advice:
      'Name the folder that it began with by --data, or leave --data out if it began without; or train anew.',
  });
}
