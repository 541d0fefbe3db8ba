import type { Network } from './networks.js';

/** What was measured of one network's steps; times are medians in milliseconds, memory peaks in bytes. */
export interface Measured {
  network: Network;
  batch: number;
  ours: {
    milliseconds: number;
    /** Of a step, outside ONNX Runtime: gathering the batch, and everything else that JavaScript does. */
    batchMilliseconds: number;
    tracingMilliseconds: number;
    /** Once, at the first step: recording what it computes, and compiling that. */
    recordMilliseconds: number;
    compileMilliseconds: number;
    peakBytes: number;
  };
  /** Every PyTorch that was found. */
  peers: { engine: string; milliseconds: number; peakBytes: number }[];
}

const HEAD = [
  'network',
  'batch',
  'ours, ms',
  'of it batch + tracing',
  'once: record + compile',
  'beside',
  'ms',
  'ours / its',
  'peak memory, ours',
  'its',
  'ours / its',
];
const RULE = ['---', '--:', '--:', '--:', '--:', '---', '--:', '--:', '--:', '--:', '--:'];

/** A markdown table with a row for each network beside each PyTorch. */
export function trainTable(measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ network, batch, ours, peers }) => {
    const { milliseconds, peakBytes } = ours;
    const outside = [ours.batchMilliseconds, ours.tracingMilliseconds].map((time) => time.toFixed(1));
    const once = [ours.recordMilliseconds, ours.compileMilliseconds].map((time) => time.toFixed(0));
    const cells = [network, String(batch), milliseconds.toFixed(1), outside.join(' + '), once.join(' + ')];
    if (peers.length === 0) return [[...cells, 'skipped', '', '', mebibytes(peakBytes), '', '']];
    return peers.map((peer) => [
      ...cells,
      peer.engine,
      peer.milliseconds.toFixed(1),
      (milliseconds / peer.milliseconds).toFixed(2),
      mebibytes(peakBytes),
      mebibytes(peer.peakBytes),
      (peakBytes / peer.peakBytes).toFixed(2),
    ]);
  });
  return [HEAD, RULE, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** `1,234 MiB` */
export const mebibytes = (bytes: number): string =>
  `${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;
