import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Wanted } from '../../../serve/models/models.js';
import type { PredictResponse } from '../../../serve/predict/schemas.js';
import type { WorkOptions } from '../../../serve/workers/work.js';
import { blackPng } from '../pictures/files.js';
import { greyPng, rowPicture } from '../pictures.js';
import { form } from '../service.js';
import { type CountedModel, serveModels, startCountedModel } from './counted-model.js';

let model: CountedModel;
before(async () => {
  model = await startCountedModel();
});
after(() => model.close());

test('model and version choose the model; neither leaves it to the service', async () => {
  const asked: Wanted[] = [];
  const { port, close } = await serveModels({
    use(wanted, work) {
      asked.push(wanted);
      return work(model);
    },
  });
  for (const query of ['', '?model=fast', '?model=fast&version=2', '?version=1.2.3']) {
    const body = new Uint8Array(greyPng(rowPicture(2)));
    const response = await fetch(`http://127.0.0.1:${port}/predict${query}`, { method: 'POST', body });
    assert.equal(response.status, 200);
    await response.body?.cancel();
  }
  await close();
  assert.deepEqual(
    asked.map(({ name, version }) => [name, version]),
    [
      [undefined, undefined],
      ['fast', undefined],
      ['fast', '2'],
      [undefined, '1.2.3'],
    ],
  );
});

test('who goes away before the answer aborts the work; who takes it does not', async (context) => {
  const signals: AbortSignal[] = [];
  let reached!: () => void;
  let release!: () => void;
  const arrived = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { port, close, bodies } = await serveModels({
    use: (_wanted, work) =>
      work({
        ...model,
        async run(kind, input, options?: WorkOptions) {
          signals.push(options!.signal!);
          reached();
          if (signals.length === 1) await gate;
          return model.run(kind, input, options);
        },
      }),
  });
  context.after(close);
  const body = greyPng(rowPicture(2));
  const upload = request({
    port,
    method: 'POST',
    path: '/predict',
    headers: { 'content-length': body.length },
  });
  upload.on('error', () => {});
  upload.end(body);
  await arrived;
  assert.equal(signals[0]!.aborted, false);
  const aborted = new Promise((resolve) => signals[0]!.addEventListener('abort', resolve));
  upload.destroy();
  await aborted;
  assert.equal(bodies.held, body.length, 'what is worked with is held');
  release();
  while (bodies.held > 0) await setImmediate();
  const answer = await fetch(`http://127.0.0.1:${port}/predict`, {
    method: 'POST',
    body: new Uint8Array(body),
  });
  assert.equal(answer.status, 200);
  await answer.arrayBuffer();
  assert.deepEqual(
    signals.map((signal) => signal.aborted),
    [true, false],
  );
});

test('of who goes away while pictures are decoded the others are not, and no model is asked', async (context) => {
  let asked = 0;
  const { port, close, bodies } = await serveModels({
    use(_wanted, work) {
      asked++;
      return work(model);
    },
  });
  context.after(close);
  const pictures = form(new Array(64).fill(blackPng(500, 500)));
  const sent = new Response(pictures);
  const body = Buffer.from(await sent.arrayBuffer());
  const upload = request({
    port,
    method: 'POST',
    path: '/predict',
    headers: { 'content-type': sent.headers.get('content-type')!, 'content-length': body.length },
  });
  upload.on('error', () => {});
  upload.end(body);
  while (bodies.held < body.length) await setImmediate();
  upload.destroy();
  while (bodies.held > 0) await setImmediate();
  assert.equal(asked, 0);
});

const postForm = (port: number, digits: number[], query = '') =>
  fetch(`http://127.0.0.1:${port}/predict${query}`, {
    method: 'POST',
    body: form(digits.map((digit) => greyPng(rowPicture(digit)))),
  });

test('pictures of numbers are a batch each, with the time of one, and their times are summed', async (context) => {
  const waits = { queueMilliseconds: 1, preprocessMilliseconds: 10, inferenceMilliseconds: 100 };
  const runs: [string, number][] = [];
  const { port, close } = await serveModels({
    use: (_wanted, work) =>
      work({
        ...model,
        async run(kind, input, options?: WorkOptions) {
          runs.push([kind, input.length]);
          return { ...(await model.run(kind, input, options)), ...waits };
        },
      }),
  });
  context.after(close);
  const answer = await postForm(port, [1, 2, 3], '?digits=many');
  const { results, timing } = (await answer.json()) as PredictResponse;
  assert.deepEqual(runs, [
    ['many', 1],
    ['many', 1],
    ['many', 1],
  ]);
  assert.equal(results.length, 3);
  const { queueMilliseconds, preprocessMilliseconds, inferenceMilliseconds } = timing;
  assert.deepEqual([queueMilliseconds, preprocessMilliseconds, inferenceMilliseconds], [3, 30, 300]);
  runs.length = 0;
  await (await postForm(port, [1, 2, 3])).json();
  assert.deepEqual(runs, [['one', 3]]);
});

test('pictures of numbers of which the last would begin too late are refused, and no more of them are read', async (context) => {
  let runs = 0;
  const { port, close } = await serveModels(
    {
      use: (_wanted, work) =>
        work({
          ...model,
          async run(kind, input, options?: WorkOptions) {
            runs++;
            await new Promise((resolve) => setTimeout(resolve, 120));
            return model.run(kind, input, options);
          },
        }),
    },
    { batchMilliseconds: 100 },
  );
  context.after(close);
  assert.equal((await postForm(port, [1], '?digits=many')).status, 200);
  runs = 0;
  const answer = await postForm(port, [1, 2, 3], '?digits=many');
  const { error } = (await answer.json()) as { error: string };
  assert.match(
    error,
    /^Expected each picture to begin within 100 ms for the numbers of one request, got 1 of 3 in that time\. /,
  );
  assert.equal(answer.status, 503);
  assert.equal(runs, 1);
});
