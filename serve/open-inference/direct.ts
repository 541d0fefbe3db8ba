import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerRefusal } from './answer.js';
import { createInfer, type InferOptions, type ModelPath } from './infer.js';

export interface DirectOptions extends InferOptions {
  /** Logs and answers what the service did wrong, or cannot do now. */
  fail(error: unknown, request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Answers requests for inference before Express sees them, which takes more time than all that is done for one row
 * beside the network itself. Nothing that middleware adds or forbids holds for them.
 * @returns whether the request was one, and is being answered.
 */
export function directInference({
  fail,
  ...options
}: DirectOptions): (request: IncomingMessage, response: ServerResponse) => boolean {
  const infer = createInfer(options);
  return (request, response) => {
    const path = request.method === 'POST' ? inferPath(request.url ?? '') : null;
    if (path === null) return false;
    infer(request, response, path).catch((error) => {
      if (!answerRefusal(error, response)) fail(error, request, response);
    });
    return true;
  };
}

const INFER_PATH = /^\/v2\/models\/([^/?]+)(?:\/versions\/([^/?]+))?\/infer\/?(?:\?.*)?$/;

/** Null where it is another path, or one that does not decode: Express says so. */
function inferPath(url: string): ModelPath | null {
  const [, model, version] = INFER_PATH.exec(url) ?? [];
  if (model === undefined) return null;
  try {
    return {
      model: decodeURIComponent(model),
      version: version === undefined ? undefined : decodeURIComponent(version),
    };
  } catch {
    return null;
  }
}
