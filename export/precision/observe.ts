import { Tensor } from 'onnxruntime-node';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { type Model, writeModel } from '../../onnx/model.js';
import { withSession } from '../session.js';
import { type Distribution, HISTOGRAM_BINS, type Range } from './ranges.js';

/** Images a run: all the values of a graph are kept until they are counted. */
const BATCH = 50;

/**
 * Runs images through a graph twice and counts the numbers that its values take: their ranges first, then how they lie in these.
 * @param values names of float32 values of the graph, its inputs included
 * @param images `[images, 1, 28, 28]` flattened
 */
export async function observe(
  model: Model,
  values: readonly string[],
  images: Float32Array,
): Promise<ReadonlyMap<string, Distribution>> {
  const ranges = new Map<string, Range>(values.map((value) => [value, { low: 0, high: 0 }]));
  await eachBatch(model, values, images, (value, numbers) => {
    let { low, high } = ranges.get(value)!;
    for (const number of numbers) {
      if (number < low) low = number;
      else if (number > high) high = number;
    }
    ranges.set(value, { low, high });
  });
  const distributions = new Map(
    Array.from(ranges, ([value, range]) => [value, { range, histogram: new Float64Array(HISTOGRAM_BINS) }]),
  );
  await eachBatch(model, values, images, (value, numbers) => {
    const { range, histogram } = distributions.get(value)!;
    const largest = Math.max(-range.low, range.high);
    for (const number of numbers) {
      if (number === 0) continue;
      const bin = Math.floor((Math.abs(number) / largest) * HISTOGRAM_BINS);
      histogram[Math.min(bin, HISTOGRAM_BINS - 1)]!++;
    }
  });
  return distributions;
}

async function eachBatch(
  model: Model,
  values: readonly string[],
  images: Float32Array,
  count: (value: string, numbers: Float32Array) => void,
): Promise<void> {
  const [input] = model.inputs;
  const inner = values.filter((value) => value !== input!.name);
  const known = new Set(model.outputs.map(({ name }) => name));
  const outputs = [
    ...model.outputs,
    ...inner
      .filter((name) => !known.has(name))
      .map((name) => ({ name, type: 'float32' as const, shape: null })),
  ];
  await withSession(writeModel({ ...model, outputs }), async (session) => {
    for (let start = 0; start < images.length; start += BATCH * INPUT_LENGTH) {
      const batch = images.subarray(start, start + BATCH * INPUT_LENGTH);
      const tensor = new Tensor('float32', batch, [batch.length / INPUT_LENGTH, 1, INPUT_SIDE, INPUT_SIDE]);
      const computed = await session.run({ input: tensor }, inner);
      if (values.includes(input!.name)) count(input!.name, batch);
      for (const value of inner) count(value, computed[value]!.data as Float32Array);
    }
  });
}
