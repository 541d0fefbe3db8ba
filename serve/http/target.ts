import type { RequestListener } from 'node:http';
import { problem, sendProblem } from './problem.js';

/**
 * Hands on requests whose target is a path or an absolute URL (RFC 9112, section 3.2), the latter as its path, and
 * refuses others: Express answers a target that it cannot parse with a page of its own, before any handler.
 */
export function withTarget(listener: RequestListener): RequestListener {
  return (request, response) => {
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
