import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RgbaImage } from '../../core/image.js';
import { DEFAULT_LIMITS } from '../../serve/limits.js';
import { openBundleFolder } from '../../serve/models/bundle.js';
import { Pool, type PoolOptions } from '../../serve/workers/pool.js';
import { makeTinyBundle } from './tiny-bundle.js';

const picture = (width: number): RgbaImage => ({ width, height: 1, data: new Uint8Array(width * 4) });

async function withPool(options: Partial<PoolOptions>, use: (pool: Pool) => Promise<void>): Promise<void> {
  const folder = await makeTinyBundle();
  const bundle = await openBundleFolder(folder.directory);
  const script = new URL('./dying-worker.js', import.meta.url);
  const pool = await Pool.start({ bundle, workers: 1, limits: DEFAULT_LIMITS, script, ...options });
  try {
    await use(pool);
  } finally {
    await pool.close();
    await folder.remove();
  }
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let waited = 0; !condition(); waited += 5) {
    assert.ok(waited < 5000, 'it did not come about within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

test('a worker that dies is replaced; its requests are refused, later ones answered', async () => {
  const crashes: Error[] = [];
  await withPool({ onCrash: (error) => crashes.push(error) }, async (pool) => {
    await assert.rejects(pool.classify([picture(1)]), { code: 'unavailable', message: /being replaced/ });
    assert.equal(crashes[0]!.message, 'one pixel is too few');
    assert.equal(pool.isReady, false);
    const answer = await pool.classify([picture(2)]);
    assert.equal(answer.predictions.length, 1);
    await until(() => pool.isReady);
    assert.equal(crashes.length, 1);
  });
});

test('whatever waits while a worker is busy becomes one batch', async () => {
  await withPool({}, async (pool) => {
    const busy = pool.classify([picture(2), picture(2)]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const waiting = Array.from({ length: 5 }, () => pool.classify([picture(2)]));
    // The test's worker gives the number of pictures as the time of the batch.
    assert.equal((await busy).inferenceMilliseconds, 2);
    for (const answer of await Promise.all(waiting)) {
      assert.equal(answer.inferenceMilliseconds, 5);
      assert.equal(answer.predictions.length, 1);
      assert.ok(answer.queueMilliseconds > 10, `${answer.queueMilliseconds} ms`);
    }
  });
});

test('a batch has at most 64 pictures', async () => {
  await withPool({}, async (pool) => {
    const all = await Promise.all(Array.from({ length: 100 }, () => pool.classify([picture(2)])));
    const sizes = new Set(all.map(({ inferenceMilliseconds }) => inferenceMilliseconds));
    assert.deepEqual(sizes, new Set([64, 36]));
  });
});

test('a full queue refuses at once', async () => {
  await withPool({ limits: { queuedImages: 3, queuedPixels: 1000 } }, async (pool) => {
    const taken = [1, 2, 3].map(() => pool.classify([picture(2)]));
    await assert.rejects(pool.classify([picture(2)]), {
      code: 'unavailable',
      message: /^Expected room for 1 more for the queue, got 3 pictures that wait already/,
    });
    await Promise.all(taken);
    assert.equal((await pool.classify([picture(2000)])).predictions.length, 1);
  });
});

test('closing answers what waits and refuses what comes after', async () => {
  await withPool({}, async (pool) => {
    const busy = pool.classify([picture(2), picture(2)]);
    const waiting = pool.classify([picture(2)]);
    const closing = pool.close();
    await assert.rejects(pool.classify([picture(2)]), { code: 'unavailable', message: /shuts down/ });
    assert.equal((await busy).predictions.length, 2);
    assert.equal((await waiting).predictions.length, 1);
    await closing;
    assert.equal(pool.isReady, false);
  });
});

test('a model that cannot be loaded stops the start', async () => {
  const folder = await makeTinyBundle();
  const { manifest } = await openBundleFolder(folder.directory);
  const bundle = { manifest, model: Buffer.from('no model') };
  try {
    await assert.rejects(Pool.start({ bundle, workers: 2, limits: DEFAULT_LIMITS }), {
      code: 'corrupt',
      message: /^Expected a model that ONNX Runtime loads for model\.onnx of row-reader 1\.2\.3/,
    });
  } finally {
    await folder.remove();
  }
});
