/** What a request may ask for; beyond it the answer is 413, 400 or 503. */
export interface Limits {
  /** Bytes of a request's body. */
  bodyBytes: number;
  /** Pictures in one request. */
  images: number;
  /** Rows of the tensor of one Open Inference request. */
  tensorRows: number;
  /** Pixels of one picture, checked before it is decoded. */
  pixels: number;
  /** Pictures that wait for a worker. */
  queuedImages: number;
  /** Pixels that wait for a worker, decoded: four bytes each. */
  queuedPixels: number;
  /** How long a request may wait for a worker, milliseconds. */
  queueMilliseconds: number;
  /** Pictures that one run of the graph takes, unless a single request has more; beyond 64 a batch gains nothing. */
  batchImages: number;
  /** How long one batch may take before its worker counts as hung, milliseconds. */
  batchMilliseconds: number;
  /** From a request's first byte to its last, milliseconds. */
  requestMilliseconds: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 10 * 1024 * 1024,
  images: 64,
  tensorRows: 1024,
  // A phone's 24-megapixel photograph: 96 MB once decoded.
  pixels: 25_000_000,
  queuedImages: 1024,
  queuedPixels: 100_000_000,
  queueMilliseconds: 10_000,
  batchImages: 64,
  // 64 photographs of 24 megapixels are prepared well within it.
  batchMilliseconds: 60_000,
  requestMilliseconds: 30_000,
};
