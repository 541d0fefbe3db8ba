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

test('where the files are can be said in Node, as a module does that a server renders', async () => {
  const { setAssetFolder } = await import('../../../web/entries/index.js');
  assert.doesNotThrow(() => setAssetFolder('/digits/'));
});
