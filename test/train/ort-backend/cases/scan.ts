import * as tf from '@tensorflow/tfjs-core';
import type { SCAN } from '../../../../train/ort-backend/lowerings/scan.js';
import { type Case, type CaseTable, check, float, int, named } from '../case.js';

type Scan = (x: tf.Tensor, axis?: number, exclusive?: boolean, reverse?: boolean) => tf.Tensor;

const PLACES: readonly [number[], number][] = [
  [[5], 0],
  [[2, 7], 1],
  [[3, 2], 0],
  [[2, 3, 4, 3], 2],
  [[2, 3, 4, 3], 3],
  [[1], 0],
];

const scanned = (scan: Scan, options: Partial<Case> = {}): Case[] =>
  PLACES.flatMap(([shape, axis]) =>
    [false, true].flatMap((exclusive) =>
      [false, true].flatMap((reverse) =>
        [float(shape), int(shape, -2, 2)].map((spec) => {
          const how = `${exclusive ? ', exclusive' : ''}${reverse ? ', backwards' : ''}`;
          const title = `${spec.dtype} ${named(shape)} along ${axis}${how}`;
          const isLast = axis === shape.length - 1;
          const chosen = isLast
            ? options
            : { ...options, withoutGradient: "TensorFlow.js's fails but for the last axis" };
          return check(title, [spec], (x) => scan(x, axis, exclusive, reverse), chosen);
        }),
      ),
    ),
  );

export const SCAN_CASES: CaseTable<keyof typeof SCAN> = {
  Cumprod: scanned(tf.cumprod, { withoutGradient: 'TensorFlow.js has none' }),
  Cumsum: scanned(tf.cumsum),
};
