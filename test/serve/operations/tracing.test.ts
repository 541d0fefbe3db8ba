import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTracing } from '../../../serve/operations/tracing.js';
import { startSmallService, until } from './small-service.js';

/** The parts of OTLP/JSON's ExportTraceServiceRequest that are looked at. */
interface ExportRequest {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: ExportedSpan[] }[];
  }[];
}
type Attribute = { key: string; value: { stringValue?: string; intValue?: number } };
interface ExportedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  status: { code: number };
}

const SERVER_KIND = 2;
const ERROR_STATUS = 2;

/** A collector's OTLP/HTTP endpoint. */
async function startCollector(status = 200) {
  const bodies: ExportRequest[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    assert.equal(request.url, '/v1/traces');
    assert.equal(request.headers['content-type'], 'application/json');
    bodies.push(JSON.parse(text));
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () =>
      bodies
        .flatMap((body) => body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans))
        .flatMap(({ spans }) => spans),
    resource: () => bodies[0]!.resourceSpans[0]!.resource.attributes,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  environment = { ...process.env };
});
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
});

/** Serves `requests` with tracing on, and gives what the collector got of them. */
async function spansOf(requests: [path: string, init?: RequestInit][]) {
  const collector = await startCollector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  const warnings: string[] = [];
  const logger = { warn: (_fields: object, message: string) => void warnings.push(message) };
  const tracing = await startTracing({ version: '0.1.0', logger });
  assert.ok(tracing);
  const service = await startSmallService([tracing.trace]);
  for (const [path, init] of requests) await (await fetch(`${service.url}${path}`, init)).arrayBuffer();
  await service.close();
  await tracing.close();
  await collector.close();
  assert.deepEqual(warnings, []);
  return { spans: collector.spans(), resource: collector.spans().length > 0 ? collector.resource() : [] };
}

const attribute = (attributes: readonly Attribute[], key: string) => {
  const value = attributes.find((candidate) => candidate.key === key)?.value;
  return value?.stringValue ?? value?.intValue;
};
const milliseconds = ({ startTimeUnixNano, endTimeUnixNano }: ExportedSpan) =>
  Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6;

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

test('a request is a span of its caller’s trace, with a span for each stage', async () => {
  const before = Date.now();
  const { spans, resource } = await spansOf([
    ['/predict?secret=1', { method: 'POST', headers: { traceparent: `00-${TRACE}-${CALLER}-01` } }],
  ]);
  const after = Date.now();
  assert.deepEqual(spans.map(({ name }) => name).sort(), [
    'POST /predict',
    'decode',
    'inference',
    'preprocess',
    'queue',
  ]);
  const root = spans.find(({ name }) => name === 'POST /predict')!;
  assert.equal(root.traceId, TRACE);
  assert.equal(root.parentSpanId, CALLER);
  assert.equal(root.kind, SERVER_KIND);
  assert.equal(attribute(root.attributes, 'http.route'), '/predict');
  assert.equal(attribute(root.attributes, 'http.response.status_code'), 200);
  assert.equal(attribute(root.attributes, 'tenfold.model.name'), 'row-reader');
  assert.doesNotMatch(JSON.stringify(spans), /secret/);
  const started = Number(BigInt(root.startTimeUnixNano) / 1_000_000n);
  assert.ok(started >= before - 2 && started <= after + 2, `${before} ${started} ${after}`);

  const stages = ['decode', 'queue', 'preprocess', 'inference'].map(
    (name) => spans.find((span) => span.name === name)!,
  );
  for (const [index, stage] of stages.entries()) {
    assert.equal(stage.traceId, TRACE);
    assert.equal(stage.parentSpanId, root.spanId);
    assert.ok(Math.abs(milliseconds(stage) - 2 ** index) < 0.01, `${stage.name}: ${milliseconds(stage)} ms`);
    const follower = stages[index + 1];
    if (follower) assert.equal(follower.startTimeUnixNano, stage.endTimeUnixNano);
  }
  assert.equal(attribute(resource, 'service.name'), 'tenfold');
  assert.equal(attribute(resource, 'service.version'), '0.1.0');
});

test('without a caller’s trace, or with one that is malformed, a request begins its own', async () => {
  const { spans } = await spansOf([
    ['/v2/models/a/infer', { method: 'POST' }],
    ['/nowhere', { headers: { traceparent: '00-nonsense' } }],
    ['/readyz'],
  ]);
  assert.deepEqual(spans.map(({ name }) => name).sort(), ['GET other', 'POST /v2/models/{model}/infer']);
  for (const span of spans) assert.equal(span.parentSpanId || undefined, undefined);
  assert.notEqual(spans[0]!.traceId, spans[1]!.traceId);
  const refused = spans.find(({ name }) => name.startsWith('POST'))!;
  assert.equal(refused.status.code, ERROR_STATUS);
  assert.equal(attribute(refused.attributes, 'error.type'), '503');
});

test('the caller’s decision not to sample is kept, and so is the share of OTEL_TRACES_SAMPLER', async () => {
  const unsampled: [string, RequestInit] = [
    '/predict',
    { method: 'POST', headers: { traceparent: `00-${TRACE}-${CALLER}-00` } },
  ];
  assert.deepEqual((await spansOf([unsampled])).spans, []);
  process.env.OTEL_TRACES_SAMPLER = 'traceidratio';
  process.env.OTEL_TRACES_SAMPLER_ARG = '0';
  assert.deepEqual((await spansOf([['/predict', { method: 'POST' }]])).spans, []);
});

test('the environment names the service', async () => {
  process.env.OTEL_SERVICE_NAME = 'digits';
  process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment.name=test';
  const { resource } = await spansOf([['/predict', { method: 'POST' }]]);
  assert.equal(attribute(resource, 'service.name'), 'digits');
  assert.equal(attribute(resource, 'deployment.environment.name'), 'test');
});

test('a collector that refuses is told of in the log, while requests are answered and at the end', async () => {
  const collector = await startCollector(400);
  process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = `${collector.url}/v1/traces`;
  const warnings: string[] = [];
  const logger = {
    warn(fields: { err?: Error }, message: string) {
      warnings.push(`${message}: ${fields.err?.message}`);
    },
  };
  const tracing = (await startTracing({ version: '0.1.0', logger }))!;
  const service = await startSmallService([tracing.trace]);
  // Five spans a request: what is exported at once is 512 of them.
  for (let request = 0; request < 103; request++) {
    assert.equal((await fetch(`${service.url}/predict`, { method: 'POST' })).status, 200);
  }
  await until(warnings, 1);
  assert.match(warnings[0]!, /Bad Request/);
  await service.close();
  await tracing.close();
  await collector.close();
  assert.match(warnings.at(-1)!, /^the last spans were not sent: Bad Request/);
});

test('variables that ask for what is not here are refused', async () => {
  const logger = { warn() {} };
  const start = (variables: Record<string, string>) => {
    Object.assign(process.env, variables);
    return startTracing({ version: '0.1.0', logger }).finally(() => {
      for (const name of Object.keys(variables)) delete process.env[name];
    });
  };
  const refused = async (variables: Record<string, string>, message: RegExp) =>
    assert.rejects(start(variables), { code: 'bad-usage', message });
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
  await refused(
    { OTEL_TRACES_EXPORTER: 'zipkin' },
    /^Expected otlp or none for OTEL_TRACES_EXPORTER, got "zipkin"/,
  );
  await refused(
    { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    /^Expected http\/json or http\/protobuf/,
  );
  await refused({ ...endpoint, OTEL_TRACES_SAMPLER: 'toString' }, /^Expected one of always_on/);
  await refused(
    { ...endpoint, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' },
    /from 0 to 1/,
  );
  assert.equal(await start({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }), null);
  assert.equal(await start({ ...endpoint, OTEL_SDK_DISABLED: 'true' }), null);
});

test('where nothing asks for traces no part of the SDK is loaded', () => {
  const tracing = fileURLToPath(new URL('../../../serve/operations/tracing.js', import.meta.url));
  const script = `
    import { createRequire } from 'node:module';
    import { startTracing } from ${JSON.stringify(tracing)};
    const tracing = await startTracing({ version: '0.1.0', logger: console });
    await tracing?.close();
    const loaded = Object.keys(createRequire(${JSON.stringify(tracing)}).cache);
    console.log(tracing !== null, loaded.filter((file) => file.includes('@opentelemetry')).length);
  `;
  const run = (variables: Record<string, string>) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { PATH: process.env.PATH, ...variables },
      encoding: 'utf8',
    }).trim();
  assert.equal(run({}), 'false 0');
  assert.match(run({ OTEL_TRACES_EXPORTER: 'otlp' }), /^true [1-9]\d+$/);
});
