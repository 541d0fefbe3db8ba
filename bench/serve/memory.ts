import { execFileSync } from 'node:child_process';
import { mebibytes } from '../train-table.js';
import { load, type RunningService } from './services.js';

const CONNECTIONS = 32;
/** Requests from one look at the memory to the next. */
const STEP_REQUESTS = 50_000;
export const MEMORY_STEPS = 10;
/** Share by which memory may grow from the first look to the last. */
export const MOST_GROWTH = 0.1;

/** Bytes of memory that a process holds, as `ps` says. */
export const residentBytes = (pid: number): number =>
  1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));

/** Follows the service's resident memory over half a million requests. */
export async function benchMemory(
  { url, process }: RunningService,
  stepRequests = STEP_REQUESTS,
): Promise<{ report: string; isBounded: boolean }> {
  const looks: { requests: number; bytes: number }[] = [];
  for (let step = 1; step <= MEMORY_STEPS; step++) {
    const plan = { url, model: '', kind: 'png', connections: CONNECTIONS, seconds: 0 } as const;
    await load({ ...plan, requests: stepRequests });
    looks.push({ requests: step * stepRequests, bytes: residentBytes(process.pid!) });
    console.error(`${step * stepRequests} requests of ${MEMORY_STEPS * stepRequests}`);
  }
  const growth = looks.at(-1)!.bytes / looks[0]!.bytes - 1;
  const isBounded = growth <= MOST_GROWTH;
  const report = [
    `| requests, one 28x28 PNG each, ${CONNECTIONS} connections | resident memory |`,
    '| --: | --: |',
    ...looks.map(({ requests, bytes }) => `| ${requests.toLocaleString('en')} | ${mebibytes(bytes)} |`),
    '',
    `From first to last: ${growth < 0 ? '' : '+'}${(100 * growth).toFixed(1)}%, ` +
      `${isBounded ? 'within' : 'MORE THAN'} the ${100 * MOST_GROWTH}% allowed.`,
  ].join('\n');
  return { report, isBounded };
}
