import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { bodyBudget } from '../../../serve/http/body.js';
import { DEFAULT_LIMITS } from '../../../serve/limits.js';
import type { LoadedModel, Models } from '../../../serve/models/models.js';
import { createInfer } from '../../../serve/open-inference/infer.js';
import { infer, inputOf, ROW } from './infer-body.js';

test('a model is told when nobody waits for its answer any more', async () => {
  const signals: AbortSignal[] = [];
  const begun = withResolver();
  const told = withResolver();
  const model: Pick<LoadedModel, 'run'> = {
    run: (_kind, _input, { signal } = {}) =>
      new Promise((_, reject) => {
        signals.push(signal!);
        signal!.addEventListener('abort', () => {
          told.resolve();
          reject(new Error('given up'));
        });
        begun.resolve();
      }),
  };
  const models: Pick<Models, 'use'> = { use: (_, work) => work(model as LoadedModel) };
  const answer = createInfer({
    models: models as Models,
    limits: DEFAULT_LIMITS,
    bodies: bodyBudget(DEFAULT_LIMITS),
  });
  const server = createServer((request, response) => {
    answer(request, response, { model: 'any' }).catch(() => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { body } = infer({ inputs: [inputOf({ data: ROW })] });
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body);
    await begun.promise;
    assert.equal(signals[0]!.aborted, false);
    socket.destroy();
    await told.promise;
    assert.equal(signals[0]!.aborted, true);
  } finally {
    server.close();
  }
});

function withResolver(): { promise: Promise<void>; resolve(): void } {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
