import type { oas31 } from 'zod-openapi';
import type { OpenApiDocument } from '../openapi/document.js';
import type { CodeSample } from '../openapi/path-table.js';
import type { Resolve } from './references.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** One method of one path, its references followed where the page needs it. */
export interface ShownOperation {
  /** Names its place on the page. */
  id: string;
  /** In capitals. */
  method: string;
  /** As the document has it: `/v2/models/{model_name}`. */
  path: string;
  summary: string;
  description: string;
  needsKey: boolean;
  parameters: oas31.ParameterObject[];
  body: oas31.RequestBodyObject | null;
  responses: { status: string; response: oas31.ResponseObject }[];
  /** Written by hand for operations that no rule makes good examples of. */
  samples: CodeSample[];
}

export interface OperationGroup {
  name: string;
  description: string;
  operations: ShownOperation[];
}

/** The operations by their first tags, in the order of the document's tags. */
export function operationGroups(document: OpenApiDocument, resolve: Resolve): OperationGroup[] {
  const all = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as oas31.PathItemObject)[method];
      return operation ? [{ tag: operation.tags?.[0], shown: shown(method, path, operation, resolve) }] : [];
    }),
  );
  return (document.tags ?? []).map(({ name, description = '' }) => ({
    name,
    description,
    operations: all.filter(({ tag }) => tag === name).map((entry) => entry.shown),
  }));
}

function shown(
  method: string,
  path: string,
  operation: oas31.OperationObject,
  resolve: Resolve,
): ShownOperation {
  const responses: Record<string, oas31.ResponseObject | oas31.ReferenceObject> = operation.responses ?? {};
  return {
    id: operation.operationId ?? `${method}${path}`.replace(/\W+/g, '-'),
    method: method.toUpperCase(),
    path,
    summary: operation.summary ?? path,
    description: operation.description ?? '',
    needsKey: (operation.security ?? []).some((scheme) => Object.keys(scheme).length > 0),
    parameters: (operation.parameters ?? []).map((parameter) => resolve(parameter)),
    body: operation.requestBody ? resolve(operation.requestBody) : null,
    responses: Object.entries(responses).map(([status, response]) => ({
      status,
      response: resolve(response),
    })),
    samples: (operation['x-codeSamples'] as CodeSample[] | undefined) ?? [],
  };
}
