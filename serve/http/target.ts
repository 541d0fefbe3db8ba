import type { IncomingMessage, RequestListener } from 'node:http';
import { problem, sendProblem } from './problem.js';

/** Node would answer it by itself, with an empty body (RFC 9112, section 3.2). */
const lacksHost = ({ httpVersion, headers }: IncomingMessage): boolean =>
  httpVersion === '1.1' && headers.host === undefined;

/** Refuses an `Expect` that is not `100-continue` (RFC 9110, section 10.1.1), which Node would with an empty body. */
export const refuseExpectation: RequestListener = (_request, response) => {
  const detail = 'Expected 100-continue or nothing for Expect, got another. Leave it out.';
  sendProblem(response, problem(417, detail), { Connection: 'close' });
};

/**
 * Hands on requests that name their host and whose target is a path or an absolute URL (RFC 9112, section 3.2), the latter as its path, and
 * refuses others: Express answers a target that it cannot parse with a page of its own, before any handler.
 */
export function withTarget(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (lacksHost(request)) {
      const detail = 'Expected the header Host, got none. Name the host that is asked.';
      sendProblem(response, problem(400, detail), { Connection: 'close' });
      return;
    }
    const target = request.url ?? '';
    if (!target.startsWith('/')) {
      if (!/^https?:/i.test(target) || !URL.canParse(target)) {
        const detail = 'Expected a path or a URL for the request target, got neither. Ask for /predict, say.';
        sendProblem(response, problem(400, detail), { Connection: 'close' });
        return;
      }
      const { pathname, search } = new URL(target);
      request.url = pathname + search;
    }
    listener(request, response);
  };
}
