import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { configObject, printConfig, settingsTable } from '../../../serve/config/print-config.js';
import { serviceConfig } from '../../../serve/config/service-config.js';
import { NAMES, SETTINGS } from '../../../serve/config/settings.js';

const KEYS = 'correct-horse-battery,staple-correct-horse';
const config = serviceConfig({
  values: {
    bundle: ['default', 'mine'],
    canary: ['next=0.25', 'last=0.5'],
    'queue-time': '2s',
    'body-size': '1mb',
  },
  env: {
    TENFOLD_API_KEYS: KEYS,
    TENFOLD_RATE_LIMIT: '100/1m',
    TENFOLD_METRICS: 'off',
    TENFOLD_REPOSITORY: 'models',
  },
});

test('every setting is printed, a line each, with value, unit and source', () => {
  const lines = printConfig(config).split('\n');
  assert.deepEqual(
    lines.map((line) => line.split(/ +/)[0]),
    NAMES.map((name) => SETTINGS[name].flag),
  );
  for (const expected of [
    /^host +127\.0\.0\.1 +default$/,
    /^bundle +default, mine +--bundle$/,
    /^canary +next=0\.25, last=0\.5 +--canary$/,
    /^repository +models +TENFOLD_REPOSITORY$/,
    /^queue-time +2000 milliseconds +--queue-time$/,
    /^body-size +1048576 bytes +--body-size$/,
    /^rate-limit +100\/1m requests\/time +TENFOLD_RATE_LIMIT$/,
    /^api-keys-file +2 keys +TENFOLD_API_KEYS$/,
    /^metrics +off +TENFOLD_METRICS$/,
    /^origin +none +default$/,
  ]) {
    assert.ok(
      lines.some((line) => expected.test(line)),
      `${expected} in\n${lines.join('\n')}`,
    );
  }
});

test('programs get every setting by its name, of keys the count alone', () => {
  const printed = JSON.parse(JSON.stringify(configObject(config)));
  assert.deepEqual(Object.keys(printed), NAMES);
  assert.deepEqual(printed.queueMilliseconds, {
    value: 2000,
    unit: 'milliseconds',
    source: '--queue-time',
    flag: '--queue-time',
    variable: 'TENFOLD_QUEUE_TIME',
  });
  assert.equal(printed.apiKeys.value, 2);
  assert.equal(printed.metrics.value, false);
  assert.deepEqual(printed.canary.value, ['next=0.25', 'last=0.5']);
});

test('no key and no digest of one is printed', () => {
  const digests = config.apiKeys.flatMap((digest) => [digest.toString('hex'), digest.toString('base64')]);
  const printed = printConfig(config) + JSON.stringify(configObject(config));
  for (const secret of [...KEYS.split(','), ...digests]) assert.ok(!printed.includes(secret), secret);
});

test('the page on the service has the table of settings as it is', () => {
  const page = readFileSync(new URL('../../../../docs/service.md', import.meta.url), 'utf8');
  assert.ok(
    page.includes(settingsTable()),
    `the table of settings in docs/service.md should be:\n${settingsTable()}`,
  );
});
