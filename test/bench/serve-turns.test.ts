import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionsTable, fallFromBest, relativeGrowth, type Step } from '../../bench/serve/connections.js';
import { type Figures, inTurns, ratioRow } from '../../bench/serve/turns.js';

const figures = (perSecond: number, p99Milliseconds: number | null = 10, failures = 0): Figures => ({
  perSecond,
  p50Milliseconds: 1,
  p99Milliseconds,
  failures,
});
const step = (connections: number, perSecond: number, p99Milliseconds: number): Step => ({
  ...figures(perSecond, p99Milliseconds),
  connections,
});

test('sides are measured in turns after a warm-up, and the median of each is taken', async () => {
  const order: string[] = [];
  const side = (name: string, values: number[]) => ({
    async measure(seconds: number) {
      order.push(`${name} ${seconds}`);
      return figures(values.shift()!, values.length, 1);
    },
  });
  const [a, b] = await inTurns([side('a', [9, 1, 5, 3]), side('b', [8, 70, 20, 30])], {
    rounds: 3,
    seconds: 4,
  });
  assert.deepEqual(order, ['a 2', 'b 2', 'a 4', 'b 4', 'a 4', 'b 4', 'a 4', 'b 4']);
  assert.deepEqual([a!.perSecond, b!.perSecond], [3, 30]);
  assert.equal(a!.p99Milliseconds, 1);
  assert.equal(a!.failures, 3);
});

test('ratios, and none where requests failed or single ones are not timed', () => {
  assert.equal(ratioRow(figures(300, 5), figures(100, 20)), '| ratio | 3.00x | | 0.25x | |');
  assert.equal(ratioRow(figures(80), figures(100, null), 'ratio to it'), '| ratio to it | 0.80x | |  | |');
  assert.match(ratioRow(figures(300, 5, 1), figures(100)), /not every answer was 200/);
});

test('what comes before the best throughput is no fall, what comes after is', () => {
  const steps = [step(1, 100, 2), step(2, 1000, 3), step(4, 950, 5), step(8, 900, 40)];
  assert.ok(Math.abs(fallFromBest(steps) - 0.1) < 1e-12);
  assert.equal(fallFromBest([step(1, 100, 2), step(2, 200, 2)]), 0);
  assert.equal(relativeGrowth(steps[2]!, steps[0]!), 0.625);
  assert.equal(relativeGrowth(steps[3]!, steps[0]!), 2.5);
  const table = connectionsTable(steps);
  assert.match(table, /^\| 8 \| 900 \| 90% \| 1\.00 \| 40\.00 \| 2\.50 \| 0 \|$/m);
  assert.match(table, /falls by 10\.0% at most; p50 at one connection 1\.00 ms/);
});
