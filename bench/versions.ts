import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What our side consists of. */
export function versions(): string {
  const runtime = require('onnxruntime-node/package.json') as { version: string };
  return `Node ${process.versions.node}, onnxruntime-node ${runtime.version}`;
}
