import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownUrl } from '../../../train/sweeps/queue/connection.js';

test('the URL that is shown leads to the same queue, without the password', () => {
  for (const [url, shown] of [
    ['redis://127.0.0.1:6380', 'redis://127.0.0.1:6380'],
    ['rediss://host/2', 'rediss://host/2'],
    ['redis://:secret@host:6379/1', 'redis://:PASSWORD@host:6379/1'],
    ['redis://me:secret@host', 'redis://me:PASSWORD@host'],
  ] as const) {
    assert.equal(shownUrl(url), shown);
  }
});
