import assert from 'node:assert/strict';
import { test } from 'node:test';
import { register } from 'prom-client';
import type { ErrorCode } from '../../../core/errors.js';
import type { RequestEvent } from '../../../serve/observer.js';
import type { Exchange } from '../../../serve/operations/exchange.js';
import { createMetrics, type Metrics } from '../../../serve/operations/metrics.js';
import { MOST_LABELLED_MODELS } from '../../../serve/operations/model-labels.js';
import { toOpenMetrics } from '../../../serve/operations/open-metrics.js';
import { sampled, samplesOf } from './scrape.js';
import { MODEL, startSmallService, until } from './small-service.js';

/** What a Prometheus of version 3 asks for. */
const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
const LABELS = { model: MODEL.name, version: MODEL.version };

async function scrape(metrics: Metrics, accept = '*/*') {
  const service = await startSmallService([], (app) => app.get('/metrics', metrics.handler));
  const response = await fetch(`${service.url}/metrics`, { headers: { accept } });
  const text = await response.text();
  await service.close();
  return { text, type: response.headers.get('content-type'), samples: samplesOf(text) };
}

const answered = (event: Partial<RequestEvent> = {}): RequestEvent => ({
  model: MODEL,
  failure: null,
  images: 2,
  totalMilliseconds: 3,
  queueMilliseconds: 1,
  ...event,
});

test('requests and batches are summed as Triton sums them', async () => {
  const metrics = createMetrics(() => [{ model: MODEL, queueLength: 5, workersReady: 2 }]);
  metrics.answered(answered());
  metrics.answered(answered({ images: 1, totalMilliseconds: 0.2, queueMilliseconds: 0.05 }));
  metrics.computed({
    model: MODEL,
    requests: 2,
    images: 3,
    preprocessMilliseconds: 0.5,
    inferenceMilliseconds: 0.25,
  });
  metrics.crashed({ model: MODEL, error: new Error('gone') });
  const { samples } = await scrape(metrics);
  const value = (name: string) => sampled(samples, name, LABELS);
  assert.equal(value('nv_inference_request_success'), 2);
  assert.equal(value('nv_inference_count'), 3);
  assert.equal(value('nv_inference_exec_count'), 1);
  assert.equal(value('nv_inference_request_duration_us'), 3200);
  assert.equal(value('nv_inference_queue_duration_us'), 1050);
  // Each of the two requests waited for the whole batch.
  assert.equal(value('nv_inference_compute_input_duration_us'), 1000);
  assert.equal(value('nv_inference_compute_infer_duration_us'), 500);
  assert.equal(value('tenfold_worker_crashes_total'), 1);
  assert.equal(value('tenfold_queue_length'), 5);
  assert.equal(value('tenfold_workers_ready'), 2);
});

test('a model that nothing has happened to yet has counters at 0', async () => {
  const { samples } = await scrape(createMetrics(() => [{ model: MODEL, queueLength: 0, workersReady: 1 }]));
  for (const name of [
    'nv_inference_request_success',
    'nv_inference_count',
    'tenfold_worker_crashes_total',
    'tenfold_request_duration_seconds_count',
    'tenfold_batch_size_count',
  ]) {
    assert.equal(sampled(samples, name, LABELS), 0, name);
  }
  assert.equal(sampled(samples, 'nv_inference_request_failure', { ...LABELS, reason: 'REJECTED' }), 0);
});

test('failures are counted by Triton’s reasons, apart from what is answered', async () => {
  const reasons: { [Code in ErrorCode]: string } = {
    unavailable: 'REJECTED',
    interrupted: 'CANCELED',
    corrupt: 'BACKEND',
    failed: 'BACKEND',
    incompatible: 'BACKEND',
    forbidden: 'OTHER',
    offline: 'OTHER',
    'storage-full': 'OTHER',
    'bad-usage': 'OTHER',
    'bad-input': 'OTHER',
    'not-found': 'OTHER',
    'too-large': 'OTHER',
    'unsupported-media': 'OTHER',
  };
  const metrics = createMetrics();
  for (const failure of Object.keys(reasons) as ErrorCode[]) metrics.answered(answered({ failure }));
  const { samples } = await scrape(metrics);
  const failed = samples.filter(({ name }) => name === 'nv_inference_request_failure');
  assert.deepEqual(Object.fromEntries(failed.map(({ labels, value }) => [labels.reason, value])), {
    REJECTED: 1,
    CANCELED: 1,
    BACKEND: 3,
    OTHER: 8,
  });
  assert.equal(sampled(samples, 'nv_inference_request_success'), 0);
  assert.equal(sampled(samples, 'tenfold_request_duration_seconds_count', LABELS), 0);
});

test('durations below a millisecond fall into buckets of their own', async () => {
  const metrics = createMetrics();
  metrics.answered(answered({ totalMilliseconds: 0.2, queueMilliseconds: 0 }));
  metrics.computed({
    model: MODEL,
    requests: 1,
    images: 64,
    preprocessMilliseconds: 0.09,
    inferenceMilliseconds: 0.7,
  });
  const { samples } = await scrape(metrics);
  /** The bounds between which the one observation lies. */
  const bucket = (name: string) => {
    const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
    const first = buckets.findIndex(({ value }) => value === 1);
    assert.ok(buckets.slice(0, first).every(({ value }) => value === 0));
    assert.equal(sampled(samples, `${name}_count`), 1);
    return [buckets[first - 1]?.labels.le ?? '0', buckets[first]!.labels.le];
  };
  assert.deepEqual(bucket('tenfold_request_duration_seconds'), ['0.0001', '0.00025']);
  assert.deepEqual(bucket('tenfold_queue_duration_seconds'), ['0', '0.0001']);
  assert.deepEqual(bucket('tenfold_preprocess_duration_seconds'), ['0', '0.0001']);
  assert.deepEqual(bucket('tenfold_inference_duration_seconds'), ['0.0005', '0.001']);
  assert.deepEqual(bucket('tenfold_batch_size'), ['32', '64']);
});

test('responses are counted by route and status', async () => {
  const metrics = createMetrics();
  const exchanges: Exchange[] = [];
  const service = await startSmallService([metrics.responded, (exchange) => exchanges.push(exchange)]);
  const paths = ['/predict', '/predict', '/v2/models/a/infer', '/v2/models/b/infer', '/x', '/y'];
  for (const path of paths) await fetch(`${service.url}${path}`, { method: 'POST' });
  await until(exchanges, paths.length);
  await service.close();
  const { samples } = await scrape(metrics);
  const counted = samples.filter(({ name }) => name === 'tenfold_http_responses_total');
  assert.deepEqual(
    counted.map(({ labels, value }) => [labels.route, labels.status, value]),
    [
      ['/predict', '200', 2],
      ['/v2/models/{model}/infer', '503', 2],
      ['other', '404', 2],
    ],
  );
  assert.equal(sampled(samples, 'tenfold_http_request_duration_seconds_count', { route: '/predict' }), 2);
});

test('the event loop and the memory are told of', async () => {
  const { samples } = await scrape(createMetrics());
  assert.ok(sampled(samples, 'process_resident_memory_bytes') > 20e6);
  assert.ok(sampled(samples, 'nodejs_eventloop_lag_p99_seconds') >= 0);
});

test('labels do not grow with the models that come and go', async () => {
  const metrics = createMetrics();
  for (let version = 0; version < MOST_LABELLED_MODELS + 50; version++) {
    metrics.answered(answered({ model: { name: 'a', version: String(version) } }));
  }
  const { samples } = await scrape(metrics);
  const counted = samples.filter(({ name }) => name === 'nv_inference_request_success');
  assert.equal(counted.length, MOST_LABELLED_MODELS + 1);
  assert.equal(sampled(counted, 'nv_inference_request_success', { model: 'other' }), 50);
});

test('a registry of its own: the global one stays empty, two services do not meet', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.answered(answered());
  assert.equal(register.getMetricsAsArray().length, 0);
  assert.equal((await scrape(two)).samples.filter(({ name }) => name.startsWith('nv_')).length, 0);
});

test('OpenMetrics for those who ask, with the same names and values, and text as before for the rest', async () => {
  const metrics = createMetrics(() => [{ model: MODEL, queueLength: 0, workersReady: 1 }]);
  metrics.answered(answered());
  metrics.responded({ route: '/predict', status: 200, durationMilliseconds: 1 } as Exchange);
  const text = await scrape(metrics, 'text/plain');
  const open = await scrape(metrics, PROMETHEUS);
  const again = await scrape(metrics);
  assert.equal(text.type, 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(open.type, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  assert.equal(again.type, text.type);
  // Of Node's own, those of kinds of things have as many samples as there were kinds at that moment.
  const names = ({ samples }: typeof text) =>
    samples.map(({ name }) => name).filter((name) => !/_(gc|active)_/.test(name));
  assert.deepEqual(names(open), names(text));
  assert.deepEqual(names(again), names(text));
  const ours = ({ samples }: typeof text) => samples.filter(({ name }) => /^(nv|tenfold)_/.test(name));
  assert.deepEqual(ours(open), ours(text));

  // What the standard demands beyond Prometheus's text.
  assert.ok(open.text.endsWith('\n# EOF\n'));
  assert.doesNotMatch(open.text, /\n\n/);
  assert.match(open.text, /^# TYPE tenfold_http_responses counter$/m);
  assert.match(open.text, /^# TYPE nv_inference_count unknown$/m);
  const families = open.text.matchAll(/^# TYPE (\w+) counter$/gm);
  for (const [, family] of families) {
    const own = open.samples.filter(({ name }) => name.startsWith(family!));
    assert.ok(
      own.some(({ name }) => name === `${family}_total`),
      family,
    );
  }
});

test('what a help text says makes no counter', () => {
  const text =
    '# HELP a Not a counter\n# TYPE a gauge\na 1\n\n# HELP b_total B\n# TYPE b_total counter\nb_total 2\n';
  assert.equal(
    toOpenMetrics(text),
    '# HELP a Not a counter\n# TYPE a gauge\na 1\n# HELP b B\n# TYPE b counter\nb_total 2\n# EOF\n',
  );
});
