import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type Handler, Router } from 'express';
import { allowOnly } from '../http/allow-only.js';
import type { OpenApiDocument } from '../openapi/document.js';
import { docsPage } from './page.js';

/**
 * `GET /openapi.json`, and `GET /docs` where there is a site to give the page its style. To be mounted behind the headers that every page
 * has: it needs no wider policy.
 * @param hasSite whether `style.css`, `docs.css` and `docs.js` are served beside
 */
export function docsRoutes(document: OpenApiDocument, hasSite: boolean): Router {
  const router = Router({ strict: true });
  router
    .route('/openapi.json')
    .get(fixed(JSON.stringify(document), 'application/json; charset=utf-8'))
    .all(allowOnly('GET'));
  if (!hasSite) return router;
  router
    .route('/docs')
    .get(fixed(docsPage(document), 'text/html; charset=utf-8'))
    .all(allowOnly('GET'));
  // The page's own links are relative.
  router
    .route('/docs/')
    .get((_request, response) => response.redirect(308, '../docs'))
    .all(allowOnly('GET'));
  return router;
}

/** 11 gives 8.4 kB of the page where 9 gives 9.2, and takes five times as long while the service starts. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** A text that does not change, compressed once. */
function fixed(text: string, type: string): Handler {
  const bodies = { br: brotliCompressSync(text, BROTLI), gzip: gzipSync(text), identity: Buffer.from(text) };
  const codings = Object.keys(bodies) as (keyof typeof bodies)[];
  return (request, response) => {
    const coding = (request.acceptsEncodings(codings) || 'identity') as keyof typeof bodies;
    response.vary('Accept-Encoding');
    if (coding !== 'identity') response.setHeader('Content-Encoding', coding);
    response.setHeader('Cache-Control', 'no-cache');
    response.type(type).send(bodies[coding]);
  };
}
