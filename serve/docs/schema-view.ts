import type { oas31 } from 'zod-openapi';
import { html, type Markup } from '../../core/markup.js';
import { prose } from './prose.js';
import { nameOf, type Resolve } from './references.js';

type Schema = oas31.SchemaObject;
type SchemaOrReference = Schema | oas31.ReferenceObject;

/** The alternatives of a schema; itself where it has none. */
const alternatives = (schema: Schema): SchemaOrReference[] => schema.oneOf ?? schema.anyOf ?? [schema];

/** A member that must not be there says nothing to a reader. */
const isNever = (schema: SchemaOrReference): boolean =>
  'not' in schema && Object.keys(schema.not ?? {}).length === 0;

/** A type in words: `array of number`, `"one" or "many"`, `integer or null`. */
export function typeText(given: SchemaOrReference, resolve: Resolve): string {
  const schema = resolve<Schema>(given);
  const choices = alternatives(schema);
  if (choices[0] !== schema) return unique(choices.map((choice) => typeText(choice, resolve))).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.contentMediaType) return 'file';
  if (schema.type === 'array' && schema.items)
    return `array of ${typeText(schema.items, resolve).replace(/^array\b/, 'arrays')}`;
  return nameOf(given) ?? [schema.type ?? 'any'].flat().join(' or ');
}

/** What a value must keep to, in words: `1 to 10`, `784 items`. */
function limitsText({ minimum, maximum, minItems, maxItems, ...schema }: Schema): string {
  const parts: string[] = [];
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    parts.push(`${minimum} to ${maximum}`);
  else if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) parts.push(`at least ${minimum}`);
  if (minItems !== undefined && minItems === maxItems) parts.push(`${minItems} items`);
  else if (minItems !== undefined) parts.push(`${minItems} or more`);
  else if (maxItems !== undefined) parts.push(`at most ${maxItems}`);
  if (schema.default !== undefined) parts.push(`default ${schema.default}`);
  return parts.join(', ');
}

/** A row of a list of parameters or members. */
export function fieldRow(
  name: string,
  given: SchemaOrReference,
  {
    required,
    description,
    resolve,
  }: { required: boolean; description?: string | undefined; resolve: Resolve },
): Markup {
  const schema = resolve<Schema>(given);
  const limits = limitsText(schema);
  const inner = membersOf(schema, resolve);
  return html`<li class="field">
    <p class="field-head"><code class="field-name">${name}</code> <span class="type">${typeText(given, resolve)}</span>${
      limits ? html` <span class="limits">${limits}</span>` : null
    }${required ? null : html` <span class="optional">optional</span>`}</p>
    ${(description ?? schema.description) ? html`<p class="field-text">${prose(description ?? schema.description ?? '')}</p>` : null}
    ${inner ? html`<details class="inner"><summary>Members</summary>${inner}</details>` : null}
  </li>`;
}

/** What can be opened below a value: the members of an object, or of the items of an array; null where there are none. */
function membersOf(schema: Schema, resolve: Resolve): Markup | null {
  const objects = alternatives(schema)
    .map((choice) => resolve<Schema>(choice))
    .map((choice) => (choice.items ? resolve<Schema>(choice.items) : choice))
    .filter(({ properties }) => properties !== undefined);
  return objects.length > 0 ? html`${objects.map((object) => members(object, resolve))}` : null;
}

const members = ({ properties = {}, required = [] }: Schema, resolve: Resolve): Markup =>
  html`<ul class="fields">${Object.entries(properties)
    .filter(([, schema]) => !isNever(schema))
    .map(([name, schema]) => fieldRow(name, schema, { required: required.includes(name), resolve }))}</ul>`;

/** A whole body: its members, or those of each alternative under its name. */
export function schemaView(given: SchemaOrReference, resolve: Resolve): Markup {
  const schema = resolve<Schema>(given);
  const choices = alternatives(schema).filter((choice) => resolve<Schema>(choice).properties);
  if (choices.length === 0)
    return html`<p class="field-text">${prose(schema.description ?? `A ${typeText(given, resolve)}.`)}</p>`;
  return html`${choices.map((choice, index) => {
    const name = nameOf(choice);
    return html`${index > 0 ? html`<p class="or">or</p>` : null}${
      name && choices.length > 1 ? html`<p class="schema-name">${name}</p>` : null
    }${members(resolve<Schema>(choice), resolve)}`;
  })}`;
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
