import { test } from 'node:test';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import { assertParity, type Layer, l, seeded } from './support.js';

type Random = () => number;

/** Of equal values, as a RepeatVector makes them, a small epsilon makes rounding errors large, in both engines and each its own. */
const normalization = (axis: number | number[]) => l.layerNormalization({ axis, epsilon: 0.1 });

/** Layers by the number of dimensions that they read; each keeps or changes how the graph stores what it gives. */
const PALETTE: Readonly<Record<number, readonly ((shape: readonly number[], random: Random) => Layer)[]>> = {
  1: [
    () => l.dense({ units: 6, activation: 'tanh' }),
    () => l.batchNormalization(),
    () => normalization(-1),
    () => l.prelu(),
    () => l.repeatVector({ n: 3 }),
    ([size]) => l.reshape({ targetShape: size! % 2 === 0 ? [2, size! / 2] : [size!, 1, 1] }),
    ([size]) => l.reshape({ targetShape: size! % 6 === 0 ? [2, size! / 6, 3] : [1, size!] }),
    () => l.softmax(),
    () => l.rescaling({ scale: 0.5, offset: 0.25 }),
  ],
  2: [
    () => l.conv1d({ filters: 3, kernelSize: 2, padding: 'same', activation: 'elu' }),
    () => l.dense({ units: 4, activation: 'sigmoid' }),
    () => l.batchNormalization(),
    (_, random) => normalization(random() < 0.5 ? -1 : 1),
    () => l.maxPooling1d({ poolSize: 2, padding: 'same' }),
    () => l.averagePooling1d({ poolSize: 2, strides: 1, padding: 'same' }),
    () => l.permute({ dims: [2, 1] }),
    () => l.globalAveragePooling1d(),
    () => l.globalMaxPooling1d(),
    () => l.flatten(),
    (shape) => l.reshape({ targetShape: [...shape, 1] }),
    () => l.prelu({ sharedAxes: [1] }),
    () => l.softmax({ axis: -1 }),
  ],
  3: [
    () => l.conv2d({ filters: 4, kernelSize: 2, padding: 'same', activation: 'relu' }),
    () => l.conv2d({ filters: 3, kernelSize: 1, dataFormat: 'channelsFirst', activation: 'softmax' }),
    () => l.depthwiseConv2d({ kernelSize: 2, padding: 'same' }),
    () => l.separableConv2d({ filters: 3, kernelSize: 2, padding: 'same' }),
    () => l.conv2dTranspose({ filters: 2, kernelSize: 2, strides: 2 }),
    () => l.batchNormalization(),
    (_, random) => normalization(one([[-1], [1], [2, 3], [1, 3]], random)),
    () => l.maxPooling2d({ poolSize: 2, padding: 'same' }),
    () => l.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same', dataFormat: 'channelsFirst' }),
    () => l.globalAveragePooling2d({}),
    () => l.globalMaxPooling2d({ dataFormat: 'channelsFirst' }),
    () => l.zeroPadding2d({ padding: 1 }),
    () => l.zeroPadding2d({ padding: 1, dataFormat: 'channelsFirst' }),
    () => l.upSampling2d({ size: [2, 1], interpolation: 'bilinear' }),
    (_, random) => l.permute({ dims: random() < 0.5 ? [3, 1, 2] : [2, 1, 3] }),
    () => l.dense({ units: 3 }),
    () => l.prelu({ sharedAxes: [1, 2] }),
    () => l.softmax({ axis: [1, 3] as unknown as number }),
    () => l.flatten(),
    () => l.flatten({ dataFormat: 'channelsFirst' }),
    ([height, width, channels]) => l.reshape({ targetShape: [width!, height!, channels!] }),
    ([height, width, channels]) => l.reshape({ targetShape: [height! * width!, channels!] }),
  ],
};

const MERGES = [
  () => l.add(),
  () => l.multiply(),
  () => l.average(),
  () => l.maximum(),
  () => l.concatenate(),
];
const STEPS = 12;
/** Elements of the largest value that is computed with. */
const LARGEST = 600;

const one = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!;
const shapeOf = ({ shape }: SymbolicTensor) => shape.slice(1) as number[];

/** Layers upon whatever came before, and now and then two of equal shape joined; the last value and another are outputs. */
function randomNetwork(random: Random): LayersModel {
  const input = tfl.input({ shape: one([[6], [5, 4], [4, 3, 2]], random) });
  const values: SymbolicTensor[] = [input];
  while (values.length < STEPS) {
    const value = random() < 0.7 ? values.at(-1)! : one(values, random);
    const equal = values.filter((other) => other !== value && `${other.shape}` === `${value.shape}`);
    const shape = shapeOf(value);
    const next =
      equal.length > 0 && random() < 0.5
        ? one(MERGES, random)().apply([value, one(equal, random)])
        : one(PALETTE[shape.length]!, random)(shape, random).apply(value);
    const made = next as SymbolicTensor;
    if (shapeOf(made).reduce((product, extent) => product * extent, 1) <= LARGEST) values.push(made);
  }
  return tfl.model({ inputs: input, outputs: [values.at(-1)!, one(values.slice(1, -1), random)] });
}

const NETWORKS = process.env.TENFOLD_NIGHTLY ? 3000 : 300;

test(`${NETWORKS} random networks of all kinds of layers agree with TensorFlow.js`, async () => {
  for (let seed = 1; seed <= NETWORKS; seed++) {
    const model = randomNetwork(seeded(seed));
    // One layer with its channels first makes it the whole model's format.
    const isFirst = model.layers.some((layer) => layer.getConfig().dataFormat === 'channelsFirst');
    const dataFormat = isFirst ? 'channelsFirst' : 'channelsLast';
    await assertParity(model, { seed, dataFormat }).catch((error: Error) => {
      const names = model.layers.map((layer) => layer.getClassName()).join(', ');
      throw new Error(`network ${seed} of ${names}: ${error.message}`, { cause: error });
    });
  }
});
