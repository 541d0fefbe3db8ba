import { load, type RunningService } from './services.js';
import { type Effort, type Figures, figuresOf, inTurns, whole } from './turns.js';

export const CONNECTION_COUNTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] as const;

/** The figures with so many connections. */
export interface Step extends Figures {
  connections: number;
}

/** One 28x28 PNG a request from 1 to 512 connections, in turns: a markdown table and what came of it. */
export async function benchConnections({ url }: RunningService, effort: Effort): Promise<string> {
  const sides = CONNECTION_COUNTS.map((connections) => ({
    measure: async (seconds: number) =>
      figuresOf(await load({ url, model: '', kind: 'png', connections, seconds })),
  }));
  const figures = await inTurns(sides, effort);
  return connectionsTable(
    figures.map((each, index) => ({ ...each, connections: CONNECTION_COUNTS[index]! })),
  );
}

/** The share by which throughput falls from its best to its lowest with more connections than the best's. */
export function fallFromBest(steps: readonly Step[]): number {
  const best = steps.reduce((highest, step) => (step.perSecond > highest.perSecond ? step : highest));
  const beyond = steps.filter(({ connections }) => connections >= best.connections);
  return 1 - Math.min(...beyond.map(({ perSecond }) => perSecond)) / best.perSecond;
}

/** How much more p99 grew than connections did, from the first step to this one: at most 1 is no faster. */
export const relativeGrowth = (step: Step, first: Step): number =>
  step.p99Milliseconds! / first.p99Milliseconds! / (step.connections / first.connections);

export function connectionsTable(steps: readonly Step[]): string {
  const first = steps[0]!;
  const best = Math.max(...steps.map(({ perSecond }) => perSecond));
  const rows = steps.map((step) => {
    const { connections, perSecond, p50Milliseconds, p99Milliseconds, failures } = step;
    const times = `${p50Milliseconds!.toFixed(2)} | ${p99Milliseconds!.toFixed(2)}`;
    const share = `${((100 * perSecond) / best).toFixed(0)}%`;
    const growth = relativeGrowth(step, first).toFixed(2);
    return `| ${connections} | ${whole(perSecond)} | ${share} | ${times} | ${growth} | ${failures} |`;
  });
  return [
    '| connections, one 28x28 PNG a request | requests/s | of the best | p50 ms | p99 ms | growth of p99 / of connections | failures |',
    '| --: | --: | --: | --: | --: | --: | --: |',
    ...rows,
    '',
    `From the best on throughput falls by ${(100 * fallFromBest(steps)).toFixed(1)}% at most; p50 at one connection ${first.p50Milliseconds!.toFixed(2)} ms.`,
  ].join('\n');
}
