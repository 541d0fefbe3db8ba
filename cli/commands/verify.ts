import { TenfoldError } from '../../core/errors.js';
import { type BundleVerification, verifyBundle } from '../../export/verify-bundle.js';
import { type Command, type Output, onePositional, text } from '../command.js';
import { asModelInput, loadTestSet } from '../dataset.js';

export const verifyCommand: Command = {
  usage: 'BUNDLE [--run RUN] [--data DIR]',
  summary: 'Holds a bundle to its manifest: hashes, inputs and outputs, accuracy, parity with its run.',
  options: { run: { type: 'string' }, data: { type: 'string' } },
  async run({ values, positionals, output }) {
    const bundle = onePositional(positionals, 'bundle folder');
    const result = await verifyAndTell(bundle, text(values, 'run'), values, output);
    output.result(result);
    if (!result.passed)
      throw new TenfoldError('failed', `${bundle} is not what its manifest says; see above.`);
  },
};

export async function verifyAndTell(
  bundle: string,
  run: string | undefined,
  values: Parameters<typeof loadTestSet>[0],
  output: Output,
): Promise<BundleVerification> {
  const test = asModelInput(await loadTestSet(values));
  const result = await verifyBundle(bundle, { ...test, ...(run !== undefined && { reference: run }) });
  for (const { name, status, detail } of result.checks)
    output.say(`${status.padEnd(8)}${name.padEnd(13)}${detail}`);
  return result;
}
