import { join } from 'node:path';
import { unmet } from '../core/errors.js';
import { allRuns, readPlan } from '../train/sweeps/plan.js';
import { openProcessRecord } from '../train/sweeps/process-record.js';
import { withdrawSweep } from '../train/sweeps/queue/withdraw.js';
import { stateOf } from '../train/sweeps/train-command.js';
import type { Output } from './command.js';
import { untilInterrupted } from './interruption.js';

/**
 * Takes what a sweep has in a queue out of it, and all that was trained into its folder.
 * @throws TenfoldError `bad-usage` where no queue is named, `not-found` where the folder has no sweep, `unavailable` where one
 * is under way in it or no server answers, `interrupted` where it was told to end before all was there
 */
export async function withdraw(folder: string, url: string | undefined, output: Output): Promise<void> {
  if (url === undefined) {
    throw unmet({
      code: 'bad-usage',
      what: '--withdraw',
      expected: '--queue redis://HOST beside it',
      got: 'none',
      advice: 'Name the Redis server of the sweep.',
    });
  }
  const plan = await readPlan(folder);
  if (plan === null) {
    throw unmet({
      code: 'not-found',
      what: '--withdraw',
      expected: `a sweep that was begun in ${folder}`,
      got: 'none',
      advice: 'Give the command that began it, with its --out.',
    });
  }
  // A sweep under way would put its runs there anew.
  const record = openProcessRecord(folder);
  let reason: unknown;
  await untilInterrupted((signal) => {
    signal.addEventListener('abort', () => {
      reason = signal.reason;
    });
    return withdrawSweep({ url, plan, folder, say: output.say, signal });
  });
  record.close();
  const runs = allRuns(plan).map(({ id, label, seed }) => ({
    id,
    label,
    seed,
    state: stateOf(join(folder, id)),
  }));
  const count = (state: string) => runs.filter((run) => run.state === state).length;
  if (reason !== undefined) {
    throw unmet({
      code: 'interrupted',
      what: `the sweep in ${folder}`,
      expected: `${runs.length} runs taken back`,
      got: `${reason} before`,
      advice: 'The workers give their runs back all the same: the same command takes them.',
    });
  }
  output.say(
    `Withdrawn: ${count('finished')} finished, ${count('begun')} begun, ${count('new')} not begun; ` +
      `all that was trained is in ${folder}`,
  );
  output.result({ sweep: plan.name, folder, runs });
}
