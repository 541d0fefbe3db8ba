import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PredictResponse } from '../../serve/predict/schemas.js';
import { type BundleFolder, makeTinyBundle } from '../serve/tiny-bundle.js';
import { makeCorpus } from './malformed/corpus.js';
import { formOf } from './malformed/forms.js';
import { attemptOf, type KindName, type Material } from './malformed/kinds.js';
import { type Attempt, type Outcome, rawExchange } from './raw-exchange.js';
import { type FaultService, startFaultService } from './service.js';

const UPLOADS = process.env.TENFOLD_NIGHTLY ? 20_000 : 300;
/** Draws the uploads: others every time, unless it is given to try the same ones again. */
const SEED = Number(process.env.TENFOLD_FAULTS_SEED ?? Date.now() % 2 ** 31);

/** Clients that send at the same time. */
const CLIENTS = 6;
/** Of its uploads each client makes every so manieth a sane one. */
const SANE_EVERY = 10;
/** By then every request is answered, or its connection closed. */
const LIMIT_MILLISECONDS = 25_000;
/**
 * What the service may hold beside what it held at first: each client's largest picture (25 million pixels of four
 * bytes) three times, as libvips decodes it, as a thread is given it and as the thread prepares it, and its body of ten
 * megabytes three times. Measured: one such picture 410 MB, six at once 1.2 GB.
 */
const MOST_BYTES_MORE = CLIENTS * (3 * 100_000_000 + 3 * 10_000_000);
const LOOK_EVERY = 20;

let material: Material;
let bundle: BundleFolder;
let service: FaultService;
before(async () => {
  bundle = await makeTinyBundle();
  material = { corpus: await makeCorpus(), model: 'row-reader' };
  service = await startFaultService({
    bundleDirectory: bundle.directory,
    flags: ['--control', 'on'],
  });
});
after(async () => {
  await service.stop();
  await bundle.remove();
});

/** Says what is wrong with an answer; null where nothing is. */
function fault({ bytes }: Attempt, outcome: Outcome): string | null {
  if (outcome.kind === 'hung') return 'neither answered nor closed';
  if (outcome.kind === 'closed') return null;
  const { status, headers, body } = outcome;
  if (status >= 500 && status !== 503) return `answered ${status}: ${body.toString('utf8', 0, 300)}`;
  const type = headers.get('content-type') ?? '';
  // Pages, files and metrics are none.
  const isRead = bytes.toString('latin1', 0, 4) === 'GET ' && status < 300;
  if (body.length === 0 || isRead) return null;
  return jsonFault(status, type, body, headers.get('inference-header-content-length'));
}

function jsonFault(status: number, type: string, body: Buffer, headerLength?: string): string | null {
  const text = body.toString('utf8', 0, headerLength === undefined ? body.length : Number(headerLength));
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return status < 400 || typeof error === 'string' ? null : `a problem without its error: ${text}`;
  } catch {
    return `answered ${status} with ${type} that is no JSON: ${text.slice(0, 300)}`;
  }
}

/** A whole picture in a form: refused only where the bombs have filled the queue. */
async function assertSane(): Promise<'right' | 'refused'> {
  const { bytes, digit } = material.corpus.sane;
  const outcome = await rawExchange(service.url, formOf('sane', bytes), LIMIT_MILLISECONDS);
  assert.ok(outcome.kind === 'answered', `a sane request was ${outcome.kind}`);
  if (outcome.status === 503 && outcome.headers.has('retry-after')) return 'refused';
  assert.equal(outcome.status, 200, outcome.body.toString());
  const { results } = JSON.parse(outcome.body.toString()) as PredictResponse;
  assert.equal(results[0]!.digit, digit);
  return 'right';
}

test(`${UPLOADS} malformed uploads`, async (context) => {
  context.diagnostic(`TENFOLD_FAULTS_SEED=${SEED}`);
  const counts: Partial<Record<string, number>> = {};
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const faults: string[] = [];
  const first = service.residentBytes();
  let most = first;
  let next = 0;
  const client = async () => {
    for (let number = next++; number < UPLOADS; number = next++) {
      const attempt = attemptOf(SEED, number, material);
      const outcome = await rawExchange(service.url, attempt, LIMIT_MILLISECONDS);
      count(outcomeName(attempt.kind, outcome));
      const found = fault(attempt, outcome);
      if (found) faults.push(`upload ${number} (${attempt.name}): ${found}`);
      if (number % SANE_EVERY === 0) count(`sane: ${await assertSane()}`);
      if (number % LOOK_EVERY === 0) most = Math.max(most, service.residentBytes());
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));

  service.assertAlive();
  assert.equal(await assertSane(), 'right');
  for (const what of Object.keys(counts).sort()) context.diagnostic(`${what}: ${counts[what]}`);
  const mega = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  context.diagnostic(
    `resident memory: ${mega(first)} at first, ${mega(most)} at most, ${mega(service.residentBytes())} at the end`,
  );
  assert.deepEqual(faults.slice(0, 20), [], `${faults.length} faults with TENFOLD_FAULTS_SEED=${SEED}`);
  assert.ok(most <= first + MOST_BYTES_MORE, `${mega(most)} held, ${mega(first)} at first`);
});

const outcomeName = (kind: KindName, outcome: Outcome): string =>
  `${kind}: ${outcome.kind === 'answered' ? outcome.status : outcome.kind}`;
