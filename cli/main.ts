import { parseArgs } from 'node:util';
import { describe, type ErrorCode, TenfoldError, unmet } from '../core/errors.js';
import { unwritable } from '../core/file-errors.js';
import { askWhetherMeant } from '../core/nearest.js';
import type { Command, Output } from './command.js';

// Untold, ONNX Runtime keeps an id of the device under the home folder from its first session on, and sends events to its maker.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

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

/**
 * Runs one command and returns the exit status; errors become one or two lines on standard error, and under `--json` the result, where there
 * is none.
 */
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
  const output = createOutput(rest.includes('--json'));
  try {
    await runCommand(name, rest, output);
    return 0;
  } catch (error) {
    if (!output.hasResult())
      output.result({ error: { code: codeOf(error), message: (error as Error).message } });
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

async function runCommand(name: string, args: string[], output: Output): Promise<void> {
  if (!Object.hasOwn(COMMANDS, name)) {
    throw unmet({
      code: 'bad-usage',
      what: 'the command',
      expected: `one of ${Object.keys(COMMANDS).join(', ')}`,
      got: describe(name),
      advice: `${askWhetherMeant(name, Object.keys(COMMANDS))}See tenfold --help.`,
    });
  }
  const command: Command = await COMMANDS[name as keyof typeof COMMANDS]();
  const options = { ...command.options, ...COMMON_OPTIONS };
  const { values, positionals } = parse(name, args, options);
  if (values.help) {
    process.stdout.write(`tenfold ${name} ${command.usage}\n${command.summary}\n`);
    return;
  }
  await command.run({ values, positionals, output });
}

/** @throws TenfoldError `bad-usage` where an option is none of the command's, lacks its value, or has several where it takes one. */
function parse(name: string, args: string[], options: Command['options']) {
  const { tokens, ...parsed } = parseTokens(name, args, options);
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  const twice = given.find((option, at) => {
    const { type, multiple } = options[option]!;
    return type === 'string' && multiple !== true && given.indexOf(option) < at;
  });
  if (twice === undefined) return parsed;
  throw unmet({
    code: 'bad-usage',
    what: `--${twice}`,
    expected: 'one value',
    got: String(given.filter((option) => option === twice).length),
    advice: 'Leave all but one out.',
  });
}

function parseTokens(name: string, args: string[], options: Command['options']) {
  try {
    return parseArgs({ args, options, allowPositionals: true, tokens: true });
  } catch (cause) {
    throw unusable(name, args, options) ?? cause;
  }
}

/** What is wrong with arguments that `parseArgs` refuses, by the first that is: its own messages tell no more than the option's name. */
function unusable(name: string, args: string[], options: Command['options']): TenfoldError | undefined {
  const refused = (what: string, expected: string, got: string, advice: string) =>
    unmet({ code: 'bad-usage', what, expected, got, advice });
  for (const token of parseArgs({ args, options, strict: false, tokens: true }).tokens) {
    if (token.kind !== 'option') continue;
    const { name: option, rawName: given, value } = token;
    const help = `tenfold ${name} --help`;
    if (!Object.hasOwn(options, option)) {
      const names = Object.keys(options).map((known) => `--${known}`);
      const advice = `${askWhetherMeant(given, names)}See ${help}.`;
      return refused(`the options of ${name}`, `some of ${names.join(', ')}`, given, advice);
    }
    if (options[option]!.type === 'boolean') {
      if (value !== undefined) return refused(given, 'no value', describe(value), `Write ${given} alone.`);
    } else if (value === undefined) {
      return refused(given, 'a value', 'none', `Write ${given} VALUE; see ${help}.`);
    } else if (!token.inlineValue && /^-./.test(value)) {
      const advice = `Write ${given} VALUE, or ${given}=${value} if that is the value; see ${help}.`;
      return refused(given, 'a value', `the option ${value}`, advice);
    }
  }
  return undefined;
}

function createOutput(json: boolean): Output & { hasResult(): boolean } {
  let hasResult = false;
  const people = json ? process.stderr : process.stdout;
  return {
    json,
    say: (line) => {
      people.write(`${line}\n`);
    },
    hasResult: () => hasResult,
    result: (value) => {
      hasResult = true;
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
  };
}

function report(error: unknown, verbose: boolean): number {
  const failure = error as Error;
  // A progress bar may stand in the line.
  const fresh = process.stderr.isTTY ? '\r\x1b[K' : '';
  process.stderr.write(`${fresh}tenfold: ${verbose ? failure.stack : failure.message}\n`);
  return EXIT_STATUS[codeOf(error)];
}

const codeOf = (error: unknown): ErrorCode => (error instanceof TenfoldError ? error.code : 'failed');

async function help(): Promise<string> {
  const rows = Object.entries(COMMANDS).map(async ([name, load]) => {
    const { usage, summary } = await load();
    return `  ${name} ${usage}\n      ${summary}\n`;
  });
  return `tenfold COMMAND [--json] [--verbose] [--help]\ntenfold --version\n\n${(await Promise.all(rows)).join('')}`;
}
