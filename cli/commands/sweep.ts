import { join } from 'node:path';
import { unmet } from '../../core/errors.js';
import { askWhetherMeant } from '../../core/nearest.js';
import { BACKEND_CHOICES, DEVICE_CHOICES } from '../../train/backend.js';
import { writeReport } from '../../train/reports/index.js';
import { gridPoints } from '../../train/sweeps/grid.js';
import { localExecutor, logOf } from '../../train/sweeps/local.js';
import { keyOf, planRuns, slugOf, variedSettings } from '../../train/sweeps/plan.js';
import { redisPlace } from '../../train/sweeps/queue/connection.js';
import { queueExecutor } from '../../train/sweeps/queue/sweeper.js';
import { sweepTable } from '../../train/sweeps/summary.js';
import { entryOf, runSweep, type SweepOptions, type SweepOutcome } from '../../train/sweeps/sweep.js';
import { SWEEPS, type Sweep, type SweepName, type SweepPoint } from '../../train/sweeps/table.js';
import {
  atMostPositionals,
  type Command,
  choice,
  type Invocation,
  integer,
  type Output,
  text,
} from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { divideMachine, divisionText, JOB_OPTIONS } from '../jobs.js';
import { RUNS_FOLDER } from '../places.js';
import { PROGRAM } from '../program.js';
import { parseSeeds } from '../seeds.js';
import { eachOnce } from '../settings.js';
import { withdraw } from '../withdrawal.js';
import { EVALUATE_CHOICES, TRAINING_OPTIONS } from './train.js';

type Values = Invocation['values'];
type ChosenSweep = Sweep & { name: string };
const HIGHEST = 2 ** 31 - 1;
const { seed: _, ...SHARED_OPTIONS } = TRAINING_OPTIONS;

/** `tenfold sweep`: many trainings that differ in one thing, side by side. */
export const sweepCommand: Command = {
  usage:
    'NAME | --grid key=a,b,c ... [--recipe NAME] [--seeds 1..3] [--epochs N] [--batch-size N] [--max-steps N] [--set key=value ...] ' +
    '[--evaluate-every end|epoch|step] [--backend NAME] [--device NAME] [--jobs N] [--threads N] [--out DIR] [--queue redis://HOST [--withdraw]] [--data DIR]',
  summary: `Trains what is to be compared, several at a time, resumable: ${Object.keys(SWEEPS).join(', ')}, or a grid.`,
  options: {
    ...SHARED_OPTIONS,
    ...JOB_OPTIONS,
    grid: { type: 'string', multiple: true },
    recipe: { type: 'string' },
    seeds: { type: 'string' },
    'max-steps': { type: 'string' },
    'evaluate-every': { type: 'string' },
    out: { type: 'string' },
    queue: { type: 'string' },
    withdraw: { type: 'boolean' },
  },
  async run({ values, positionals, output }) {
    atMostPositionals(positionals, 1);
    const sweep = chosenSweep(positionals[0], values);
    const folder = text(values, 'out') ?? join(RUNS_FOLDER, `sweep-${sweep.name}`);
    if (values.withdraw === true) return withdraw(folder, text(values, 'queue'), output);
    const runs = planRuns(sweep.points, parseSeeds(text(values, 'seeds') ?? '1'), {
      settings: sharedSettings(values, sweep.points),
      maxSteps: integer(values, 'max-steps', [1, HIGHEST]),
      // The reports measure the test set after every epoch; a grid of one's own leaves it alone until the end.
      evaluateEvery: choice(
        values,
        'evaluate-every',
        EVALUATE_CHOICES,
        positionals.length > 0 ? 'epoch' : 'end',
      ),
    });
    const executor = executorOf(values, folder);
    const isQueued = values.queue !== undefined;
    const concluded = { sweep, folder, data: text(values, 'data'), isQueued };
    await untilInterrupted((signal) =>
      runSweep({
        ...sweep,
        runs,
        folder,
        data: text(values, 'data'),
        executor,
        stream: process.stderr,
        signal,
        conclude(outcome) {
          if (signal.aborted) throw interruption(folder, signal.reason, outcome);
          return conclude(concluded, outcome, output);
        },
      }),
    );
  },
};

/** @throws TenfoldError `bad-usage` where there is neither a name nor a grid, or both, or no such name */
function chosenSweep(name: string | undefined, values: Values): ChosenSweep {
  const axes = (values.grid as string[] | undefined) ?? [];
  const recipe = text(values, 'recipe');
  const names = Object.keys(SWEEPS).join(', ');
  if (name === undefined && axes.length > 0) {
    const points = gridPoints(recipe ?? 'fast', axes);
    const keys = axes.map(keyOf);
    return {
      name: slugOf([recipe ?? 'fast', ...keys].join('-')),
      title: `${recipe ?? 'fast'}: ${keys.join(' and ')}`,
      points,
    };
  }
  const badSweep = (expected: string, got: string, advice: string) =>
    unmet({ code: 'bad-usage', what: 'the sweep', expected, got, advice });
  if (name === undefined) throw badSweep(`one of ${names}, or --grid key=a,b,c`, 'neither', 'Name one.');
  if (axes.length > 0 || recipe !== undefined) {
    throw badSweep(
      'a name alone, or --grid and --recipe alone',
      `${name} and ${axes.length > 0 ? '--grid' : '--recipe'}`,
      'Leave one out.',
    );
  }
  if (!Object.hasOwn(SWEEPS, name)) {
    throw badSweep(
      `one of ${names}`,
      JSON.stringify(name),
      `${askWhetherMeant(name, Object.keys(SWEEPS))}Or give --grid key=a,b,c with --recipe NAME.`,
    );
  }
  const sweep: Sweep = SWEEPS[name as SweepName];
  return { name, ...sweep };
}

/** @throws TenfoldError `bad-usage` where a setting for all is given twice or is one that the sweep varies; the epochs of recipes may be cut for all */
function sharedSettings(values: Values, points: readonly SweepPoint[]): readonly string[] {
  const epochs = text(values, 'epochs');
  const batchSize = text(values, 'batch-size');
  const settings = eachOnce([
    ...(batchSize === undefined ? [] : [`batchSize=${batchSize}`]),
    ...((values.set as string[] | undefined) ?? []),
    ...(epochs === undefined ? [] : [`epochs=${epochs}`]),
  ]);
  const varied = variedSettings(points);
  const clash = settings.find((setting) => varied.has(keyOf(setting)));
  if (clash !== undefined) {
    throw unmet({
      code: 'bad-usage',
      what: 'what is set for all runs',
      expected: 'settings that the sweep itself leaves alone',
      got: clash,
      advice: 'Leave it out, or give a --grid of your own.',
    });
  }
  return settings;
}

/** @throws TenfoldError `bad-usage` where an option is out of its range */
function executorOf(values: Values, folder: string): SweepOptions['executor'] {
  const backend = choice(values, 'backend', BACKEND_CHOICES, 'auto');
  const device = choice(values, 'device', DEVICE_CHOICES, 'auto');
  const data = text(values, 'data');
  const url = text(values, 'queue');
  if (url !== undefined) {
    redisPlace(url);
    requireNoneOf(values, ['jobs', 'threads', 'backend', 'device']);
    return ({ plan, left, dataSha256, say }) => {
      say(`${left.length} runs for the workers of the queue, into ${folder}`);
      return queueExecutor({ url, plan, dataSha256, folder, say });
    };
  }
  const divide = divideMachine(values, device);
  return ({ left, record, say }) => {
    const { jobs, threads } = divide(left.length);
    say(`${left.length} runs into ${folder}, ${divisionText({ jobs, threads })}`);
    return localExecutor({
      folder,
      setup: { program: PROGRAM, backend, device, threads, data },
      jobs,
      record,
      say,
    });
  };
}

/** @throws TenfoldError `bad-usage` where an option is given that each worker decides for itself */
function requireNoneOf(values: Values, names: readonly string[]): void {
  const given = names.filter((name) => values[name] !== undefined);
  if (given.length === 0) return;
  throw unmet({
    code: 'bad-usage',
    what: 'the options beside --queue',
    expected: 'what is the same on every machine',
    got: given.map((name) => `--${name}`).join(', '),
    advice: 'Give that to `tenfold worker`.',
  });
}

const interruption = (folder: string, reason: unknown, { results }: SweepOutcome) =>
  unmet({
    code: 'interrupted',
    what: `the sweep in ${folder}`,
    expected: `${results.length} finished runs`,
    got: `${reason} after ${results.filter(({ status }) => status === 'finished').length}`,
    advice: 'All that was trained is saved: give the same command again to go on.',
  });

interface Concluded {
  sweep: ChosenSweep;
  folder: string;
  data: string | undefined;
  /** Whether workers did the runs, whose logs are not here. */
  isQueued: boolean;
}

/**
 * Shows what came of a sweep, and writes its report.
 * @throws TenfoldError `failed` where a run did
 */
async function conclude(
  { sweep, folder, data, isQueued }: Concluded,
  { results, rows }: SweepOutcome,
  output: Output,
): Promise<void> {
  output.say(`${sweep.title}\n${sweepTable(rows)}`);
  const report = await reportOn({ sweep, folder, data }, { results, rows });
  if (report !== undefined) output.say(`Report: ${report}`);
  output.result({
    sweep: sweep.name,
    title: sweep.title,
    folder,
    runs: results.map(entryOf),
    table: rows,
    ...(report !== undefined && { report }),
  });
  const failed = results.flatMap((result) => (result.status === 'failed' ? [result] : []));
  if (failed.length === 0) return;
  throw unmet({
    code: 'failed',
    what: `the sweep in ${folder}`,
    expected: `${results.length} finished runs`,
    got: `${results.length - failed.length}; failed: ${failed.map(({ spec }) => spec.id).join(', ')}`,
    advice: `${isQueued ? 'The table says why' : `See ${logOf(folder, failed[0]!.spec)}`}; the same command tries them again.`,
  });
}

/** Writes the report of the runs that finished, by the values that the sweep gave them; its path, where there are any. */
async function reportOn(
  { sweep, folder, data }: Omit<Concluded, 'isQueued'>,
  { results, rows }: SweepOutcome,
): Promise<string | undefined> {
  const finished = results.filter(({ status }) => status === 'finished').map(({ spec }) => spec);
  if (finished.length === 0) return undefined;
  const published = new Map(rows.map((row) => [row.label, row.published]));
  const { html } = await writeReport({
    runs: finished.map(({ id }) => join(folder, id)),
    out: folder,
    title: sweep.title,
    labels: finished.map(({ label }) => label),
    published: finished.map(({ label }) => published.get(label)),
    ...(data !== undefined && { data }),
  });
  return html;
}
