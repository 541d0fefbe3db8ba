import { unmet } from '../../core/errors.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** By byte, the levels that it opens or closes: `[`, `{` and `]`, `}`; a table, since every byte is looked up. */
const STEP = new Int8Array(256);
for (const open of Buffer.from('[{')) STEP[open] = 1;
for (const close of Buffer.from(']}')) STEP[close] = -1;

/**
 * Whether no array or object of a JSON text lies within more than `most - 1` others. One pass that never recurses, to be
 * made before the text is parsed: what parses or describes a deep value does recurse.
 */
export function isWithinDepth(json: Buffer, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === QUOTE) at = endOfString(json, at);
    else depth += STEP[byte]!;
    if (depth > most) return false;
  }
  return true;
}

/** The index of the quote that ends the string which the quote at `start` begins; the text's end where none does. */
function endOfString(json: Buffer, start: number): number {
  for (let quote = json.indexOf(QUOTE, start + 1); quote >= 0; quote = json.indexOf(QUOTE, quote + 1)) {
    let before = quote;
    while (json[before - 1] === BACKSLASH) before--;
    // An even run of backslashes is so many backslashes; an odd one ends in an escaped quote.
    if ((quote - before) % 2 === 0) return quote;
  }
  return json.length;
}

/** @throws TenfoldError `bad-input` where a JSON body has more than `most` levels. */
export function checkJsonDepth(json: Buffer, most: number): void {
  if (isWithinDepth(json, most)) return;
  throw unmet({
    code: 'bad-input',
    what: 'the JSON body',
    expected: `at most ${most} arrays and objects within one another`,
    got: 'more',
    advice: 'Send the members that the service knows, and no more.',
  });
}
