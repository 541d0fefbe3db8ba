import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { INPUT_LENGTH, type RgbaImage } from '../../../core/image.js';
import { DEFAULT_LIMITS } from '../../../serve/limits.js';
import { openBundleFolder } from '../../../serve/models/bundle.js';
import type { BatchEvent, Observer, RequestEvent } from '../../../serve/observer.js';
import { Pool, type PoolOptions, RESTART_MILLISECONDS } from '../../../serve/workers/pool.js';
import { createRunner } from '../../../serve/workers/runner.js';
import type { WorkOptions } from '../../../serve/workers/work.js';
import { nvidiaInSight } from '../../../train/ort-backend/index.js';
import { makeTinyBundle } from '../tiny-bundle.js';
import { ANSWERS, DIES_AT_START } from './dying-worker.js';
import { STARTS } from './slow-worker.js';

const picture = (width: number, height = 1): RgbaImage => ({
  width,
  height,
  data: new Uint8Array(width * height * 4),
});
/** What the test's worker does not answer. */
const HANGS = picture(2, 2);
/** What it answers once it is told to. */
const HELD = picture(2, 3);

/** Keeps what it is told. */
class Record implements Observer {
  readonly requests: RequestEvent[] = [];
  readonly batches: BatchEvent[] = [];
  readonly crashes: string[] = [];
  answered(event: RequestEvent) {
    this.requests.push(event);
  }
  computed(event: BatchEvent) {
    this.batches.push(event);
  }
  crashed({ error }: { error: Error }) {
    this.crashes.push(error.message);
  }
}

interface Options extends Omit<Partial<PoolOptions>, 'limits'> {
  limits?: Partial<PoolOptions['limits']>;
}

async function withPool(
  { limits, ...options }: Options,
  use: (pool: Pool, record: Record) => Promise<void>,
): Promise<void> {
  const folder = await makeTinyBundle();
  const bundle = await openBundleFolder(folder.directory);
  const script = new URL('./dying-worker.js', import.meta.url);
  const record = new Record();
  const pool = await Pool.start({
    bundle,
    workers: 1,
    limits: { ...DEFAULT_LIMITS, ...limits },
    observer: record,
    script,
    ...options,
  });
  try {
    await use(pool, record);
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

/** Gives the pool's worker two pictures, which it holds until `answer` is called. */
async function occupy(pool: Pool, options: WorkOptions = {}) {
  const busy = pool.run('one', [HELD, HELD], options);
  await until(() => pool.load.queuedImages === 0);
  const answer = () => {
    const channel = new BroadcastChannel(ANSWERS);
    channel.postMessage('now');
    channel.close();
  };
  return { busy, answer };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('a worker that dies is replaced; its requests are refused, later ones answered', async () => {
  // On a machine that is busy the next worker may take longer to start than requests usually wait.
  await withPool({ limits: { queueMilliseconds: 60_000 } }, async (pool, record) => {
    await assert.rejects(pool.run('one', [picture(1)]), { code: 'unavailable', message: /being replaced/ });
    assert.deepEqual(record.crashes, ['one pixel is too few']);
    assert.equal(pool.isReady, false);
    const answer = await pool.run('one', [picture(2)]);
    assert.equal(answer.output.length, 1);
    await until(() => pool.isReady);
    assert.equal(record.crashes.length, 1);
    assert.deepEqual(
      record.requests.map(({ failure }) => failure),
      ['unavailable', null],
    );
  });
});

test('a worker that hangs is replaced as well, and its request refused in time', async () => {
  // Its replacement has no longer to answer, on a machine that is busy too.
  await withPool({ limits: { batchMilliseconds: 1000 } }, async (pool, record) => {
    await assert.rejects(pool.run('one', [HANGS]), { code: 'unavailable', message: /being replaced/ });
    assert.deepEqual(record.crashes, ['it did not answer within 1000 ms']);
    assert.equal((await pool.run('one', [picture(2)])).output.length, 1);
  });
});

test('whatever waits while a worker is busy becomes one batch', async () => {
  await withPool({}, async (pool, record) => {
    const { busy, answer } = await occupy(pool);
    const waiting = Array.from({ length: 5 }, () => pool.run('one', [picture(2)]));
    await pause(20);
    answer();
    // The test's worker gives the number of pictures as the time of the batch.
    assert.equal((await busy).inferenceMilliseconds, 2);
    for (const { output, queueMilliseconds, inferenceMilliseconds } of await Promise.all(waiting)) {
      assert.equal(inferenceMilliseconds, 5);
      assert.equal(output.length, 1);
      assert.ok(queueMilliseconds > 10, `${queueMilliseconds} ms`);
    }
    assert.deepEqual(
      record.batches.map(({ requests, images }) => ({ requests, images })),
      [
        { requests: 1, images: 2 },
        { requests: 5, images: 5 },
      ],
    );
  });
});

test('what waits is shared among the workers that are idle', async () => {
  await withPool({ workers: 3 }, async (pool, record) => {
    await Promise.all(Array.from({ length: 10 }, () => pool.run('one', [picture(2)])));
    assert.deepEqual(record.batches.map(({ images }) => images).sort(), [3, 3, 4]);
    await pool.run('one', [picture(2), picture(2)]);
    assert.equal(record.batches.at(-1)!.images, 2, 'a request is never divided');
  });
});

test('a batch has at most as many pictures as asked', async () => {
  await withPool({ limits: { batchImages: 40 } }, async (pool) => {
    const all = await Promise.all(Array.from({ length: 60 }, () => pool.run('one', [picture(2)])));
    const sizes = new Set(all.map(({ inferenceMilliseconds }) => inferenceMilliseconds));
    assert.deepEqual(sizes, new Set([40, 20]));
  });
});

test('a full queue refuses at once', async () => {
  await withPool({ limits: { queuedImages: 3, queuedPixels: 1000 } }, async (pool) => {
    const taken = [1, 2, 3].map(() => pool.run('one', [picture(2)]));
    await assert.rejects(pool.run('one', [picture(2)]), {
      code: 'unavailable',
      message: /^Expected room for 1 more for the queue, got 3 pictures that wait already/,
    });
    await Promise.all(taken);
    assert.equal((await pool.run('one', [picture(2000)])).output.length, 1);
  });
});

test('a request that waits too long is refused, though no worker is free', async () => {
  await withPool({ limits: { queueMilliseconds: 60, batchMilliseconds: 1000 } }, async (pool, record) => {
    const hung = assert.rejects(pool.run('one', [HANGS]), { code: 'unavailable' });
    await until(() => pool.load.queuedImages === 0);
    await assert.rejects(pool.run('one', [picture(2)]), {
      code: 'unavailable',
      message: /^Expected a worker within 60 ms for the queue, got none that was free/,
    });
    assert.deepEqual(record.crashes, [], 'it was refused before the worker was given up');
    await hung;
  });
});

test('a request whose client is gone is left out, unless a worker has it', async () => {
  await withPool({}, async (pool, record) => {
    const [early, late] = [new AbortController(), new AbortController()];
    const { busy, answer } = await occupy(pool, { signal: late.signal });
    const waiting = pool.run('one', [picture(2)], { signal: early.signal });
    early.abort();
    late.abort();
    await assert.rejects(waiting, { code: 'interrupted' });
    answer();
    assert.equal((await busy).output.length, 2);
    const gone = pool.run('one', [picture(2)], { signal: early.signal });
    await assert.rejects(gone, { code: 'interrupted' });
    assert.equal(record.batches.length, 1);
  });
});

/** Memory that no thread can be given: Node 20 copies it, later ones throw. */
const inWebAssembly = ({ width, height, data }: RgbaImage): RgbaImage => {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(data.length / 2 ** 16) });
  const pixels = new Uint8Array(memory.buffer, 0, data.length);
  pixels.set(data);
  return { width, height, data: pixels };
};

test("pixels stay their caller's, in whatever memory they are, and are read as often as is asked", async () => {
  await withPool({}, async (pool, record) => {
    const large = picture(300, 100);
    const decoded = await sharp(large.data, { raw: { width: 300, height: 100, channels: 4 } })
      .raw()
      .toBuffer();
    for (const own of [large, inWebAssembly(large), { ...large, data: decoded }]) {
      const [first] = (await pool.run('one', [own])).output;
      assert.deepEqual((await pool.run('one', [own])).output, [first]);
      assert.equal(own.data.length, 300 * 100 * 4);
    }
    assert.deepEqual(record.crashes, []);
  });
});

test('pixels that their caller hands over while they wait are refused, and the worker goes on', async () => {
  await withPool({ limits: { batchMilliseconds: 2000 } }, async (pool, record) => {
    const gone = picture(300, 100);
    const first = pool.run('one', [picture(300, 100)]);
    const second = assert.rejects(pool.run('many', [gone]), { code: 'bad-input' });
    structuredClone(gone.data.buffer, { transfer: [gone.data.buffer as ArrayBuffer] });
    const third = pool.run('many', [picture(2)]);
    assert.equal((await first).output.length, 1);
    await second;
    assert.equal((await third).output.length, 1);
    assert.deepEqual(record.crashes, []);
  });
});

test('closing answers what waits and refuses what comes after', async () => {
  await withPool({}, async (pool) => {
    const busy = pool.run('one', [picture(2), picture(2)]);
    const waiting = pool.run('one', [picture(2)]);
    const closing = pool.close();
    await assert.rejects(pool.run('one', [picture(2)]), { code: 'unavailable', message: /shuts down/ });
    assert.equal((await busy).output.length, 2);
    assert.equal((await waiting).output.length, 1);
    await closing;
    assert.equal(pool.isReady, false);
  });
});

test('closing lets a worker that is being replaced start first', async () => {
  let starts = 0;
  const channel = new BroadcastChannel(STARTS);
  channel.onmessage = () => starts++;
  try {
    const script = new URL('./slow-worker.js', import.meta.url);
    await withPool({ script }, async (pool) => {
      await assert.rejects(pool.run('one', [picture(2)]), { code: 'unavailable' });
      await pool.close();
    });
    await until(() => starts === 2);
  } finally {
    channel.close();
  }
});

test('a pool that was closed starts no worker, though one that failed was to be tried again', async () => {
  let started = 0;
  const count = () => started++;
  try {
    await withPool({}, async (pool, record) => {
      process.env[DIES_AT_START] = 'yes';
      await assert.rejects(pool.run('one', [picture(1)]), { code: 'unavailable' });
      await until(() => record.crashes.length === 2);
      assert.deepEqual(record.crashes, ['one pixel is too few', 'this one does not start']);
      delete process.env[DIES_AT_START];
      await pool.close();
      process.on('worker', count);
      // The pool's timer began earlier and is shorter, so that it has run by then.
      await pause(RESTART_MILLISECONDS + 100);
      assert.equal(started, 0);
    });
  } finally {
    delete process.env[DIES_AT_START];
    process.off('worker', count);
  }
});

test('tensors of several requests share a run, and each gets its own rows', async () => {
  const folder = await makeTinyBundle();
  const bundle = await openBundleFolder(folder.directory);
  const record = new Record();
  const pool = await Pool.start({ bundle, workers: 1, limits: DEFAULT_LIMITS, observer: record });
  const runner = await createRunner(bundle);
  try {
    const tensor = (rows: number) => Float32Array.from({ length: rows * INPUT_LENGTH }, () => Math.random());
    const inputs = [tensor(1), tensor(3), tensor(2)];
    const done = await Promise.all(inputs.map((input) => pool.run('tensor', input.slice())));
    assert.deepEqual(
      record.batches.map(({ requests, images }) => ({ requests, images })),
      [{ requests: 3, images: 6 }],
    );
    for (const [place, input] of inputs.entries()) {
      const alone = await runner.run(input, input.length / INPUT_LENGTH);
      const { logits, probabilities } = done[place]!.output;
      assert.equal(logits.length, alone.logits.length);
      logits.forEach((logit, at) => {
        assert.ok(Math.abs(logit - alone.logits[at]!) < 1e-4, `logit ${at} of request ${place}`);
        assert.ok(Math.abs(probabilities[at]! - alone.probabilities[at]!) < 1e-6);
      });
    }
  } finally {
    await pool.close();
    await runner.release();
    await folder.remove();
  }
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

const gpu = nvidiaInSight();
test('a device that this machine lacks is told by name', {
  skip: gpu !== null && `there is a GPU (${gpu})`,
}, async () => {
  const folder = await makeTinyBundle();
  try {
    const bundle = await openBundleFolder(folder.directory);
    await assert.rejects(createRunner(bundle, { device: 'cuda' }), {
      code: 'unavailable',
      message: /^Expected a model that ONNX Runtime loads on cuda for model\.onnx of row-reader 1\.2\.3/,
    });
  } finally {
    await folder.remove();
  }
});
