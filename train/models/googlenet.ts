import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Trunk } from './trunk.js';

/** Filters of one inception module: its four branches, those of two convolutions as a pair. */
interface Module {
  pointwise: number;
  threes: readonly [number, number];
  fives: readonly [number, number];
  pooled: number;
}

const inception = (
  pointwise: number,
  reduce3: number,
  size3: number,
  reduce5: number,
  size5: number,
  pooled: number,
): Module => ({ pointwise, threes: [reduce3, size3], fives: [reduce5, size5], pooled });

/** Szegedy and others 2015, table 1: 3a and 3b, 4a to 4e, 5a and 5b. */
const STAGES: readonly (readonly Module[])[] = [
  [inception(64, 96, 128, 16, 32, 32), inception(128, 128, 192, 32, 96, 64)],
  [
    inception(192, 96, 208, 16, 48, 64),
    inception(160, 112, 224, 24, 64, 64),
    inception(128, 128, 256, 24, 64, 64),
    inception(112, 144, 288, 32, 64, 64),
    inception(256, 160, 320, 32, 128, 128),
  ],
  [inception(256, 160, 320, 32, 128, 128), inception(384, 192, 384, 48, 128, 128)],
];

/**
 * Experiment D's third network: GoogLeNet for 28 x 28. The stem begins with 3x3 in the place of 7x7 and halves the picture
 * once, not three times; the stages then work on 14 x 14, 7 x 7 and 4 x 4. Batch normalisation follows every convolution, in the
 * place of local response normalisation and of the two extra classifiers (Ioffe and Szegedy 2015).
 */
export const googLeNetTrunk: Trunk<'googlenet'> = (image, make, { widthDivisor, dropout, activation }) => {
  const convolve = (x: SymbolicTensor, filters: number, kernelSize: number) =>
    make.activate(
      make.batchNorm(
        make.convolution(x, { filters: filters / widthDivisor, kernelSize, padding: 'same', useBias: false }),
      ),
      activation,
    );
  const pool = (x: SymbolicTensor, strides: number) => make.maxPool(x, 3, { strides, padding: 'same' });
  const applyModule = (x: SymbolicTensor, { pointwise, threes, fives, pooled }: Module) =>
    make.concatenate([
      convolve(x, pointwise, 1),
      convolve(convolve(x, threes[0], 1), threes[1], 3),
      convolve(convolve(x, fives[0], 1), fives[1], 5),
      convolve(pool(x, 1), pooled, 1),
    ]);

  let x = pool(convolve(image, 64, 3), 2);
  x = convolve(convolve(x, 64, 1), 192, 3);
  for (const [stage, modules] of STAGES.entries()) {
    if (stage > 0) x = pool(x, 2);
    for (const module of modules) x = applyModule(x, module);
  }
  return make.dropout(make.globalAveragePool(x), dropout);
};
