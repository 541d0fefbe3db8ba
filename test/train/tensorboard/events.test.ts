import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEvent } from '../../../train/tensorboard/events.js';
import { encodeGraph } from '../../../train/tensorboard/graph.js';
import { EVENTS, GRAPH } from './events.fixtures.js';

for (const { name, event, bytes } of EVENTS) {
  test(`an event's bytes are those of TensorBoard's own messages: ${name}`, () => {
    assert.equal(Buffer.from(encodeEvent(event)).toString('hex'), bytes);
  });
}

test("a graph's bytes are those of TensorBoard's own messages", () => {
  assert.equal(Buffer.from(encodeGraph(GRAPH.nodes)).toString('hex'), GRAPH.bytes);
});
