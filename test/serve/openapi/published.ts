import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument } from '../../../serve/openapi/document.js';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** A place in the document as JSON Pointer (RFC 6901) has it. */
const pointer = (...steps: string[]): string =>
  steps.map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** The document as its readers have it: JSON, whose schemas a validator that is not ours compiles in strict mode. */
export class Published {
  readonly #ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  readonly #document: Json;

  constructor(document: OpenApiDocument) {
    this.#document = JSON.parse(JSON.stringify(document)) as Json;
    // The document's own members, and `example`, which is OpenAPI's word for a schema's `examples`.
    this.#ajv.addVocabulary([...Object.keys(this.#document), 'example']);
    this.#ajv.addSchema(this.#document, 'document');
  }

  /** What stands at a place, a reference there followed. */
  at(...steps: string[]): { value: Json; place: string[] } {
    const value = steps.reduce<unknown>(
      (from, step) => (isObject(from) ? from[step] : undefined),
      this.#document,
    );
    assert.ok(isObject(value), `the document has nothing at ${steps.join(' ')}`);
    if (typeof value.$ref !== 'string') return { value, place: steps };
    return this.at(...value.$ref.split('/').slice(1));
  }

  /** Fails where the schema at a place is none. */
  compile(...steps: string[]) {
    return this.#ajv.compile({ $ref: `document#${pointer(...steps)}` });
  }

  /** Fails where a value is not what the schema at a place allows. */
  check(value: unknown, ...steps: string[]): void {
    const validate = this.compile(...steps);
    assert.ok(validate(value), `${steps.join(' ')}: ${this.#ajv.errorsText(validate.errors)}`);
  }

  /** Every media type of the document that has a schema, with the examples that stand beside it. */
  mediaTypes(): { place: string[]; examples: unknown[] }[] {
    const found: { place: string[]; examples: unknown[] }[] = [];
    const walk = (value: unknown, place: string[]): void => {
      if (!isObject(value)) return;
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'content' && isObject(inner)) {
          for (const [type, media] of Object.entries(inner as Record<string, Json>)) {
            const named = Object.values((media.examples ?? {}) as Record<string, Json>).map(
              (each) => each.value,
            );
            const own = media.example === undefined ? [] : [media.example];
            found.push({ place: [...place, key, type, 'schema'], examples: [...named, ...own] });
          }
        } else walk(inner, [...place, key]);
      }
    };
    walk(this.#document, []);
    return found;
  }
}
