import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assertAgreement, ON_NODE, ON_WEB } from '../example.js';
import type { Subject } from './subjects.js';
import { GraphDigest, VERDICTS_FILE, type Verdicts } from './verdicts.js';

/** Of a layer's networks one in so many runs in WebAssembly too, the first among them; with --nightly each does. */
const ONE_IN = process.env.TENFOLD_NIGHTLY ? 1 : 5;

/**
 * Holds what ONNX Runtime gives, natively and in WebAssembly, to what TensorFlow.js gives, and the graphs to those whose verdicts are
 * stored.
 */
export async function assertSubject({ name, examples }: Subject): Promise<void> {
  const digest = new GraphDigest();
  for await (const { title, example } of examples()) {
    const runtimes = { Node: ON_NODE, ...(digest.graphs % ONE_IN === 0 && { WebAssembly: ON_WEB }) };
    for (const [where, runtime] of Object.entries(runtimes)) {
      await assertAgreement(example, runtime).catch((error: Error) => {
        throw new Error(`${name}, ${title}, in ${where}: ${error.message}`, { cause: error });
      });
    }
    digest.add(example.bytes);
  }
  const { verdicts } = JSON.parse(readFileSync(VERDICTS_FILE, 'utf8')) as Verdicts;
  const judged = verdicts[name];
  assert.deepEqual(
    digest.sum(),
    judged && { graphs: judged.graphs, sha256: judged.sha256 },
    `the graphs of "${name}" are not those that were judged: npm run judge:export judges them anew`,
  );
}
