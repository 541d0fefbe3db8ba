import { TenfoldError, unmet } from './errors.js';

interface Refusal {
  /** What the operating system says, in words. */
  got: string;
  /** What lifts it, as the beginning of a sentence. */
  remedy: string;
}

/** Why a file cannot be written, by the operating system's name of it. */
const REFUSALS: Record<string, Refusal> = {
  ENOSPC: { got: 'a full disk', remedy: 'Make room on it' },
  EDQUOT: { got: 'a disk quota that is used up', remedy: 'Make room within it' },
  EFBIG: { got: 'a file larger than is allowed', remedy: 'Raise the limit (ulimit -f)' },
  EROFS: { got: 'a read-only file system', remedy: 'Make it writable' },
  EACCES: { got: 'no permission', remedy: 'Give yourself write permission' },
  EPERM: { got: 'no permission', remedy: 'Make it changeable' },
  ENOTDIR: { got: 'a file where a folder of its path should be', remedy: 'Move that file away' },
  EEXIST: { got: 'a file where the folder should be', remedy: 'Move that file away' },
  EIO: { got: 'a disk that fails', remedy: 'Check the disk' },
};

/**
 * The error of a write that failed, for the person at the other end; an error that does not come from the operating
 * system is given back as it is.
 * @param path the file that was to be written
 * @param next what to do once the remedy is taken, the end of a sentence: `then go on by --resume`
 */
export function unwritable(cause: unknown, path: string, next: string): unknown {
  const { code } = cause as { code?: unknown };
  if (cause instanceof TenfoldError || typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return cause;
  const { got, remedy } = REFUSALS[code] ?? { got: (cause as Error).message, remedy: 'Mend that' };
  return unmet({
    code: 'failed',
    what: path,
    expected: 'a place that can be written',
    got: `${got} (${code})`,
    advice: `${remedy}, ${next}.`,
    cause,
  });
}
