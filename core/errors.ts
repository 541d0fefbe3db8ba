/**
 * What went wrong, in terms every front end can map: the command line to an exit status, the service to an
 * HTTP status, the element to an event code.
 */
export type ErrorCode =
  | 'bad-usage' // an option, a key or a name that does not exist
  | 'bad-input' // data that cannot be what it should be
  | 'not-found' // a file, folder, model or route that is not there
  | 'too-large' // more bytes or pixels than the limit
  | 'unsupported-media' // a kind of file that is not accepted
  | 'corrupt' // a file that is not what its own manifest or header says
  | 'incompatible' // a file of a version that this code does not read
  | 'forbidden' // what a policy, a browser's setting or the person does not allow
  | 'offline' // no connection, and nothing kept from an earlier visit
  | 'storage-full' // what could not be kept for want of room
  | 'unavailable' // a device, backend or service that cannot be had now
  | 'interrupted' // the work was told to stop, and has saved what it had
  | 'failed'; // the work itself did not succeed

/** An error meant for the person at the other end: its message is complete without a stack trace. */
export class TenfoldError extends Error {
  override readonly name = 'TenfoldError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export interface Expectation {
  code: ErrorCode;
  /** The thing that was checked: `the magic number of train-images-idx3-ubyte`. */
  what: string;
  /** What it should have been: `0x00000803`. */
  expected: string;
  /** What came instead. */
  got: string;
  /** What to do about it, as a sentence. */
  advice: string;
  cause?: unknown;
}

/** Builds every message of the project: `Expected 0x803 for the magic number of x, got 0x0. Download it again.` */
export function unmet({ code, what, expected, got, advice, cause }: Expectation): TenfoldError {
  return new TenfoldError(code, `Expected ${expected} for ${what}, got ${got}. ${advice}`, { cause });
}

/** Renders a value for the `got` of a message: short, one line, with its type. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const text = textOf(value);
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return `${short} (${Array.isArray(value) ? 'array' : typeof value})`;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  try {
    return Array.isArray(value) ? `[${value}]` : String(value);
  } catch {
    // An object whose own toString is no function, as JSON may have it; or one too deep.
    return Object.prototype.toString.call(value);
  }
}
