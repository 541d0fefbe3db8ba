import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parser } from '@prometheus-io/lezer-promql';
import type { Exchange } from '../../serve/operations/exchange.js';
import { createMetrics } from '../../serve/operations/metrics.js';
import { type Sample, samplesOf } from '../serve/operations/scrape.js';
import { MODEL, startSmallService } from '../serve/operations/small-service.js';
import { readText } from './files.js';

/** The parts of Grafana's dashboard JSON model that are looked at. */
interface Dashboard {
  uid: string;
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string }[] };
}
interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string }[];
}

const dashboard: Dashboard = JSON.parse(readText('deploy/grafana/tenfold.json'));
const targets = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({ title, ...target })),
);
/** What Prometheus adds to what it scrapes. */
const SCRAPED_LABELS = ['instance', 'job'];

/** What `/metrics` has once the service has worked. */
async function scrape(): Promise<Sample[]> {
  const metrics = createMetrics(() => [{ model: MODEL, queueLength: 0, workersReady: 1 }]);
  metrics.answered({ model: MODEL, failure: null, images: 1, totalMilliseconds: 1, queueMilliseconds: 0 });
  metrics.computed({
    model: MODEL,
    requests: 1,
    images: 1,
    preprocessMilliseconds: 1,
    inferenceMilliseconds: 1,
  });
  metrics.responded({ route: '/predict', status: 200, durationMilliseconds: 1 } as Exchange);
  const service = await startSmallService([], (app) => app.get('/metrics', metrics.handler));
  const text = await (await fetch(`${service.url}/metrics`)).text();
  await service.close();
  return samplesOf(text);
}

/** Metrics with the labels that a query matches, and the labels that it groups by. @throws where it is no PromQL. */
function readQuery(expression: string) {
  const query = expression.replaceAll('$__rate_interval', '1m').replaceAll(/\$(model|instance)/g, '.*');
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouped: string[] = [];
  let inGroup = false;
  parser.parse(query).iterate({
    enter({ name, type, from, to }) {
      assert.ok(!type.isError, `no PromQL at ${from}: ${query}`);
      const text = query.slice(from, to);
      if (name === 'GroupingLabels') inGroup = true;
      if (name === 'Identifier') selectors.push({ metric: text, labels: [] });
      if (name === 'LabelName') (inGroup ? grouped : selectors.at(-1)!.labels).push(text);
    },
    leave({ name }) {
      if (name === 'GroupingLabels') inGroup = false;
    },
  });
  return { selectors, grouped };
}

test('queries are read: metrics, labels that are matched and labels that are grouped by', () => {
  assert.deepEqual(readQuery('sum by (le, a) (rate(x_bucket{b="1",c=~"$model"}[$__rate_interval])) / y'), {
    selectors: [
      { metric: 'x_bucket', labels: ['b', 'c'] },
      { metric: 'y', labels: [] },
    ],
    grouped: ['le', 'a'],
  });
  assert.throws(() => readQuery('sum by (rate(x[1m]'), /no PromQL/);
});

test('every query is PromQL about metrics and labels that the service has', async () => {
  const samples = await scrape();
  const labelsOf = (metric: string) =>
    new Set(samples.filter(({ name }) => name === metric).flatMap(({ labels }) => Object.keys(labels)));
  assert.ok(targets.length > 20, `${targets.length} queries`);
  for (const { title, expr, legendFormat } of targets) {
    const { selectors, grouped } = readQuery(expr);
    assert.ok(selectors.length > 0, title);
    for (const { metric, labels } of selectors) {
      assert.ok(
        samples.some(({ name }) => name === metric),
        `${title}: /metrics has no ${metric}`,
      );
      const known = new Set([...labelsOf(metric), ...SCRAPED_LABELS]);
      for (const label of [...labels, ...grouped])
        assert.ok(known.has(label), `${title}: ${metric} has no ${label}`);
      // A legend has what the query leaves of the labels: what it groups by, or all of a plain series.
      const left = new Set(expr.includes('sum') ? grouped : known);
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        assert.ok(left.has(label!), `${title}: the legend's ${label}`);
      }
    }
  }
});

test('each of our own metrics is on it', async () => {
  const shown = new Set(targets.flatMap(({ expr }) => readQuery(expr).selectors.map(({ metric }) => metric)));
  const family = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
  const ours = new Set(
    (await scrape()).map(({ name }) => name).filter((name) => /^(nv|tenfold)_/.test(name)),
  );
  const families = new Set([...shown].map(family));
  // Quantiles and means of the histogram of the same name in seconds say more.
  const left = [...ours].filter((name) => !families.has(family(name)));
  assert.deepEqual(left, ['nv_inference_request_duration_us']);
});

test('variables ask for labels that there are', async () => {
  const samples = await scrape();
  for (const { name, definition } of dashboard.templating.list.filter(({ type }) => type === 'query')) {
    const [, metric, label] = /^label_values\((\w+), (\w+)\)$/.exec(definition ?? '') ?? [];
    const sample = samples.find((candidate) => candidate.name === metric);
    assert.ok(sample, `${name}: ${definition}`);
    assert.ok([...Object.keys(sample.labels), ...SCRAPED_LABELS].includes(label!), `${name}: ${definition}`);
  }
});

test('panels have names and places of their own', () => {
  const { panels } = dashboard;
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length);
  const taken = new Map<string, string>();
  for (const { title, gridPos } of panels) {
    assert.ok(gridPos.x + gridPos.w <= 24, `${title} is wider than the page`);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        assert.equal(taken.get(`${x},${y}`), undefined, `${title} lies on another panel`);
        taken.set(`${x},${y}`, title);
      }
    }
  }
});
