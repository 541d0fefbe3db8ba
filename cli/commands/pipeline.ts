import { join } from 'node:path';
import { TenfoldError } from '../../core/errors.js';
import { requireFree } from '../../serve/address.js';
import { CONFIG_OPTIONS, serviceConfig } from '../../serve/config/service-config.js';
import { atMostPositionals, type Command, text } from '../command.js';
import { BUNDLES_FOLDER } from '../places.js';
import { exportTo } from './export.js';
import { serve } from './serve.js';
import { runTraining, TRAINING_OPTIONS } from './train.js';
import { verifyAndTell } from './verify.js';

/** The pipeline serves what it made, which is in one precision, and nothing else. */
const {
  bundle: _bundle,
  canary: _canary,
  precision: _precision,
  repository: _repository,
  'print-config': _printConfig,
  ...SERVING_OPTIONS
} = CONFIG_OPTIONS;

export const pipelineCommand: Command = {
  usage:
    '[--recipe fast] [--seed N] [--epochs N] [--batch-size N] [--set key=value ...] [--data DIR] [--backend NAME] [--device NAME] [--threads N] ' +
    '[--no-serve] [--port 8080] [--host 127.0.0.1] [--SETTING VALUE ...]',
  summary:
    'The whole way: train, export, verify, serve what came of it by the settings of serve, but for --bundle, --canary, --precision and --repository.',
  options: {
    ...TRAINING_OPTIONS,
    ...SERVING_OPTIONS,
    recipe: { type: 'string' },
    'no-serve': { type: 'boolean' },
  },
  async run({ values, positionals, output }) {
    atMostPositionals(positionals, 0);
    const config = serviceConfig({ values, env: process.env });
    // Now: nobody wants to hear of it after the training.
    if (values['no-serve'] !== true) await requireFree(config);
    const began = performance.now();
    const recipe = text(values, 'recipe') ?? 'fast';
    output.say(`1 Train ${recipe}`);
    const { run, test } = await runTraining(recipe, undefined, { values, output }, { evaluateTrain: false });
    const bundle = join(BUNDLES_FOLDER, `pipeline-${recipe}`);
    output.say('2 Export');
    const { parity } = await exportTo(run, bundle, values, output);
    output.say('3 Verify');
    const { passed } = await verifyAndTell(bundle, run, values, output);
    if (!passed) throw new TenfoldError('failed', `${bundle} did not pass; see above.`);
    const seconds = () => (performance.now() - began) / 1000;
    const summary = { run, bundle, test, parity };
    if (values['no-serve'] === true) {
      output.say(`Serve it: ${servedBy(bundle)}`);
      output.result({ url: null, ...summary, seconds: seconds() });
      return;
    }
    const served = { ...config, bundles: [bundle], canary: [], precision: 'auto' as const, repository: null };
    const server = await serve(served, { values, output }).catch((error) => {
      throw finishedAll(bundle, error);
    });
    output.say(
      `4 Serve: draw a digit at ${server.url} (${seconds().toFixed(1)} s after the start; Ctrl+C ends)`,
    );
    output.result({ url: server.url, ...summary, seconds: seconds() });
    await server.untilTold();
  },
};

/** What is said where the service alone did not come about: what was made need not be made anew. */
const finishedAll = (bundle: string, cause: Error): Error =>
  cause instanceof TenfoldError
    ? new TenfoldError(
        cause.code,
        `${cause.message} The bundle is finished: ${servedBy(bundle)} serves it.`,
        { cause },
      )
    : cause;

const servedBy = (bundle: string): string => `npx tenfold serve --bundle ${bundle}`;
