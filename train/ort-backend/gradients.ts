import {
  engine,
  type FusedBatchNormAttrs,
  type GradFunc,
  getBackend,
  getGradient,
  ones,
  registerGradient,
  type Tensor,
  unregisterGradient,
} from '@tensorflow/tfjs-core';
// Registers TensorFlow.js's gradients, one of which is replaced here.
import '@tensorflow/tfjs-layers';
import { BACKEND_NAME } from './backend.js';

const BATCH_NORM = 'FusedBatchNorm';

/**
 * Replaces the gradient of batch normalisation, which TensorFlow.js composes of some forty kernels, by one kernel of
 * ours; on any other backend TensorFlow.js's own goes on to apply.
 */
export function registerBatchNormGradient(): void {
  const composed = getGradient(BATCH_NORM);
  const gradFunc: GradFunc = (dy, saved, attributes) => {
    const [x, mean, variance, scale] = saved as [Tensor, Tensor, Tensor, Tensor | undefined];
    const isOurs = getBackend() === BACKEND_NAME && mean.rank === 1;
    if (!isOurs) return composed.gradFunc(dy, saved, attributes);
    const { varianceEpsilon } = attributes as unknown as FusedBatchNormAttrs;
    const inputs = { dy: dy as Tensor, x, mean, variance, scale: scale ?? ones(mean.shape) };
    const fromX = computedFrom(x);
    const isThroughStatistics = fromX.has(mean.dataId) && fromX.has(variance.dataId);
    const results = engine().runKernel('batchNormGradient', inputs, {
      varianceEpsilon,
      isThroughStatistics,
    }) as Tensor[];
    const [ofX, ofScale, ofOffset, ofMean, ofVariance] = results as [Tensor, Tensor, Tensor, Tensor, Tensor];
    return {
      x: () => ofX,
      mean: () => ofMean,
      variance: () => ofVariance,
      scale: () => ofScale,
      offset: () => ofOffset,
    };
  };
  unregisterGradient(BATCH_NORM);
  registerGradient({ ...composed, gradFunc });
}

/** The data that the gradients under way know to be computed from x. By data, since what a gradient is given are copies. */
function computedFrom(x: Tensor): Set<object> {
  const reached = new Set<object>([x.dataId]);
  for (const { inputs, outputs } of engine().state.activeTape) {
    const isReached = Object.values(inputs).some((input) => input && reached.has(input.dataId));
    if (isReached) for (const { dataId } of outputs) reached.add(dataId);
  }
  return reached;
}
