import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorCode } from '../../core/errors.js';
import { countBatch, countRequest, type ModelStatistics, unusedStatistics } from '../models/statistics.js';
import type { ModelName, Observer } from '../observer.js';
import type { ExchangeListener } from './exchange.js';
import { ByModel, type ModelLabels } from './model-labels.js';
import { toOpenMetrics } from './open-metrics.js';

/** The workers of one version of a model as they are now. */
export interface WorkersReading {
  model: ModelName;
  /** Pictures or rows that wait for a worker. */
  queueLength: number;
  /** Workers that are warmed up, busy or not. */
  workersReady: number;
}

export interface Metrics extends Observer {
  /** Counts responses by route and status. */
  readonly responded: ExchangeListener;
  /** Handles `GET /metrics`: Prometheus text, or OpenMetrics for those who name it. */
  handler(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** From a tenth of a millisecond, since a picture takes less than one, to the longest that a request may take. */
const SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128];
const MODEL = ['model', 'version'] as const;

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Durations as Triton counts them here: whole microseconds. */
const microseconds = ({ nanoseconds }: { nanoseconds: number }): number => Math.round(nanoseconds / 1000);

/** Triton's reasons for a failed request. */
const FAILURE_REASONS = ['REJECTED', 'CANCELED', 'BACKEND', 'OTHER'] as const;
const REASON: { [Code in ErrorCode]: (typeof FAILURE_REASONS)[number] } = {
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

const failuresFor = ({ failures }: ModelStatistics, reason: string): number =>
  Object.entries(failures)
    .filter(([code]) => REASON[code as ErrorCode] === reason)
    .reduce((sum, [, count]) => sum + count, 0);

/** Triton's counters (and one of our own), each with its value of a model's statistics. */
const COUNTED: { name: string; help: string; value: (counts: ModelStatistics) => number }[] = [
  {
    name: 'nv_inference_request_success',
    help: 'Requests that a model answered',
    value: ({ success }) => success.count,
  },
  {
    name: 'nv_inference_count',
    help: 'Pictures or rows that were answered',
    value: ({ images }) => images,
  },
  {
    name: 'nv_inference_exec_count',
    help: 'Runs of a worker, each a batch of requests',
    value: ({ batches }) => batches,
  },
  {
    name: 'nv_inference_request_duration_us',
    help: 'Microseconds from arrival at the model to the answer, over the answered requests',
    value: ({ success }) => microseconds(success),
  },
  {
    name: 'nv_inference_queue_duration_us',
    help: 'Microseconds of waiting for a worker, over the answered requests',
    value: ({ queue }) => microseconds(queue),
  },
  {
    name: 'nv_inference_compute_input_duration_us',
    help: 'Microseconds of preprocessing; each request of a batch counts the whole of it',
    value: ({ requests }) => microseconds(requests.preprocess),
  },
  {
    name: 'nv_inference_compute_infer_duration_us',
    help: 'Microseconds of ONNX Runtime; each request of a batch counts the whole of it',
    value: ({ requests }) => microseconds(requests.inference),
  },
  {
    name: 'tenfold_worker_crashes_total',
    help: 'Workers that ended, or were ended since they did not answer, and were replaced',
    value: ({ crashes }) => crashes,
  },
];

interface Entry {
  counts: ModelStatistics;
  request: Histogram.Internal<'model' | 'version'>;
  queue: Histogram.Internal<'model' | 'version'>;
  preprocess: Histogram.Internal<'model' | 'version'>;
  inference: Histogram.Internal<'model' | 'version'>;
  batch: Histogram.Internal<'model' | 'version'>;
}

/**
 * The service's metrics, in a registry of their own. `read` is asked at each scrape. What happens at every request is
 * added to plain numbers and handed to prom-client's counters when somebody scrapes.
 */
export function createMetrics(read: () => Iterable<WorkersReading> = () => []): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const histogram = (name: string, help: string, buckets = SECONDS) =>
    new Histogram({ name, help, buckets, labelNames: MODEL, registers });
  const request = histogram(
    'tenfold_request_duration_seconds',
    'From arrival at the model to the answer, of answered requests',
  );
  const queue = histogram('tenfold_queue_duration_seconds', 'Waiting for a worker, of answered requests');
  const preprocess = histogram('tenfold_preprocess_duration_seconds', 'Preprocessing, of each batch');
  const inference = histogram('tenfold_inference_duration_seconds', 'ONNX Runtime, of each batch');
  const batch = histogram('tenfold_batch_size', 'Pictures or rows of each batch', BATCH_SIZES);

  /** Of one model, and there from the first scrape on, before anything happens to it: a rate needs a 0 to begin with. */
  const begun = (histogram: Histogram<'model' | 'version'>, labels: ModelLabels) => {
    histogram.zero(labels);
    return histogram.labels(labels);
  };
  const models = new ByModel<Entry>((labels) => ({
    counts: unusedStatistics(),
    request: begun(request, labels),
    queue: begun(queue, labels),
    preprocess: begun(preprocess, labels),
    inference: begun(inference, labels),
    batch: begun(batch, labels),
  }));

  for (const { name, help, value } of COUNTED) {
    new Counter({
      name,
      help,
      labelNames: MODEL,
      registers,
      collect() {
        this.reset();
        for (const { labels, entry } of models) this.inc(labels, value(entry.counts));
      },
    });
  }
  new Counter({
    name: 'nv_inference_request_failure',
    help: 'Requests that a model did not answer, by reason',
    labelNames: [...MODEL, 'reason'],
    registers,
    collect() {
      this.reset();
      for (const { labels, entry } of models) {
        for (const reason of FAILURE_REASONS) {
          this.inc({ ...labels, reason }, failuresFor(entry.counts, reason));
        }
      }
    },
  });
  const gauge = (name: string, help: string, value: (reading: WorkersReading) => number) =>
    new Gauge({
      name,
      help,
      labelNames: MODEL,
      registers,
      collect() {
        this.reset();
        for (const reading of read()) {
          const { name: model, version } = reading.model;
          this.set({ model, version }, value(reading));
        }
      },
    });
  gauge('tenfold_queue_length', 'Pictures or rows that wait for a worker', (now) => now.queueLength);
  gauge('tenfold_workers_ready', 'Workers that are warmed up', (now) => now.workersReady);

  const responses = new Counter({
    name: 'tenfold_http_responses_total',
    help: 'Responses, by route and status; status 499 where the client went away',
    labelNames: ['route', 'status'],
    registers,
  });
  const responseSeconds = new Histogram({
    name: 'tenfold_http_request_duration_seconds',
    help: 'From the head of a request to the end of its response, upload and decoding included',
    buckets: SECONDS,
    labelNames: ['route'],
    registers,
  });

  return {
    answered(event) {
      const entry = models.of(event.model);
      countRequest(entry.counts, event);
      if (event.failure !== null) return;
      entry.request.observe(event.totalMilliseconds / 1000);
      entry.queue.observe(event.queueMilliseconds / 1000);
    },
    computed(event) {
      const entry = models.of(event.model);
      countBatch(entry.counts, event);
      entry.preprocess.observe(event.preprocessMilliseconds / 1000);
      entry.inference.observe(event.inferenceMilliseconds / 1000);
      entry.batch.observe(event.images);
    },
    crashed({ model }) {
      models.of(model).counts.crashes++;
    },
    responded({ route, status, durationMilliseconds }) {
      responses.inc({ route, status });
      responseSeconds.observe({ route }, durationMilliseconds / 1000);
    },
    async handler(request, response) {
      // Scrapers name it with parameters of their own, before anything else that they take.
      const isOpen = request.headers.accept?.includes('application/openmetrics-text') === true;
      for (const { model } of read()) models.of(model);
      const text = await registry.metrics();
      response.writeHead(200, {
        'Content-Type': isOpen ? OPEN_METRICS : TEXT,
        'Cache-Control': 'no-store',
        Vary: 'Accept',
      });
      response.end(isOpen ? toOpenMetrics(text) : text);
    },
  };
}
