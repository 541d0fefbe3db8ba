import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Executor, readMetrics, type TellNews } from './outcome.js';
import type { RunSpec } from './plan.js';
import { isRunning, type ProcessRecord } from './process-record.js';
import { recordedEnd } from './recorded-end.js';
import type { TrainingSetup } from './train-command.js';
import { startTraining, type TrainingEnd } from './training-process.js';

export interface LocalOptions {
  /** The sweep's folder: a folder a run, and `logs/`. */
  folder: string;
  setup: TrainingSetup;
  /** Runs at a time. */
  jobs: number;
  /** Keeps which processes train, for a sweep that goes on after this one was killed. */
  record: ProcessRecord;
  say(line: string): void;
}

export const logOf = (folder: string, { id }: RunSpec): string => join(folder, 'logs', `${id}.log`);

/** Runs on this machine, so many at a time, in processes of their own. */
export const localExecutor = (options: LocalOptions): Executor => ({
  async execute(specs, tell, signal) {
    const waiting = [...specs];
    // Where the sweep itself fails, as on a full disk, its trainings are not left alone.
    const failure = new AbortController();
    const stop = AbortSignal.any([signal, failure.signal]);
    const work = async () => {
      while (!stop.aborted) {
        const spec = waiting.shift();
        if (spec === undefined) return;
        await trainRun(spec, options, tell, stop).catch((error) => failure.abort(error));
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, work));
    failure.signal.throwIfAborted();
  },
});

async function trainRun(
  spec: RunSpec,
  { folder, setup, record, say }: LocalOptions,
  tell: TellNews,
  signal: AbortSignal,
): Promise<void> {
  const run = join(folder, spec.id);
  await untilLeft(record.earlier[spec.id], run, say);
  if (signal.aborted) return;
  const training = startTraining(spec, setup, { folder: run, log: logOf(folder, spec) }, (message) =>
    tell(spec, message),
  );
  tell(spec, { type: 'started', resumes: training.resumes });
  await tellEnd(spec, run, await recordedEnd(training, { record, run: spec.id, signal }), tell, signal);
}

/** A process of a killed sweep may still be saving: two must not write into one folder. */
async function untilLeft(pid: number | undefined, run: string, say: (line: string) => void): Promise<void> {
  if (pid === undefined || !isRunning(pid, run)) return;
  say(`Waiting for process ${pid} of the earlier sweep to save and to leave ${run}`);
  while (isRunning(pid, run)) await delay(50);
}

async function tellEnd(
  spec: RunSpec,
  run: string,
  end: TrainingEnd,
  tell: TellNews,
  signal: AbortSignal,
): Promise<void> {
  if (end.type === 'finished') tell(spec, { type: 'finished', metrics: await readMetrics(run) });
  else if (end.type === 'interrupted' && !signal.aborted) {
    tell(spec, { type: 'failed', reason: 'It was interrupted by somebody else; all that was done is saved' });
  } else tell(spec, end);
}
