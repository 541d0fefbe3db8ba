import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

/** Beside this file's source, not beside what is compiled of it. */
export const VERDICTS_FILE = fileURLToPath(
  new URL('../../../../test/export/judged/verdicts.json', import.meta.url),
);

export interface Verdicts {
  /** ONNX's checker (with full shape inference) and reference evaluator: `onnx 1.20.0`. */
  onnx: string;
  /** The oldest ONNX Runtime that reads our opset: `onnxruntime 1.12.1`. */
  onnxruntime: string;
  /** By subject; every graph passed the checker. */
  verdicts: Record<string, Verdict>;
}

export interface Verdict {
  graphs: number;
  /** Of the graphs' own, one after the other. */
  sha256: string;
  /** How far the evaluator's values are from TensorFlow.js's, at most; as `largestDifference` takes it. */
  onnx: number;
  /** The same of the oldest ONNX Runtime. */
  onnxruntime: number;
  /** Graphs that one of the two refuses for a fault of its own, which main.ts lists. */
  excused?: number;
}

/** Takes graphs, one after the other; equal graphs in equal order have equal sums. */
export class GraphDigest {
  readonly #hash = createHash('sha256');
  graphs = 0;

  add(bytes: Uint8Array): void {
    this.#hash.update(createHash('sha256').update(bytes).digest());
    this.graphs++;
  }

  sum(): Pick<Verdict, 'graphs' | 'sha256'> {
    return { graphs: this.graphs, sha256: this.#hash.copy().digest('hex') };
  }
}
