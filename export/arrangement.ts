/**
 * In which order a graph stores the dimensions of a value. Layers lets the channels stand last, ONNX Runtime's operators take them
 * first: a value is stored as its readers like it, and a layer that only moves dimensions costs nothing.
 */
export interface Arrangement {
  /** The shape that Layers gives the value, without the batch. */
  readonly shape: readonly number[];
  /** For each dimension as stored, which one of `shape` it is: `[2, 0, 1]` stores `[height, width, channels]` channels first. */
  readonly axes: readonly number[];
}

export type DataFormat = 'channelsFirst' | 'channelsLast';

const ascending = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Stored as Layers has it. */
export function asLayers(shape: readonly number[]): Arrangement {
  return { shape, axes: ascending(shape.length) };
}

/** Stored with the channels first, as convolutions and pools read and write it. */
export function channelsLeading(shape: readonly number[], dataFormat: DataFormat): Arrangement {
  const { axes } = asLayers(shape);
  return { shape, axes: dataFormat === 'channelsFirst' ? axes : [...axes.slice(-1), ...axes.slice(0, -1)] };
}

/** The shape in the graph, without the batch. */
export function storedShape({ shape, axes }: Arrangement): readonly number[] {
  return axes.map((axis) => shape[axis]!);
}

/** Where the graph has one of Layers' axes; both count the batch, and negative ones count from the end. */
export function storedAxis({ axes }: Pick<Arrangement, 'axes'>, axis: number): number {
  return axes.indexOf(positiveAxis(axis, axes.length) - 1) + 1;
}

/** One of Layers' axes, counted from the batch, of a value with so many dimensions beside it. */
export function positiveAxis(axis: number, dimensions: number): number {
  return axis < 0 ? axis + dimensions + 1 : axis;
}

export function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Whether the elements go in Layers' order all the same, since only dimensions of size 1 have moved. */
export function movesNothing({ shape, axes }: Arrangement): boolean {
  const moving = axes.filter((axis) => shape[axis]! > 1);
  return moving.every((axis, index) => index === 0 || axis > moving[index - 1]!);
}

/** For each element as stored, its index in Layers' order. */
export function storedOrder({ shape, axes }: Arrangement): number[] {
  const sizeFrom = (axis: number) => shape.slice(axis).reduce((product, extent) => product * extent, 1);
  return axes.reduce(
    (order, axis) => {
      const stride = sizeFrom(axis + 1);
      return order.flatMap((start) => ascending(shape[axis]!).map((index) => start + index * stride));
    },
    [0],
  );
}

/** Puts one value an element from Layers' order into the stored one. */
export function toStoredOrder(values: Float64Array, arrangement: Arrangement | null): Float64Array {
  if (!arrangement) return values;
  return Float64Array.from(storedOrder(arrangement), (index) => values[index]!);
}
