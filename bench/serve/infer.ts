import { availableParallelism } from 'node:os';
import type { LoopReport } from '../peers/bare-loop.js';
import { load, type RunningService, runForJson } from './services.js';
import { type Effort, figuresHead, figuresOf, figuresRow, inTurns, ratioRow, type Side } from './turns.js';

/** With one image each as many as fill a worker's batch, with 64 as many as the queue has room for. */
const CONNECTIONS = { 1: 64, 64: 8 } as const;

interface NamedSide extends Side {
  name: string;
}

export interface InferOptions {
  ours: RunningService;
  bundleDirectory: string;
  /** The model's name. */
  model: string;
  /** Images a request, and a run of the bare loop. */
  images: 1 | 64;
}

/**
 * Open Inference with binary tensors beside a loop of onnxruntime-node that runs the same bundle on as many images,
 * with one thread and with one for each core: a markdown table, in images a second.
 */
export async function benchInfer({ ours, bundleDirectory, model, images }: InferOptions, effort: Effort) {
  const kind = `infer-${images}` as const;
  const connections = CONNECTIONS[images];
  const service: NamedSide = {
    name: `tenfold, ${connections} connections`,
    async measure(seconds) {
      const report = await load({ url: ours.url, model, kind, connections, seconds });
      return figuresOf({ ...report, requests: report.requests * images });
    },
  };
  const threadCounts = [...new Set([1, availableParallelism()])];
  const loops = threadCounts.map((threads) => bareLoop(bundleDirectory, images, threads));
  const sides = [service, ...loops];
  const figures = await inTurns(sides, effort);
  return [
    ...figuresHead(`\`/v2/models/${model}/infer\`, binary, ${images} an inference`, 'images/s'),
    ...sides.map(({ name }, index) => figuresRow(name, figures[index]!)),
    ...loops.map(({ name }, index) => ratioRow(figures[0]!, figures[index + 1]!, `ratio to ${name}`)),
  ].join('\n');
}

function bareLoop(bundleDirectory: string, images: number, threads: number): NamedSide {
  return {
    name: `onnxruntime-node in a bare loop, threads: ${threads}`,
    async measure(seconds) {
      const parameters = [images, threads, seconds].map(String);
      const report = await runForJson<LoopReport>(['../peers/bare-loop.js', bundleDirectory, ...parameters]);
      const perSecond = (report.runs * images) / report.seconds;
      return { perSecond, p50Milliseconds: null, p99Milliseconds: null, failures: 0 };
    },
  };
}
