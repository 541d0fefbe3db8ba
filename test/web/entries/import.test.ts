import assert from 'node:assert/strict';
import { test } from 'node:test';

test('the class can be imported in Node, touches no global, and is only defined', async () => {
  const before = Reflect.ownKeys(globalThis);
  const { DigitClassifierElement } = await import('../../../web/element/digit-classifier-element.js');
  assert.deepEqual(Reflect.ownKeys(globalThis), before);
  assert.equal(typeof DigitClassifierElement, 'function');
  assert.equal(DigitClassifierElement.formAssociated, true);
});

test('the module that registers it does nothing in Node, where there is no registry', async () => {
  const before = Reflect.ownKeys(globalThis);
  await import('../../../web/entries/index.js');
  assert.deepEqual(Reflect.ownKeys(globalThis), before);
});
