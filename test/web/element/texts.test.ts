import assert from 'node:assert/strict';
import { test } from 'node:test';
import { speechOf } from '../../../web/element/texts.js';
import { formatsFor } from '../../../web/shared/format.js';

test('a language is chosen by its primary tag; what is not known is English, and said to be', () => {
  assert.equal(speechOf('zh-Hans-CN', {}).texts.clear, '清除');
  assert.equal(speechOf('ZH', {}).language, 'ZH');
  assert.equal(speechOf('en-GB', {}).texts.clear, 'Clear');
  assert.deepEqual(
    [speechOf('de', {}).texts.clear, speechOf('de', {}).language, speechOf('', {}).language],
    ['Clear', 'en', 'en'],
  );
  assert.equal(speechOf('constructor', {}).language, 'en');
});

test("a page's own texts stand before the element's, with the numbers of their language", () => {
  const speech = speechOf('de', { clear: 'Leeren' });
  assert.deepEqual([speech.texts.clear, speech.texts.undo, speech.language], ['Leeren', 'Undo', 'de']);
  assert.equal(speech.formats.percent(0.973), '97,3\u00a0%');
});

test("a text that a page leaves undefined or null is the element's own, and says nothing of the language", () => {
  const texts = { clear: undefined, undo: null, spoken: undefined } as object;
  const { texts: own } = speechOf('en', {});
  const { language, texts: unchanged } = speechOf('de', texts);
  assert.deepEqual([language, unchanged], ['en', own]);
  const { clear, undo, spoken, open } = speechOf('de', { ...texts, open: 'Bild' }).texts;
  assert.deepEqual([clear, undo, spoken, open], [own.clear, own.undo, own.spoken, 'Bild']);
});

test('a text in Chinese is none of the English ones', () => {
  const [english, chinese] = [speechOf('en', {}).texts, speechOf('zh', {}).texts];
  const say = (texts: typeof english): string[] =>
    Object.values(texts).flatMap((text): string[] =>
      typeof text === 'string'
        ? [text]
        : typeof text === 'function'
          ? [(text as (first: string, second: string) => string)('1', '2')]
          : Object.values(text),
    );
  const punctuation = /^[\d\s,.]+$/;
  const spoken = new Set(say(english).filter((text) => !punctuation.test(text)));
  assert.deepEqual(
    say(chinese).filter((text) => spoken.has(text)),
    [],
  );
});

test('a tag that is none is no reason to fail', () => {
  assert.equal(formatsFor('not a language').percent(0.5), '50.0%');
});
