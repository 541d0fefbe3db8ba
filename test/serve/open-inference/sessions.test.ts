import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { InferHeader, InferResponse } from '../../../serve/open-inference/schemas.js';
import { startTestService, type TestService } from '../service.js';
import { type OpenInferenceService, startOpenInference } from './service.js';
import { type Exchange, type Message, parseMessage, readSessions } from './session.js';

/** What real clients sent, sent again: the answers are those that the clients understood, through Express and past it. */

type Answering = Pick<OpenInferenceService, 'port' | 'runner'>;

let services: OpenInferenceService[];
let whole: TestService;
before(async () => {
  services = [
    await startOpenInference({ control: true }),
    await startOpenInference({ direct: true, control: true }),
  ];
  whole = await startTestService({ tensorRows: 64 });
});
after(() => Promise.all([...services, whole].map((service) => service.close())));

function send({ port }: Answering, bytes: Buffer): Promise<Message> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const message = parseMessage(Buffer.concat(chunks));
      if (message === null) return;
      socket.destroy();
      resolve(message);
    });
    socket.on('error', reject);
    socket.setTimeout(10_000, () => reject(new Error('no answer within 10 s')));
  });
}

const DECODE: Record<string, (bytes: Buffer) => Buffer> = { gzip: gunzipSync, deflate: inflateSync };

/** JSON, and the bytes behind it. */
function partsOf({ headers, body }: Message): { json: unknown; bytes: Buffer } {
  const whole = DECODE[headers.get('content-encoding') ?? '']?.(body) ?? body;
  const end = Number(headers.get('inference-header-content-length') ?? whole.length);
  return {
    json: end === 0 ? null : JSON.parse(whole.toString('utf8', 0, end)),
    bytes: whole.subarray(end),
  };
}

/** Counts and times of a session that is replayed without what was left out of it are others. */
const withoutNumbers = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner) => (typeof inner === 'number' ? 0 : inner)),
    (key, inner) => (key === 'batch_stats' ? [] : inner),
  );

const HEADERS = ['content-type', 'inference-header-content-length', 'content-encoding', 'allow'];

function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** Holds the tensors of an answer to what ONNX Runtime gives for the request's. */
async function holdToRuntime({ runner }: Answering, request: Message, answer: Message): Promise<void> {
  const asked = partsOf(request);
  const [input] = (asked.json as InferHeader).inputs;
  const values =
    input!.data === undefined
      ? floatsOf(asked.bytes)
      : Float32Array.from((input!.data as number[]).flat(Number.POSITIVE_INFINITY) as number[]);
  const rows = input!.shape[0]!;
  const expected = await runner.run(values, rows);
  const { json, bytes } = partsOf(answer);
  let offset = 0;
  for (const { name, datatype, shape, data, parameters } of (json as InferResponse).outputs) {
    const size = parameters?.binary_data_size ?? 0;
    if (datatype === 'FP32') {
      const got = data ?? floatsOf(bytes.subarray(offset, offset + size));
      assert.deepEqual(shape, [rows, 10]);
      assert.equal(got.length, rows * 10);
      expected[name as 'logits' | 'probabilities'].forEach((value, index) => {
        const difference = Math.abs(Number(got[index]) - value);
        assert.ok(difference <= 1e-6, `${name}[${index}]: ${got[index]}, ONNX Runtime: ${value}`);
      });
    }
    offset += size;
  }
  assert.equal(offset, bytes.length, 'bytes that no output names');
}

const sessions = readSessions();

test('there are sessions of each client', () => {
  const clients = sessions.map(({ session }) => session.provenance.split(' ')[0]);
  assert.deepEqual([...new Set(clients)].sort(), ['kserve', 'perf_analyzer', 'tritonclient']);
});

async function replay(service: Answering, { request: sent, response }: Exchange): Promise<void> {
  const request = parseMessage(Buffer.from(sent, 'base64'))!;
  const recorded = parseMessage(Buffer.from(response, 'base64'))!;
  const answer = await send(service, Buffer.from(sent, 'base64'));
  assert.equal(answer.start, recorded.start);
  for (const header of HEADERS) {
    assert.equal(answer.headers.get(header), recorded.headers.get(header), header);
  }
  const [got, expected] = [partsOf(answer), partsOf(recorded)];
  if (request.start.includes('/stats')) {
    assert.deepEqual(withoutNumbers(got.json), withoutNumbers(expected.json));
  } else if (request.start.includes('/infer') && answer.start.includes('200')) {
    assert.equal(got.bytes.length, expected.bytes.length);
    await holdToRuntime(service, request, answer);
  } else {
    assert.deepEqual(got, expected);
  }
}

for (const { name, session } of sessions) {
  test(`${name}: ${session.provenance}`, async (t) => {
    for (const [index, exchange] of session.exchanges.entries()) {
      const { start } = parseMessage(Buffer.from(exchange.request, 'base64'))!;
      await t.test(`${index + 1}: ${start}`, async () => {
        for (const service of services) await replay(service, exchange);
      });
    }
  });
}

test('the whole service answers what was asked of a model as it was answered then', async (t) => {
  const answering = { port: Number(new URL(whole.url).port), runner: services[0]!.runner };
  for (const { session } of sessions) {
    for (const exchange of session.exchanges) {
      const { start } = parseMessage(Buffer.from(exchange.request, 'base64'))!;
      const answered = parseMessage(Buffer.from(exchange.response, 'base64'))!.start;
      // Its only model is the default, which stays.
      if (start.includes('/repository/') || !answered.includes('200')) continue;
      await t.test(start, () => replay(answering, exchange));
    }
  }
});
