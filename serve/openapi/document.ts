import { createDocument, type oas31 } from 'zod-openapi';
import { openInferencePaths } from './open-inference-paths.js';
import { type PathTable, TAGS } from './path-table.js';
import { PREDICT_PATHS } from './predict-paths.js';
import { SERVICE_PATHS } from './service-paths.js';

export type OpenApiDocument = oas31.OpenAPIObject;

export interface DocumentOptions {
  /** The version of the service. */
  version: string;
  /** Fills the examples: a model that is served. */
  model: { name: string; version: string };
}

/** What each part of the service says of its paths, in the order of the page; no path is in two. */
const PARTS: readonly ((model: DocumentOptions['model']) => PathTable)[] = [
  () => PREDICT_PATHS,
  openInferencePaths,
  () => SERVICE_PATHS,
];

/** The service's description by OpenAPI 3.1, from the schemas that validate and type its requests. */
export function openApiDocument({ version, model }: DocumentOptions): OpenApiDocument {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tenfold',
      version,
      description:
        'Send a picture, get its digits with their probabilities. Errors are JSON by RFC 9457 and say what was expected, what came, and what to do.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // The service answers where its description lies, whatever stands before it.
    servers: [{ url: './' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: Object.assign({}, ...PARTS.map((part) => part(model))) as PathTable,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A key, where the service was given some.' },
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-Key',
          description: 'The same key in a header of its own.',
        },
      },
    },
  });
}
