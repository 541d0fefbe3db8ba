import type { oas31 } from 'zod-openapi';
import type { OpenApiDocument } from '../openapi/document.js';

/** Follows `#/components/schemas/Problem` and its like; a thing that is no reference is itself. */
export type Resolve = <Thing extends object>(thing: Thing | oas31.ReferenceObject) => Thing;

/** @throws Error where the document has no such place: it is ours, and the mistake too. */
export function resolver(document: OpenApiDocument): Resolve {
  return <Thing extends object>(thing: Thing | oas31.ReferenceObject): Thing => {
    if (!('$ref' in thing) || typeof thing.$ref !== 'string') return thing as Thing;
    const steps = thing.$ref.split('/').slice(1);
    const found = steps.reduce<unknown>(
      (value, step) => (value as Record<string, unknown>)?.[step],
      document,
    );
    if (found === undefined) throw new Error(`${thing.$ref} is not in the document`);
    return found as Thing;
  };
}

/** The last step of a reference: `Problem`. */
export const nameOf = (thing: object): string | null =>
  '$ref' in thing && typeof thing.$ref === 'string'
    ? thing.$ref.slice(thing.$ref.lastIndexOf('/') + 1)
    : null;
