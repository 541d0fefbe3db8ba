import { type ErrorCode, unmet } from './errors.js';

/**
 * `JSON.parse` for what people hand over.
 * @param what names the text in the message
 * @param advice what to do where it is not JSON
 * @throws TenfoldError of that code where it is not JSON
 */
export function parseJson(text: string, what: string, code: ErrorCode, advice: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unmet({ code, what, expected: 'JSON', got: (cause as Error).message, advice, cause });
  }
}

/** JSON for people to read: indented, but lists of plain numbers on one line each. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /\[\n\s+([^[\]{}"]+?)\s+\]/g,
    (_list, items: string) => `[${items.replace(/\s+/g, ' ')}]`,
  );
}
