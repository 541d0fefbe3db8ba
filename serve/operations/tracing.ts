import { describe, unmet } from '../../core/errors.js';
import type { Tracing, TracingOptions } from './spans.js';

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const;

/**
 * Traces requests where OpenTelemetry's own environment variables ask for it: an OTLP endpoint, or
 * `OTEL_TRACES_EXPORTER=otlp`. Otherwise null, and no part of OpenTelemetry is loaded.
 * @throws TenfoldError `bad-usage` where they ask for an exporter, a protocol or a sampler that is not here.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing | null> {
  if (!isAskedFor(process.env)) return null;
  const { createTracing } = await import('./spans.js');
  return createTracing(options);
}

function isAskedFor(environment: NodeJS.ProcessEnv): boolean {
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  const exporter = environment.OTEL_TRACES_EXPORTER || null;
  if (exporter === 'none') return false;
  if (exporter === null && !ENDPOINTS.some((name) => environment[name])) return false;
  if (exporter !== null && exporter !== 'otlp') throw wrong('OTEL_TRACES_EXPORTER', 'otlp or none', exporter);
  const protocol =
    environment.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL || environment.OTEL_EXPORTER_OTLP_PROTOCOL || null;
  // A collector that takes one form over HTTP must take the other: we send JSON.
  if (protocol !== null && !protocol.startsWith('http/')) {
    throw wrong('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json or http/protobuf', protocol);
  }
  return true;
}

const wrong = (what: string, expected: string, got: string) =>
  unmet({
    code: 'bad-usage',
    what,
    expected,
    got: describe(got),
    advice: 'Set it to one of these, or unset it.',
  });
