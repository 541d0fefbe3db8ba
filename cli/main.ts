import { parseArgs } from 'node:util';
import { describe, type ErrorCode, TenfoldError, unmet } from '../core/errors.js';
import { unwritable } from '../core/file-errors.js';
import type { Command, Output } from './command.js';

/** Each loads what it needs when it is asked for: TensorFlow.js alone takes longer to load than `predict` to run. */
const COMMANDS = {
  pipeline: async () => (await import('./commands/pipeline.js')).pipelineCommand,
  train: async () => (await import('./commands/train.js')).trainCommand,
  evaluate: async () => (await import('./commands/evaluate.js')).evaluateCommand,
  export: async () => (await import('./commands/export.js')).exportCommand,
  card: async () => (await import('./commands/card.js')).cardCommand,
  verify: async () => (await import('./commands/verify.js')).verifyCommand,
  serve: async () => (await import('./commands/serve.js')).serveCommand,
  predict: async () => (await import('./commands/predict.js')).predictCommand,
  sweep: async () => (await import('./commands/sweep.js')).sweepCommand,
  worker: async () => (await import('./commands/worker.js')).workerCommand,
  augment: async () => (await import('./commands/augment.js')).augmentCommand,
  report: async () => (await import('./commands/report.js')).reportCommand,
  experiments: async () => (await import('./commands/experiments.js')).experimentsCommand,
  'fit-pieces': async () => (await import('./commands/fit-pieces.js')).fitPiecesCommand,
  recipes: async () => (await import('./commands/recipes.js')).recipesCommand,
} satisfies Record<string, () => Promise<Command>>;

const COMMON_OPTIONS = {
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** 1: the work failed; 2: bad usage or input; 130, as shells have it: interrupted. */
const EXIT_STATUS: { [C in ErrorCode]: 1 | 2 | 130 } = {
  'bad-usage': 2,
  'bad-input': 2,
  'not-found': 2,
  'too-large': 2,
  'unsupported-media': 2,
  corrupt: 2,
  incompatible: 2,
  forbidden: 1,
  offline: 1,
  'storage-full': 1,
  unavailable: 1,
  interrupted: 130,
  failed: 1,
};

/** Runs one command and returns the exit status; errors become one or two lines on standard error. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? process.stderr : process.stdout).write(await help());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-V') {
    process.stdout.write(`${(await import('../serve/version.js')).SERVICE_VERSION}\n`);
    return 0;
  }
  process.stdout.on('error', (error) => endWithoutOutput(error, args.includes('--verbose')));
  // Progress that nobody can be shown is no reason to end the work.
  process.stderr.on('error', () => {});
  try {
    await runCommand(name, rest);
    return 0;
  } catch (error) {
    return report(error, args.includes('--verbose'));
  }
}

/**
 * A reader that has had enough, as in `tenfold recipes | head -1`, is no failure, and nobody is left to tell; output that
 * a full disk does not take is one.
 */
function endWithoutOutput(error: NodeJS.ErrnoException, verbose: boolean): void {
  if (error.code === 'EPIPE') process.exit(0);
  process.exit(report(unwritable(error, 'standard output', 'or send it elsewhere'), verbose));
}

async function runCommand(name: string, args: string[]): Promise<void> {
  if (!Object.hasOwn(COMMANDS, name)) {
    throw unmet({
      code: 'bad-usage',
      what: 'the command',
      expected: `one of ${Object.keys(COMMANDS).join(', ')}`,
      got: describe(name),
      advice: 'See tenfold --help.',
    });
  }
  const command: Command = await COMMANDS[name as keyof typeof COMMANDS]();
  const options = { ...command.options, ...COMMON_OPTIONS };
  const { values, positionals } = parse(name, args, options);
  if (values.help) {
    process.stdout.write(`tenfold ${name} ${command.usage}\n${command.summary}\n`);
    return;
  }
  await command.run({ values, positionals, output: createOutput(values.json === true) });
}

/** @throws TenfoldError `bad-usage` where an option is none of the command's, or lacks its value. */
function parse(name: string, args: string[], options: Command['options']) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    const [reason] = (cause as Error).message.split(/\.\s/);
    throw unmet({
      code: 'bad-usage',
      what: `the options of ${name}`,
      expected: Object.entries(options)
        .map(([option, { type }]) => `--${option}${type === 'string' ? '=VALUE' : ''}`)
        .join(', '),
      got: `"${reason}"`,
      advice: `See tenfold ${name} --help.`,
      cause,
    });
  }
}

function createOutput(json: boolean): Output {
  const people = json ? process.stderr : process.stdout;
  return {
    json,
    say: (line) => {
      people.write(`${line}\n`);
    },
    result: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
  };
}

function report(error: unknown, verbose: boolean): number {
  const failure = error as Error;
  // A progress bar may stand in the line.
  const fresh = process.stderr.isTTY ? '\r\x1b[K' : '';
  process.stderr.write(`${fresh}tenfold: ${verbose ? failure.stack : failure.message}\n`);
  return error instanceof TenfoldError ? EXIT_STATUS[error.code] : 1;
}

async function help(): Promise<string> {
  const rows = Object.entries(COMMANDS).map(async ([name, load]) => {
    const { usage, summary } = await load();
    return `  ${name} ${usage}\n      ${summary}\n`;
  });
  return `tenfold COMMAND [--json] [--verbose] [--help]\ntenfold --version\n\n${(await Promise.all(rows)).join('')}`;
}
