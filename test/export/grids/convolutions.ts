import { grid, l } from '../support.js';
import {
  BOTH_FORMATS,
  BOTH_PADDINGS,
  type Case,
  CHANNELS_FIRST,
  cases,
  IMAGE,
  SEQUENCE,
  TYPED_ACTIVATIONS,
} from './case.js';

type Pair = [number, number];
const KERNELS = [1, 2, 3, [3, 2] as Pair];
const STRIDES = [1, 2, [2, 1] as Pair];
const imageOf = (dataFormat: (typeof BOTH_FORMATS)[number]) =>
  dataFormat === 'channelsFirst' ? CHANNELS_FIRST : IMAGE;

const activated = TYPED_ACTIVATIONS.map((activation) => ({ filters: 4, kernelSize: 3, activation }));
const activatedChannelsFirst = activated.map((options) => ({
  ...options,
  dataFormat: 'channelsFirst' as const,
}));

const conv1D: Case[] = [
  ...cases(
    SEQUENCE,
    grid({
      filters: [1, 4],
      kernelSize: [1, 2, 3],
      strides: [1, 2],
      padding: BOTH_PADDINGS,
      useBias: [true, false],
    }),
    l.conv1d,
  ),
  ...cases(
    SEQUENCE,
    grid({ filters: [4], kernelSize: [2, 3], dilationRate: [2, 3], padding: BOTH_PADDINGS }),
    l.conv1d,
  ),
  ...cases(SEQUENCE, activated, l.conv1d),
];

const conv2D: Case[] = [
  ...BOTH_FORMATS.flatMap((dataFormat) => [
    ...cases(
      imageOf(dataFormat),
      grid({
        filters: [1, 4],
        kernelSize: KERNELS,
        strides: STRIDES,
        padding: BOTH_PADDINGS,
        useBias: [true, false],
        dataFormat: [dataFormat],
      }),
      l.conv2d,
    ),
    ...cases(
      imageOf(dataFormat),
      grid({
        filters: [4],
        kernelSize: [2, 3],
        dilationRate: [2, 3, [1, 2] as Pair],
        padding: BOTH_PADDINGS,
        dataFormat: [dataFormat],
      }),
      l.conv2d,
    ),
  ]),
  ...cases(IMAGE, activated, l.conv2d),
  ...cases(CHANNELS_FIRST, activatedChannelsFirst, l.conv2d),
];

const conv2DTranspose: Case[] = [
  ...BOTH_FORMATS.flatMap((dataFormat) =>
    cases(
      imageOf(dataFormat),
      grid({
        filters: [1, 4],
        kernelSize: KERNELS,
        strides: [1, 2, 3, [2, 1] as Pair],
        padding: BOTH_PADDINGS,
        useBias: [true, false],
        dataFormat: [dataFormat],
      }),
      l.conv2dTranspose,
    ),
  ),
  ...cases(IMAGE, activated, l.conv2dTranspose),
  ...cases(CHANNELS_FIRST, activatedChannelsFirst, l.conv2dTranspose),
];

const depthwiseConv2D: Case[] = [
  ...BOTH_FORMATS.flatMap((dataFormat) =>
    cases(
      imageOf(dataFormat),
      grid({
        kernelSize: KERNELS,
        depthMultiplier: [1, 2],
        strides: [1, 2],
        padding: BOTH_PADDINGS,
        useBias: [true, false],
        dataFormat: [dataFormat],
      }),
      l.depthwiseConv2d,
    ),
  ),
  ...cases(
    IMAGE,
    TYPED_ACTIVATIONS.map((activation) => ({ kernelSize: 3, depthMultiplier: 2, activation })),
    l.depthwiseConv2d,
  ),
];

const separableConv2D: Case[] = [
  ...BOTH_FORMATS.flatMap((dataFormat) => [
    ...cases(
      imageOf(dataFormat),
      grid({
        filters: [1, 4],
        kernelSize: [1, 2, 3],
        depthMultiplier: [1, 2],
        strides: [1, 2],
        padding: BOTH_PADDINGS,
        useBias: dataFormat === 'channelsFirst' ? [false] : [true, false],
        dataFormat: [dataFormat],
      }),
      l.separableConv2d,
    ),
    ...cases(
      imageOf(dataFormat),
      grid({
        filters: [4],
        kernelSize: [2, 3],
        dilationRate: [2, [1, 2] as Pair],
        padding: BOTH_PADDINGS,
        useBias: [false],
        dataFormat: [dataFormat],
      }),
      l.separableConv2d,
    ),
  ]),
  ...cases(IMAGE, activated, l.separableConv2d),
  ...cases(
    CHANNELS_FIRST,
    activatedChannelsFirst.map((options) => ({ ...options, useBias: false })),
    l.separableConv2d,
  ),
];

export const CONVOLUTIONS = {
  Conv1D: conv1D,
  Conv2D: conv2D,
  Conv2DTranspose: conv2DTranspose,
  DepthwiseConv2D: depthwiseConv2D,
  SeparableConv2D: separableConv2D,
};
