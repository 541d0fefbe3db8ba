import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { INPUT_LENGTH } from '../../../core/image.js';
import { type InferBody, infer, inputOf, parametersOf, ROW } from './infer-body.js';
import { type OpenInferenceService, startOpenInference } from './service.js';

const LIMITS = { bodyBytes: 100_000, tensorRows: 4 };
let service: OpenInferenceService;
let direct: OpenInferenceService;
before(async () => {
  service = await startOpenInference({ limits: LIMITS });
  direct = await startOpenInference({ limits: LIMITS, direct: true });
});
after(() => Promise.all([service.close(), direct.close()]));

const PATH = '/v2/models/row-reader/infer';

/** Through Express; past it the answer must be the same. */
async function post(body: Buffer, headers: Record<string, string> = {}, path = PATH) {
  const send = async ({ url }: OpenInferenceService) => {
    const response = await fetch(`${url}${path}`, { method: 'POST', body: new Uint8Array(body), headers });
    return { response, answer: (await response.json()) as { error: string; detail: string } };
  };
  const sent = await send(service);
  const past = await send(direct);
  assert.deepEqual(past.answer, sent.answer);
  assert.equal(past.response.status, sent.response.status);
  return sent;
}

async function refused(
  { body, jsonBytes }: InferBody,
  message: RegExp,
  { status = 400, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Promise<void> {
  const length: Record<string, string> =
    jsonBytes === null ? {} : { 'inference-header-content-length': `${jsonBytes}` };
  const { response, answer } = await post(body, { ...length, ...headers });
  assert.match(answer.error, message);
  assert.equal(response.status, status);
  assert.equal(answer.detail, answer.error);
  // What the KServe client reads an error's text by.
  assert.equal(response.headers.get('content-type'), 'application/json');
}

const values = new Float32Array(INPUT_LENGTH);
const binary = parametersOf(values);
const text = (body: string): InferBody => ({ body: Buffer.from(body), jsonBytes: null });
const json = (members: object): InferBody => infer({ inputs: [inputOf({ data: ROW, ...members })] });
const outputs = (...list: object[]): InferBody => infer({ inputs: [inputOf({ data: ROW })], outputs: list });

const CASES: { [name: string]: [InferBody, RegExp] } = {
  'no body': [text(''), /Expected JSON for the JSON of the request, got Unexpected end/],
  'no JSON': [text('{"inputs": ['), /Expected JSON/],
  'NaN, which is no JSON': [text('{"inputs": [NaN]}'), /Expected JSON/],
  'another value': [text('[]'), /Expected an object for the JSON of the request, got \[\] \(array\)/],
  'no inputs': [text('{}'), /Expected a list for inputs of the JSON of the request, got undefined/],
  'an empty list of inputs': [infer({ inputs: [] }), /Expected at least 1 of them for inputs/],
  'an unknown input': [json({ name: 'image' }), /Expected input for the name of an input, got "image"/],
  'an input twice': [
    infer({ inputs: [inputOf({ data: ROW }), inputOf({ data: ROW })] }),
    /Expected input once for the inputs, got it 2 times/,
  ],
  'a name that is no text': [json({ name: 7 }), /Expected a text for inputs\[0\]\.name/],
  'another datatype': [json({ datatype: 'UINT8' }), /Expected FP32 for the datatype of input, got "UINT8"/],
  'no shape': [json({ shape: undefined }), /Expected a list for inputs\[0\]\.shape/],
  'another shape': [
    json({ shape: [1, 784] }),
    /Expected \[rows, 1, 28, 28\] for the shape of input, got \[1, 784\]/,
  ],
  'a negative size': [json({ shape: [-1, 1, 28, 28] }), /Expected at least 0 for inputs\[0\]\.shape\[0\]/],
  'half a row': [json({ shape: [0.5, 1, 28, 28] }), /Expected a whole number for inputs\[0\]\.shape\[0\]/],
  'a size beyond whole numbers': [
    json({ shape: [1e300, 1, 28, 28] }),
    /Expected .* for inputs\[0\]\.shape\[0\]/,
  ],
  'no rows': [json({ shape: [0, 1, 28, 28], data: [] }), /Expected 1 to 4 for the rows of input, got 0/],
  'more rows than may be': [
    json({ shape: [5, 1, 28, 28] }),
    /Expected 1 to 4 for the rows of input, got 5\. Send them in several requests/,
  ],
  'no data': [json({ data: undefined }), /Expected a list of numbers for the data of input, got undefined/],
  'too little data': [
    json({ data: [1, 2] }),
    /Expected 784 numbers \(as many as its shape says\) for the data of input, got 2/,
  ],
  'too much data': [json({ data: [ROW, [1]] }), /Expected 784 numbers.*, got more/],
  'a text among the data': [json({ data: [0, '1'] }), /Expected a number for value 1 of input, got "1"/],
  'null among the data': [json({ data: [null] }), /Expected a number for value 0 of input, got null/],
  'a number that float32 has not': [
    json({ data: [...ROW.slice(1), 1e39] }),
    /Expected a finite float32 for value 783 of input, got Infinity/,
  ],
  'data and bytes': [
    infer({ inputs: [inputOf({ data: ROW, ...binary })] }, values),
    /Expected either data or binary_data_size .*, got both/,
  ],
  'bytes without the header': [
    infer({ inputs: [inputOf(binary)] }),
    /Expected the bytes of the JSON, .* for Inference-Header-Content-Length, got no such header/,
  ],
  'fewer bytes than the shape has': [
    infer({ inputs: [inputOf(parametersOf(values.subarray(1)))] }, values.subarray(1)),
    /Expected 3136 for 1 rows for binary_data_size of input, got 3132/,
  ],
  'fewer bytes than promised': [
    infer({ inputs: [inputOf(binary)] }, values.subarray(1)),
    /Expected 3136 bytes for what follows the JSON, got 3132 bytes/,
  ],
  'bytes at the end that nobody named': [
    infer({ inputs: [inputOf(binary)] }, values, values),
    /Expected 3136 bytes for what follows the JSON, got 6272 bytes/,
  ],
  'bytes behind an input of JSON': [
    infer({ inputs: [inputOf({ data: ROW })] }, values),
    /Expected no bytes, .* for what follows the JSON, got 3136 bytes/,
  ],
  'a negative length of bytes': [
    infer({ inputs: [inputOf({ parameters: { binary_data_size: -4 } })] }, values),
    /Expected at least 0 for inputs\[0\]\.parameters\.binary_data_size/,
  ],
  'NaN in bytes': [
    infer({ inputs: [inputOf(binary)] }, values.with(5, Number.NaN)),
    /Expected a finite float32 for value 5 of input, got NaN/,
  ],
  'shared memory': [
    json({ parameters: { shared_memory_region: 'mine' }, data: undefined }),
    /Expected nothing for inputs\[0\]\.parameters\.shared_memory_region/,
  ],
  'a parameter that is an object': [
    json({ parameters: { deep: {} } }),
    /Expected a text, a number, true or false for inputs\[0\]\.parameters\.deep/,
  ],
  'an unknown output': [
    outputs({ name: 'digit' }),
    /Expected logits or probabilities for the name of an output, got "digit"/,
  ],
  'an output twice': [
    outputs({ name: 'logits' }, { name: 'logits' }),
    /Expected each name once for the outputs, got logits twice/,
  ],
  'a classification that is no number': [
    outputs({ name: 'logits', parameters: { classification: 'all' } }),
    /Expected a number for outputs\[0\]\.parameters\.classification/,
  ],
  'an id that is no text': [infer({ id: 42, inputs: [inputOf({ data: ROW })] }), /Expected a text for id/],
  'JSON that is deeper than any tensor': [
    text(`{"inputs": [${'['.repeat(20_000)}${']'.repeat(20_000)}]}`),
    /Expected at most 32 arrays and objects within one another for the JSON body, got more/,
  ],
};

for (const [name, [body, message]] of Object.entries(CASES)) {
  test(name, () => refused(body, message));
}

test('brackets in a text are not depth', async () => {
  const { response } = await post(infer({ id: '["'.repeat(50), inputs: [inputOf({ data: ROW })] }).body);
  assert.equal(response.status, 200);
});

test('a header that is no length, or one beyond the body', async () => {
  const { body } = infer({ inputs: [inputOf(binary)] }, values);
  for (const length of ['-1', 'all', '1e3', '9'.repeat(30), '']) {
    await refused({ body, jsonBytes: null }, /Expected a whole number of bytes for Inference-Header/, {
      headers: { 'inference-header-content-length': length },
    });
  }
  await refused({ body, jsonBytes: body.length + 1 }, /Expected at most the body's \d+ bytes/);
  await refused({ body, jsonBytes: 0 }, /Expected one picture of 3136 bytes for a body without JSON/);
});

test('a body that is longer than it may be, by its header or by what comes', async () => {
  const long = Buffer.alloc(100_001);
  await refused({ body: long, jsonBytes: null }, /Expected at most 100000 bytes/, { status: 413 });
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(service.port, '127.0.0.1', () => {
      socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
      socket.write(`${(60_000).toString(16)}\r\n${'a'.repeat(60_000)}\r\n`.repeat(2));
    });
    socket.on('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString());
    });
    socket.on('error', reject);
  });
  assert.match(answer, /^HTTP\/1\.1 413 /);
});

test('a small body that would become a large one', async () => {
  for (const [coding, compress] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const) {
    const bomb = compress(Buffer.alloc(50_000_000));
    assert.ok(bomb.length < 100_000);
    await refused(
      { body: bomb, jsonBytes: null },
      /Expected at most 100000 bytes for the decompressed body/,
      {
        status: 413,
        headers: { 'content-encoding': coding },
      },
    );
  }
});

test('few bodies are decompressed at once, and whose turn comes too late is refused', async () => {
  const own = await startOpenInference({ direct: true, limits: { queueMilliseconds: 1 } });
  try {
    const zipped = new Uint8Array(gzipSync(Buffer.alloc(9_000_000)));
    const headers = { 'content-encoding': 'gzip', 'inference-header-content-length': '0' };
    const all = Array.from({ length: 16 }, async () => {
      const response = await fetch(`${own.url}${PATH}`, { method: 'POST', body: zipped, headers });
      return `${response.status} ${((await response.json()) as { error: string }).error}`;
    });
    const answers = await Promise.all(all);
    const late = answers.filter((answer) => /^503 Expected a turn within 1 ms for decoding/.test(answer));
    assert.ok(late.length > 0, 'all were decompressed at once');
    assert.ok(answers.length - late.length >= 4, `${late.length} of ${answers.length} were refused`);
  } finally {
    await own.close();
  }
});

test('a body that is not of its coding, cut off, or of one that is not taken', async () => {
  const { body } = infer({ inputs: [inputOf({ data: ROW })] });
  const whole = gzipSync(body);
  const encoded = (coding: string) => ({ headers: { 'content-encoding': coding } });
  await refused({ body, jsonBytes: null }, /Expected whole gzip data/, encoded('gzip'));
  await refused(
    { body: whole.subarray(0, -9), jsonBytes: null },
    /Expected whole gzip data/,
    encoded('gzip'),
  );
  await refused(
    { body: deflateRawSync(body), jsonBytes: null },
    /Expected whole deflate/,
    encoded('deflate'),
  );
  await refused(
    { body, jsonBytes: null },
    /Expected gzip, deflate or none for the Content-Encoding, got "br"/,
    {
      ...encoded('br'),
      status: 415,
    },
  );
});

test('models, versions and paths that are not there', async () => {
  const { body } = infer({ inputs: [inputOf({ data: ROW })] });
  const nowhere = ['/v2/models/n%C3%B6%2F/infer?x', '/v2/models/row-reader/versions/9/infer', '/v2/models'];
  for (const path of nowhere) {
    const { response, answer } = await post(body, {}, path);
    assert.equal(response.status, 404, path);
    assert.ok(answer.error.length > 0);
  }
  const { response } = await post(body, {}, '/v2/models/row-reader');
  assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET']);
  assert.equal((await fetch(`${service.url}${PATH}`)).headers.get('allow'), 'POST');
});
