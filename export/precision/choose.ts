import type { Quantization } from '../../core/manifest.js';
import { type Model, writeModel } from '../../onnx/model.js';
import { imagesIn, runClassifier, withSession } from '../session.js';
import { meanDivergence } from './divergence.js';
import { observe } from './observe.js';
import { planQuantization, roundableValues } from './plan.js';
import { quantizeGraph } from './quantize.js';
import { RANGES, type RangeMethod, rangeBy } from './ranges.js';

export interface QuantizationImages {
  /** Training images, `[images, 1, 28, 28]`, that the ranges of values are found on. */
  calibration: Float32Array;
  /** Others, that choices are made by: never the test set. */
  choice: Float32Array;
}

/** The most bytes of a quantised graph, as a share of the one that it is made of: what layers left in float may add to. */
const MOST_BYTES = 0.27;
/** A layer stays in float where that leaves at most this share of the divergence. */
const WORTHWHILE = 0.9;

/**
 * Makes an int8 graph: finds the ranges of its values by every method, takes the one whose probabilities differ least from the
 * graph's own, then leaves layers in float where that makes them differ less and the file stays small.
 * @param temperature of the graph's calibration
 */
export async function chooseQuantization(
  model: Model,
  { calibration, choice }: QuantizationImages,
  temperature: number,
): Promise<{ bytes: Uint8Array; quantization: Quantization }> {
  const distributions = await observe(model, roundableValues(model), calibration);
  const source = writeModel(model);
  const expected = await logitsOf(source, choice);
  const most = MOST_BYTES * source.length;

  const attempt = async (ranges: RangeMethod, floatNodes: readonly string[]): Promise<Attempt> => {
    const found = new Map(Array.from(distributions, ([value, seen]) => [value, rangeBy(ranges, seen)]));
    const bytes = writeModel(quantizeGraph(model, { ranges: found, floatNodes: new Set(floatNodes) }));
    const divergence = meanDivergence(expected, await logitsOf(bytes, choice), temperature);
    return { ranges, floatNodes, bytes, divergence };
  };

  const byRanges: Attempt[] = [];
  for (const ranges of Object.keys(RANGES) as RangeMethod[]) byRanges.push(await attempt(ranges, []));
  const first = byRanges.reduce((best, other) => (other.divergence < best.divergence ? other : best));

  const alone: Attempt[] = [];
  for (const { name, inputs } of planQuantization(model, new Set()).weighted) {
    // Three bytes a weight more.
    const added = 3 * model.constants.get(inputs[1]!)!.data.length;
    if (first.bytes.length + added <= most) alone.push(await attempt(first.ranges, [name]));
  }
  let best = first;
  for (const one of alone.sort((a, b) => a.divergence - b.divergence)) {
    const together =
      best === first ? one : await attempt(first.ranges, [...best.floatNodes, ...one.floatNodes]);
    if (together.divergence > WORTHWHILE * best.divergence || together.bytes.length > most) break;
    best = together;
  }

  return {
    bytes: best.bytes,
    quantization: {
      ranges: best.ranges,
      floatLayers: [...best.floatNodes],
      calibrationImages: imagesIn(calibration),
      choiceImages: imagesIn(choice),
      divergence: best.divergence,
      divergences: Object.fromEntries(byRanges.map(({ ranges, divergence }) => [ranges, divergence])),
    },
  };
}

interface Attempt {
  ranges: RangeMethod;
  floatNodes: readonly string[];
  bytes: Uint8Array;
  /** From the graph that it was made of. */
  divergence: number;
}

const logitsOf = (graph: Uint8Array, images: Float32Array): Promise<Float32Array> =>
  withSession(graph, async (session) => (await runClassifier(session, images)).logits);
