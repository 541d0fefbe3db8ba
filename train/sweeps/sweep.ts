import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { unwritable } from '../../core/file-errors.js';
import type { ProgressStream } from '../progress.js';
import { sweepBoard } from './board.js';
import { hashOfDataIn, requireTheirData } from './data.js';
import { type Executor, type RunNews, readMetrics } from './outcome.js';
import { allRuns, type RunSpec, readPlan, requireSameRuns, type SweepPlan, writePlan } from './plan.js';
import { openProcessRecord, type ProcessRecord } from './process-record.js';
import { type RunResult, type SweepRow, summarize } from './summary.js';
import type { SweepPoint } from './table.js';
import { stateOf } from './train-command.js';

export interface SweepOptions {
  name: string;
  title: string;
  points: readonly SweepPoint[];
  runs: readonly RunSpec[];
  folder: string;
  /** A folder of IDX files in MNIST's place. */
  data?: string | undefined;
  /** Where progress goes. */
  stream: ProgressStream & { rows?: number };
  /** Makes what does the runs, of those that are left to do. */
  executor(parts: ExecutorParts): Executor;
  /** Comes last, while no other sweep may work in the folder. */
  conclude(outcome: SweepOutcome): Promise<void>;
  /** Once aborted, the runs under way are saved and the sweep ends. */
  signal: AbortSignal;
}

export interface ExecutorParts {
  plan: SweepPlan;
  left: readonly RunSpec[];
  /** Of what all runs are trained on. */
  dataSha256: string;
  record: ProcessRecord;
  say(line: string): void;
}

export interface SweepOutcome {
  results: readonly RunResult[];
  rows: readonly SweepRow[];
}

/**
 * Does what is left of a sweep in its folder and sums all of it up in `sweep.json`. A run that fails ends no other.
 * @throws TenfoldError `bad-usage` where the folder holds other runs under the same names or of other data, `unavailable` where another
 * sweep works in it, `failed` where it cannot be written
 */
export async function runSweep(options: SweepOptions): Promise<void> {
  const { points, runs, folder, data, stream, signal } = options;
  makeFolder(folder);
  const earlier = await readPlan(folder);
  if (earlier) requireSameRuns(earlier, runs, folder);
  const dataSha256 = await hashOfDataIn(data);
  const left = runs.filter(({ id }) => stateOf(join(folder, id)) !== 'finished');
  const finished = runs.filter((run) => !left.includes(run));
  await requireTheirData(finished, { folder, data, dataSha256 });
  const record = openProcessRecord(folder);
  const plan = planOf(options, earlier);
  await writePlan(folder, plan);
  const failures = new Map<string, string>();
  const board = sweepBoard(left, { total: runs.length, done: runs.length - left.length }, stream);
  if (left.length < runs.length) {
    board.say(`${runs.length - left.length} of ${runs.length} runs are finished already`);
  }
  const tell = (spec: RunSpec, news: RunNews) => {
    board.tell(spec, news);
    if (news.type === 'failed') failures.set(spec.id, news.reason);
  };
  try {
    if (left.length > 0) {
      const executor = options.executor({ plan, left, dataSha256, record, say: board.say });
      await executor.execute(left, tell, signal);
    }
  } finally {
    board.close();
  }
  const results = await Promise.all(runs.map((spec) => resultOf(spec, folder, failures)));
  const rows = summarize(points, results, dataSha256);
  await writePlan(folder, { ...plan, runs: results.map((result) => entryOf(result)), table: rows });
  try {
    await options.conclude({ results, rows });
  } finally {
    record.close();
  }
}

function planOf({ name, title, runs }: SweepOptions, earlier: SweepPlan | null): SweepPlan {
  const ids = new Set(runs.map(({ id }) => id));
  const otherRuns = earlier ? allRuns(earlier).filter(({ id }) => !ids.has(id)) : [];
  return {
    name,
    title,
    sweep: earlier?.sweep ?? randomUUID(),
    runs,
    ...(otherRuns.length > 0 && { otherRuns }),
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw unwritable(cause, folder, 'or name another folder by --out');
  }
}

async function resultOf(
  spec: RunSpec,
  folder: string,
  failures: ReadonlyMap<string, string>,
): Promise<RunResult> {
  const reason = failures.get(spec.id);
  if (reason !== undefined) return { spec, status: 'failed', reason };
  const run = join(folder, spec.id);
  if (stateOf(run) !== 'finished') return { spec, status: 'unfinished' };
  return { spec, status: 'finished', metrics: await readMetrics(run) };
}

/** A run as `sweep.json` and `--json` have it: its plan and what came of it. */
export const entryOf = (result: RunResult) => ({
  ...result.spec,
  status: result.status,
  ...(result.status === 'failed' && { reason: result.reason }),
  ...(result.status === 'finished' && {
    epochs: result.metrics.epochs,
    steps: result.metrics.steps,
    parameters: result.metrics.parameters,
    device: result.metrics.device,
    trainSeconds: result.metrics.trainSeconds,
    test: { accuracy: result.metrics.test.accuracy, loss: result.metrics.test.loss },
  }),
});
