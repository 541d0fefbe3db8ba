import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import type { Machine } from '../core/run.js';

const require = createRequire(import.meta.url);

/** The machine that this process runs on. */
export function machineAtHand(): Machine {
  const processors = cpus();
  const runtime = require('onnxruntime-node/package.json') as { version: string };
  return {
    processor: processors[0]?.model.trim() ?? 'unknown processor',
    logicalCores: processors.length,
    node: process.versions.node,
    onnxRuntime: runtime.version,
  };
}

/** `AMD EPYC, 2 logical cores, Node 20.20.2, onnxruntime-node 1.30.0` */
export const machineText = ({ processor, logicalCores, node, onnxRuntime }: Machine): string =>
  `${processor}, ${logicalCores} logical cores, Node ${node}, onnxruntime-node ${onnxRuntime}`;
