import type { Handler } from 'express';

/**
 * For all methods of a route that has only GET: Express answers OPTIONS of such a route by itself, in plain text; with this
 * the service refuses it as any other method.
 */
export const passOn: Handler = (_request, _response, next) => next();
