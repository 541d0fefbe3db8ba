import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import type { Wanted } from '../../../serve/models/models.js';
import type { WorkOptions } from '../../../serve/workers/work.js';
import { greyPng, rowPicture } from '../pictures.js';
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

test('who goes away before the answer aborts the work; who takes it does not', async () => {
  const signals: AbortSignal[] = [];
  let reached!: () => void;
  let release!: () => void;
  const arrived = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { port, close } = await serveModels({
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
  release();
  const answer = await fetch(`http://127.0.0.1:${port}/predict`, {
    method: 'POST',
    body: new Uint8Array(body),
  });
  assert.equal(answer.status, 200);
  await answer.arrayBuffer();
  await close();
  assert.deepEqual(
    signals.map((signal) => signal.aborted),
    [true, false],
  );
});
