import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';

/**
 * What part of the service says of its paths: OpenAPI's path items, but with zod schemas where OpenAPI has JSON Schemas. A schema
 * with an `id` in its `meta` becomes a component of the document.
 */
export type PathTable = ZodOpenApiPathsObject;
export type Operation = ZodOpenApiOperationObject;

/** A key is needed where the service was given some; either way of bringing it will do. */
export const KEY_WHERE_SET: NonNullable<Operation['security']> = [{}, { bearer: [] }, { apiKey: [] }];

/** Stands in examples for where the service answers, without a slash at its end; the page puts its own place there. */
export const EXAMPLE_ADDRESS = 'http://localhost:8080';

/**
 * An operation's member `x-codeSamples`: how to call it where the kind of its body does not say.
 * https://redocly.com/docs/api-reference-docs/specification-extensions/x-code-samples
 */
export interface CodeSample {
  /** One of those that the page shows. */
  lang: 'curl' | 'JavaScript' | 'Python';
  source: string;
}

/** The groups of operations, in the order of the page, and what is said of each. */
export const TAGS = {
  Predict: 'Pictures in, digits out.',
  Models: 'The files of the model that answers, for those who run it themselves.',
  Operations: 'For probes, monitoring and tools.',
  'Open Inference': 'Tensors in, tensors out, by the Open Inference Protocol: its clients work as they are.',
} as const;

export type Tag = keyof typeof TAGS;
