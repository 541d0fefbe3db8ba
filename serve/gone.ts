import type { ServerResponse } from 'node:http';
import { unmet } from '../core/errors.js';

/** What ends work that nobody waits for any more; nobody is told. */
export const gone = () =>
  unmet({
    code: 'interrupted',
    what: 'the client',
    expected: 'one that waits for its answer',
    got: 'one that went away',
    advice: 'Send the request again.',
  });

/** Aborted, by {@link gone}, where the client goes away before its answer was sent. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  // Every response closes; an error for each would cost more than small answers do.
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(gone());
  });
  return controller.signal;
}
