import type { oas31 } from 'zod-openapi';
import { formatJson } from '../../core/json.js';
import { html, type Markup } from '../../core/markup.js';
import type { ShownOperation } from './operations.js';
import { prose } from './prose.js';
import type { Resolve } from './references.js';
import { samplesOf } from './samples.js';
import { fieldRow, schemaView } from './schema-view.js';
import { tryForm } from './try-form.js';

export const methodBadge = (method: string): Markup =>
  html`<span class="method ${method.toLowerCase()}">${method}</span>`;

/** One operation: what it is on the left, how to call it and a form to try it on the right. */
export function operationView(operation: ShownOperation, resolve: Resolve): Markup {
  const { id, method, path, summary, description, needsKey, parameters, body, responses } = operation;
  // All errors are alike: the first shows their members.
  const firstError = responses.find(({ status }) => kindOf(status) === 'bad');
  const answers = responses.map((answer) =>
    answerView(answer, resolve, kindOf(answer.status) === 'good' || answer === firstError),
  );
  return html`<article class="operation" id="${id}" aria-labelledby="${id}-title">
    <div class="told">
      <h3 id="${id}-title"><a class="title" href="#${id}">${summary}</a></h3>
      <p class="call">${methodBadge(method)}<code>${path}</code>${needsKey ? html`<span class="key">may need a key</span>` : null}</p>
      ${description ? html`<p class="text">${prose(description)}</p>` : null}
      ${parameters.length > 0 ? html`<h4>Parameters</h4>${parameterList(parameters, resolve)}` : null}
      ${body ? html`<h4>Body</h4>${contentView(body.content, resolve)}` : null}
      <h4>Answers</h4>
      <ul class="answers">${answers}</ul>
    </div>
    <div class="shown">
      <div class="samples">${samplesOf(operation).map(
        ({ lang, source }) =>
          html`<section class="sample" data-language="${lang}" aria-label="${lang}"><h4>${lang}</h4><pre tabindex="0"><code>${source}</code></pre></section>`,
      )}</div>
      ${tryForm(operation, resolve)}
    </div>
  </article>`;
}

const parameterList = (parameters: readonly oas31.ParameterObject[], resolve: Resolve): Markup =>
  html`<ul class="fields">${parameters.map(({ name, schema = {}, required = false, description }) =>
    fieldRow(name, schema, { required, description, resolve }),
  )}</ul>`;

/** Each kind of body under its media type. */
const contentView = (content: oas31.ContentObject, resolve: Resolve, hasMembers = true): Markup =>
  html`${Object.entries(content).map(
    ([type, { schema, example, examples }]) => html`<div class="content">
      <p class="media"><code>${type}</code></p>
      ${schema && hasMembers ? schemaView(schema, resolve) : null}
      ${exampleViews(example, examples, resolve)}
    </div>`,
  )}`;

function exampleViews(
  example: unknown,
  examples: oas31.MediaTypeObject['examples'],
  resolve: Resolve,
): Markup {
  const named = Object.values(examples ?? {}).map((entry) => resolve<oas31.ExampleObject>(entry));
  const all = example === undefined ? named : [{ summary: 'Example', value: example as unknown }];
  return html`${all.map(
    ({ summary, value }) =>
      html`<details class="example"><summary>${summary ?? 'Example'}</summary><pre tabindex="0"><code>${formatJson(value)}</code></pre></details>`,
  )}`;
}

const kindOf = (status: string): string => (status.startsWith('2') ? 'good' : 'bad');

function answerView(
  { status, response }: ShownOperation['responses'][number],
  resolve: Resolve,
  hasMembers: boolean,
): Markup {
  const { description, content = {}, headers = {} } = response;
  const names = Object.entries(headers);
  return html`<li><details class="answer">
    <summary><span class="status ${kindOf(status)}">${status}</span><span>${description}</span></summary>
    ${contentView(content, resolve, hasMembers)}
    ${
      names.length > 0
        ? html`<p class="media">Headers</p><ul class="fields">${names.map(([name, header]) => {
            const { schema = {}, description: text } = resolve<oas31.HeaderObject>(header);
            return fieldRow(name, schema, { required: true, description: text, resolve });
          })}</ul>`
        : null
    }
  </details></li>`;
}
