import { parseArgs } from 'node:util';
import { integer, text } from '../cli/command.js';
import { findBundle } from '../cli/find-bundle.js';
import { describe, TenfoldError, unmet } from '../core/errors.js';
import { benchBatches } from './batches.js';
import { benchExport } from './export.js';
import { benchExportMemory } from './export-memory.js';
import { benchMemory } from './memory.js';
import { NETWORKS, type Network } from './networks.js';
import { benchServe, benchServeMemory } from './serve/serve.js';
import { EFFORT } from './serve/turns.js';
import { benchTraining } from './train.js';
import { benchWeb, ROUNDS } from './web/web.js';

/**
 * `npm run bench [-- train] [-- batches] [-- serve] [-- export] [-- web]`: each beside its peer, in turns, in one run. `train` takes
 * `--network NAME` and `--python PATH`, both repeatable, `--steps N`, `--threads N`, and `--memory` to follow a training's memory instead;
 * `batches` takes `--steps N` and `--threads N`; `serve` takes `--bundle DIR`, `--rounds N`, `--seconds N` (of one side in a
 * round), and `--memory` to follow the service's memory over ten times `--requests N` instead; `export` takes `--python PATH`,
 * `--rounds N` and `--threads N`, and `--memory` to measure what a large network takes instead; `web` takes `--bundle DIR` and `--rounds N`. Exit status 1: it failed, the memory grew or was too
 * much, or the browser is over a budget.
 */
const OPTIONS = {
  bundle: { type: 'string' },
  memory: { type: 'boolean' },
  network: { type: 'string', multiple: true },
  python: { type: 'string', multiple: true },
  requests: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  steps: { type: 'string' },
  threads: { type: 'string' },
} as const;

type Values = ReturnType<typeof parse>['values'];
const parse = () => parseArgs({ options: OPTIONS, allowPositionals: true });

const BENCHMARKS: Record<string, (values: Values) => Promise<string>> = {
  train: async (values) => {
    const threads = integer(values, 'threads', [1, 1024]);
    const networks = values.network?.map(networkOf);
    const common = { ...(threads && { threads }), ...(networks && { networks }) };
    if (values.memory) {
      const { report, isBounded } = await benchMemory(common);
      if (!isBounded) process.exitCode = 1;
      return report;
    }
    const steps = integer(values, 'steps', [1, 100_000]);
    return benchTraining({ ...common, ...(steps && { steps }), pythons: values.python ?? [] });
  },
  batches: (values) => {
    const threads = integer(values, 'threads', [1, 1024]);
    const steps = integer(values, 'steps', [1, 100_000]);
    return benchBatches({ ...(threads && { threads }), ...(steps && { steps }) });
  },
  serve: async (values) => {
    const bundle = findBundle(text(values, 'bundle'));
    if (values.memory) {
      const requests = integer(values, 'requests', [1, 1_000_000]);
      const { report, isBounded } = await benchServeMemory(bundle, requests);
      if (!isBounded) process.exitCode = 1;
      return report;
    }
    const rounds = integer(values, 'rounds', [1, 100]) ?? EFFORT.rounds;
    const seconds = integer(values, 'seconds', [1, 600]) ?? EFFORT.seconds;
    return benchServe(bundle, { rounds, seconds });
  },
  export: async (values) => {
    if (values.memory) {
      const { report, isBounded } = await benchExportMemory();
      if (!isBounded) process.exitCode = 1;
      return report;
    }
    const threads = integer(values, 'threads', [1, 1024]);
    const runs = integer(values, 'rounds', [1, 100_000]);
    return benchExport({ ...(threads && { threads }), ...(runs && { runs }), pythons: values.python ?? [] });
  },
  web: async (values) => {
    const bundle = findBundle(text(values, 'bundle'));
    const { report, isWithin } = await benchWeb(bundle, integer(values, 'rounds', [1, 100]) ?? ROUNDS);
    if (!isWithin) process.exitCode = 1;
    return report;
  },
};

function networkOf(name: string): Network {
  return oneOf('--network', name, NETWORKS);
}

function oneOf<T extends string>(what: string, name: string, names: readonly T[]): T {
  const found = names.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw unmet({
    code: 'bad-usage',
    what,
    expected: `one of ${names.join(', ')}`,
    got: describe(name),
    advice: 'Choose one of them.',
  });
}

/** What `parseArgs` throws of an option that there is not. */
const isParseError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

try {
  const { values, positionals } = parse();
  const names = Object.keys(BENCHMARKS);
  const wanted =
    positionals.length > 0 ? positionals.map((name) => oneOf('the benchmark', name, names)) : names;
  for (const name of wanted) console.log(`## ${name}\n\n${await BENCHMARKS[name]!(values)}\n`);
} catch (error) {
  if (!(error instanceof TenfoldError) && !isParseError(error)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof TenfoldError && error.code !== 'bad-usage' ? 1 : 2;
}
