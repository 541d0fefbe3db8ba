/** What a request may ask for; beyond it the answer is 413, 400 or 503. */
export interface Limits {
  /** Bytes of a request's body. */
  bodyBytes: number;
  /** Pictures in one request. */
  images: number;
  /** Pixels of one picture, checked before it is decoded. */
  pixels: number;
  /** Pictures that wait for a worker. */
  queuedImages: number;
  /** Pixels that wait for a worker, decoded: four bytes each. */
  queuedPixels: number;
  /** From a request's first byte to its last, milliseconds. */
  requestMilliseconds: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 10 * 1024 * 1024,
  images: 64,
  // A phone's 24-megapixel photograph: 96 MB once decoded.
  pixels: 25_000_000,
  queuedImages: 1024,
  queuedPixels: 100_000_000,
  requestMilliseconds: 30_000,
};

/** Pictures that one run of the graph takes; beyond this a batch gains nothing and keeps others waiting. */
export const BATCH_IMAGES = 64;
/** Pixels that one batch takes, unless a single request has more: large pictures must not hold up small ones. */
export const BATCH_PIXELS = 4_000_000;
