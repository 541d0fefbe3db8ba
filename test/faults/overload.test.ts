import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { prepareRequests, type RequestKind } from '../../bench/serve/requests.js';
import { findBundle } from '../../cli/find-bundle.js';
import { DEFAULT_SETTINGS } from '../../serve/config/service-config.js';
import { carried, openLoop } from './open-loop.js';
import { type FaultService, startFaultService } from './service.js';

const LONG = process.env.TENFOLD_NIGHTLY !== undefined;
const SECONDS = LONG ? 60 : 1;
const MEASURED_SECONDS = LONG ? 5 : 0.5;
const OVERLOAD = 3;
/** More clients than pictures may wait. */
const CLIENTS = 1500;
/** Clients that together get as much as the service gives, without a refusal. */
const FEW_CLIENTS = 32;
/** Of the throughput before, what there must be afterwards: other work on the machine moves it by a tenth or two. */
const LEAST_SHARE = 0.75;

/** A request that is accepted waits for a thread so long at most, and its batch takes so long at most. */
const MOST_MILLISECONDS = DEFAULT_SETTINGS.queueMilliseconds + DEFAULT_SETTINGS.batchMilliseconds;

let service: FaultService;
before(async () => {
  service = await startFaultService({ bundleDirectory: findBundle(undefined) });
});
after(() => service.stop());

/** Small pictures keep the thread busy that reads requests, large ones those that decode and classify. */
for (const kind of ['png', 'jpeg'] as const satisfies RequestKind[]) {
  test(`three times as many requests as can be carried, ${kind}`, async (context) => {
    const { url } = service;
    const requests = await prepareRequests(kind, { host: url.host, model: '' });
    const before = await carried(url, requests, FEW_CLIENTS, MEASURED_SECONDS);
    const arrivals = await openLoop({
      url,
      requests,
      perSecond: OVERLOAD * before,
      seconds: SECONDS,
      connections: CLIENTS,
    });
    const { sent, heldBack, statuses, withoutRetryAfter, lost, longestMilliseconds } = arrivals;
    const counts = [...statuses].map(([status, count]) => `${status}: ${count}`).join(', ');
    context.diagnostic(
      `${Math.round(before)} a second carried; ${sent} sent in ${SECONDS} s, ${heldBack} held back; ` +
        `${counts}; longest wait for a 200 ${Math.round(longestMilliseconds)} ms`,
    );
    service.assertAlive();
    assert.equal(lost, 0, 'requests without an answer');
    assert.deepEqual(
      [...statuses.keys()].filter((status) => ![200, 429, 503].includes(status)),
      [],
    );
    assert.equal(withoutRetryAfter, 0, 'refusals without Retry-After');
    assert.ok(statuses.get(200)! > 0, 'nothing was accepted');
    assert.ok(longestMilliseconds <= MOST_MILLISECONDS, `an answer took ${longestMilliseconds} ms`);
    if (!LONG) return;
    const afterwards = await carried(url, requests, FEW_CLIENTS, MEASURED_SECONDS);
    context.diagnostic(`${Math.round(afterwards)} a second carried afterwards`);
    assert.ok(afterwards >= LEAST_SHARE * before, `${afterwards} a second, ${before} before`);
  });
}
