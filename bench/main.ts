import { parseArgs } from 'node:util';
import { findBundle } from '../cli/find-bundle.js';
import { TenfoldError } from '../core/errors.js';
import { benchPredict } from './predict.js';
import { benchTraining } from './train.js';
import { ourStep } from './training-step.js';

/** `npm run bench [-- train] [-- predict] [--bundle DIR]`: each beside its peer, in turns, in one run. */
const BENCHMARKS: Record<string, (bundle: string | undefined) => Promise<string>> = {
  train: () => benchTraining(ourStep),
  predict: async (named) => {
    try {
      return await benchPredict(await findBundle(named));
    } catch (error) {
      if (error instanceof TenfoldError && error.code === 'not-found') return `Skipped: ${error.message}`;
      throw error;
    }
  },
};

const { values, positionals } = parseArgs({
  options: { bundle: { type: 'string' } },
  allowPositionals: true,
});
const wanted = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
for (const name of wanted) {
  const benchmark = BENCHMARKS[name];
  if (!benchmark) throw new Error(`Expected ${Object.keys(BENCHMARKS).join(' or ')}, got ${name}.`);
  console.log(`## ${name}\n\n${await benchmark(values.bundle)}\n`);
}
