/**
 * Local response normalisation as `model.json` stores it (Krizhevsky and others 2012, section 3.3):
 * `x / (bias + alpha * (sum of squares of the channels at most depthRadius away)) ** beta`.
 * TensorFlow.js Layers has no such layer: whoever loads a network with one registers its own reading of this.
 */
export interface LocalResponse {
  /** Channels to either side, 0 or more. */
  depthRadius: number;
  bias: number;
  alpha: number;
  beta: number;
}

/** The class name under which `model.json` stores it. */
export const LOCAL_RESPONSE_CLASS = 'LocalResponseNormalization';
