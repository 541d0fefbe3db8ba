import {
  type Context,
  DiagLogLevel,
  defaultTextMapGetter,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { CLIENT_LEFT, type Exchange, type ExchangeListener, type WorkNote } from './exchange.js';
import { PROBED_ROUTES } from './routes.js';
import { samplerOf } from './sampler.js';

export interface Tracing {
  /** Makes the spans of an exchange once it is over. */
  readonly trace: ExchangeListener;
  /** Sends what is left; where the collector does not answer it ends all the same, after the exporter's time limit. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** The service's version, for `service.version`. */
  version: string;
  logger: { warn(fields: object, message: string): void };
}

const NAME = 'tenfold';

/**
 * Exports over OTLP/HTTP as OpenTelemetry's environment variables say.
 * @throws TenfoldError `bad-usage` where they name no sampler.
 */
export function createTracing({ version, logger }: TracingOptions): Tracing {
  const warn = (message: string) => logger.warn({ from: 'OpenTelemetry' }, message);
  const silent = () => {};
  diag.setLogger(
    { error: warn, warn, info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': NAME, 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(process.env),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  const tracer = provider.getTracer(NAME, version);
  const propagator = new W3CTraceContextPropagator();
  return {
    trace(exchange) {
      if (PROBED_ROUTES.has(exchange.route) && exchange.status < 400) return;
      const caller = propagator.extract(ROOT_CONTEXT, exchange.requestHeaders, defaultTextMapGetter);
      addSpans(tracer, caller, exchange);
    },
    close: () =>
      provider.shutdown().catch((error) => logger.warn({ err: error }, 'the last spans were not sent')),
  };
}

/** Spans are made from the durations that are measured anyway, so that nothing is traced while a request is served. */
function addSpans(tracer: Tracer, caller: Context, exchange: Exchange): void {
  const { requestId, method, route, status, started, durationMilliseconds, work } = exchange;
  // Not performance.timeOrigin: a clock that is set meanwhile would leave it behind.
  const epoch = Date.now() - performance.now();
  const span = tracer.startSpan(
    `${method} ${route}`,
    {
      kind: SpanKind.SERVER,
      startTime: epoch + started,
      attributes: {
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': status,
        'http.request.header.x-request-id': [requestId],
        'url.scheme': 'http',
      },
    },
    caller,
  );
  if (status >= 500 || status === CLIENT_LEFT) {
    span.setAttribute('error.type', String(status));
    if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  }
  if (work !== null && span.isRecording()) {
    span.setAttributes({
      'tenfold.model.name': work.model.name,
      'tenfold.model.version': work.model.version,
      'tenfold.images': work.images,
    });
    const context = trace.setSpan(caller, span);
    let at = epoch + work.decodeStarted;
    for (const [stage, milliseconds] of stagesOf(work)) {
      tracer.startSpan(stage, { startTime: at }, context).end(at + milliseconds);
      at += milliseconds;
    }
  }
  span.end(epoch + started + durationMilliseconds);
}

/** One after the other, as they come in a batch; numbers, whose pieces are read in turns, have theirs summed. */
const stagesOf = (work: WorkNote): [name: string, milliseconds: number][] => [
  ['decode', work.decodeMilliseconds],
  ['queue', work.queueMilliseconds],
  ['preprocess', work.preprocessMilliseconds],
  ['inference', work.inferenceMilliseconds],
];
