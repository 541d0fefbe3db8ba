import { grid, type Layer, l } from '../support.js';
import { BOTH_FORMATS, BOTH_PADDINGS, CHANNELS_FIRST, cases, IMAGE, SEQUENCE } from './case.js';

type Pair = [number, number];
const imageOf = (dataFormat: (typeof BOTH_FORMATS)[number]) =>
  dataFormat === 'channelsFirst' ? CHANNELS_FIRST : IMAGE;

const in2D = (make: (options: Parameters<typeof l.maxPooling2d>[0]) => Layer) =>
  BOTH_FORMATS.flatMap((dataFormat) =>
    cases(
      imageOf(dataFormat),
      [
        { dataFormat },
        ...grid({
          poolSize: [2, 3, [3, 2] as Pair],
          strides: [1, 2, 3, [2, 1] as Pair],
          padding: BOTH_PADDINGS,
          dataFormat: [dataFormat],
        }),
      ],
      make,
    ),
  );

const in1D = (make: (options: Parameters<typeof l.maxPooling1d>[0]) => Layer) =>
  cases(SEQUENCE, [{}, ...grid({ poolSize: [2, 3], strides: [1, 2, 3], padding: BOTH_PADDINGS })], make);

const globally = (make: (options: Parameters<typeof l.globalMaxPooling2d>[0]) => Layer) =>
  BOTH_FORMATS.flatMap((dataFormat) => cases(imageOf(dataFormat), [{ dataFormat }], make));

export const POOLS = {
  AveragePooling1D: in1D(l.averagePooling1d),
  AveragePooling2D: in2D(l.averagePooling2d),
  GlobalAveragePooling1D: cases(SEQUENCE, [{}], l.globalAveragePooling1d),
  GlobalAveragePooling2D: globally(l.globalAveragePooling2d),
  GlobalMaxPooling1D: cases(SEQUENCE, [{}], l.globalMaxPooling1d),
  GlobalMaxPooling2D: globally(l.globalMaxPooling2d),
  MaxPooling1D: in1D(l.maxPooling1d),
  MaxPooling2D: in2D(l.maxPooling2d),
};
