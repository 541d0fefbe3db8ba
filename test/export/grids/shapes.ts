import { grid, l, layerByLayer } from '../support.js';
import { BOTH_FORMATS, behind, type Case, CHANNELS_FIRST, cases, IMAGE, ROW, SEQUENCE } from './case.js';

type Sides = [[number, number], [number, number]];
const imageOf = (dataFormat: (typeof BOTH_FORMATS)[number]) =>
  dataFormat === 'channelsFirst' ? CHANNELS_FIRST : IMAGE;
const flat = () => [l.flatten()];
/** CenterCrop changes the shape of the tensor that it reads: behind a padding that is not the network's input. */
const framed = () => [l.zeroPadding2d({ padding: 1 })];

const flatten: Case[] = [
  ...[IMAGE, [1, 1, 6], [5, 4, 1], [4, 3], [2, 3, 4, 5]].flatMap((input) => cases(input, [{}], l.flatten)),
  ...[CHANNELS_FIRST, [3, 4]].flatMap((input) =>
    cases(input, [{ dataFormat: 'channelsFirst' as const }], l.flatten),
  ),
];

const reshape: Case[] = [
  ...cases(
    IMAGE,
    grid({
      targetShape: [[216], [8, 9, 3], [72, 3], [...IMAGE], [27, 8, 1], [2, 3, 6, 6], [-1, 3], [9, -1]],
    }),
    l.reshape,
  ),
  ...cases([24], grid({ targetShape: [[2, 3, 4], [4, 6, 1], [8, 3], [24], [2, 3, 4, 1]] }), l.reshape),
  ...cases([4, 6], grid({ targetShape: [[2, 3, 4], [24], [6, 4], [4, 6, 1]] }), l.reshape),
  ...behind([2, 3, 4], flat, grid({ targetShape: [[2, 3, 4], [4, 3, 2], [6, 4], [24]] }), l.reshape),
];

const permute: Case[] = [
  ...cases(
    IMAGE,
    grid({
      dims: [
        [1, 2, 3],
        [1, 3, 2],
        [2, 1, 3],
        [2, 3, 1],
        [3, 1, 2],
        [3, 2, 1],
      ],
    }),
    l.permute,
  ),
  ...cases(
    SEQUENCE,
    grid({
      dims: [
        [1, 2],
        [2, 1],
      ],
    }),
    l.permute,
  ),
  ...cases(ROW, [{ dims: [1] }], l.permute),
];

const cropped = (dataFormat: (typeof BOTH_FORMATS)[number]) =>
  cases(
    imageOf(dataFormat),
    grid({
      cropping: [
        1,
        [2, 1] as [number, number],
        [
          [1, 0],
          [0, 2],
        ] as Sides,
        [
          [0, 0],
          [0, 0],
        ] as Sides,
      ],
      dataFormat: [dataFormat],
    }),
    l.cropping2D,
  );

const padded = (dataFormat: (typeof BOTH_FORMATS)[number]) =>
  cases(
    imageOf(dataFormat),
    [
      { dataFormat },
      ...grid({
        padding: [
          2,
          [1, 2] as [number, number],
          [
            [1, 0],
            [0, 2],
          ] as Sides,
        ],
        dataFormat: [dataFormat],
      }),
    ],
    l.zeroPadding2d,
  );

export const SHAPES = {
  CenterCrop: [
    ...behind(
      IMAGE,
      framed,
      grid({ height: [1, 2, 4, 5, 7, 10, 11], width: [1, 3, 4, 8, 9, 10] }),
      l.centerCrop,
    ),
    // Larger than the picture, in one direction or in both.
    ...behind(
      IMAGE,
      framed,
      [...grid({ height: [4, 15], width: [12, 17] }), { height: 14, width: 4 }],
      l.centerCrop,
      { predict: layerByLayer },
    ),
  ],
  Cropping2D: BOTH_FORMATS.flatMap(cropped),
  Dense: [
    ...[ROW, SEQUENCE, IMAGE, [2, 3, 4, 5]].flatMap((input) =>
      cases(
        input,
        grid({ units: [1, 5], useBias: [true, false], activation: ['linear', 'relu', 'softmax'] as const }),
        l.dense,
      ),
    ),
    ...behind([4, 3, 2], flat, grid({ units: [1, 5], useBias: [true, false] }), l.dense),
    ...behind(SEQUENCE, () => [l.conv1d({ filters: 4, kernelSize: 3 })], [{ units: 5 }], l.dense),
  ],
  Embedding: [
    ...[[1], [6], [2, 3]].flatMap((input) =>
      cases(input, grid({ inputDim: [5], outputDim: [1, 4], maskZero: [false] }), l.embedding, {
        feed: (uniform) => (uniform + 1) * 2.49,
      }),
    ),
    ...cases([6], [{ inputDim: 5, outputDim: 4, inputLength: 6 }], l.embedding, {
      feed: (uniform) => (uniform + 1) * 2.49,
    }),
  ],
  Flatten: flatten,
  Permute: permute,
  RepeatVector: [
    ...cases(ROW, grid({ n: [1, 3] }), l.repeatVector),
    ...behind([4, 3, 2], flat, [{ n: 2 }], l.repeatVector),
  ],
  Reshape: reshape,
  Resizing: [IMAGE, [4, 5, 1]].flatMap((input) =>
    cases(
      input,
      grid({
        height: [1, 4, 9, 13],
        width: [1, 5, 8, 17],
        interpolation: ['bilinear', 'nearest'] as const,
        cropToAspectRatio: [false, true],
      }),
      l.resizing,
      { predict: layerByLayer },
    ),
  ),
  UpSampling2D: BOTH_FORMATS.flatMap((dataFormat) =>
    cases(
      imageOf(dataFormat),
      [
        { dataFormat },
        ...grid({
          size: [
            [1, 1],
            [2, 2],
            [3, 2],
            [1, 4],
          ] as [number, number][],
          interpolation: ['nearest', 'bilinear'] as const,
          dataFormat: [dataFormat],
        }),
      ],
      l.upSampling2d,
    ),
  ),
  ZeroPadding2D: BOTH_FORMATS.flatMap(padded),
};
