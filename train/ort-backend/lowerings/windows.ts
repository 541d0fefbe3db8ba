import type { backend_util } from '@tensorflow/tfjs-core';

type Info = backend_util.Conv2DInfo;

/**
 * Pads, below and to the right, what windows reach beyond the picture where their number was rounded up: ONNX's operators
 * count windows from the padding.
 */
export function padToWindows(info: Info): Info {
  const { top, bottom, left, right, type } = info.padInfo;
  const missing = (outputs: number, stride: number, extent: number, before: number, size: number) =>
    (outputs - 1) * stride + extent - before - size;
  const below = missing(info.outHeight, info.strideHeight, info.effectiveFilterHeight, top, info.inHeight);
  const beyond = missing(info.outWidth, info.strideWidth, info.effectiveFilterWidth, left, info.inWidth);
  return {
    ...info,
    padInfo: { top, left, bottom: Math.max(bottom, below), right: Math.max(right, beyond), type },
  };
}
