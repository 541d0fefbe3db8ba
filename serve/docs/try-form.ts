import type { oas31 } from 'zod-openapi';
import { formatJson } from '../../core/json.js';
import { html, type Markup } from '../../core/markup.js';
import { EXAMPLE_PICTURES } from '../openapi/example-pictures.js';
import type { ShownOperation } from './operations.js';
import type { Resolve } from './references.js';
import { exampleOf } from './samples.js';

/**
 * The form that sends a request from the page. It is hidden until the page's script is there, which reads the `data-` attributes:
 * `data-in` says where a value goes, `data-part` which kind of body a part of the form is for.
 */
export function tryForm(operation: ShownOperation, resolve: Resolve): Markup {
  const { id, method, path, parameters, body } = operation;
  const fields = parameters.map((parameter) => parameterField(id, parameter));
  return html`<form class="try" data-method="${method}" data-path="${path}" hidden aria-label="Try ${method} ${path}">
    ${fields.length > 0 ? html`<div class="try-fields">${fields}</div>` : null}
    ${body ? bodyFields(id, body, resolve) : null}
    <div class="try-send"><button type="submit" class="primary">Send</button><p class="try-status" role="status"></p></div>
    <pre class="try-answer" tabindex="0" aria-label="The answer" hidden></pre>
  </form>`;
}

function parameterField(id: string, parameter: oas31.ParameterObject): Markup {
  const { name, required } = parameter;
  const schema = (parameter.schema ?? {}) as oas31.SchemaObject;
  const inputId = `${id}-${name}`;
  const suggested = required ? exampleOf(parameter) : '';
  const field = schema.enum
    ? html`<select id="${inputId}" data-in="${parameter.in}" name="${name}">${schema.enum.map(
        (value) => html`<option>${String(value)}</option>`,
      )}</select>`
    : html`<input id="${inputId}" data-in="${parameter.in}" name="${name}" value="${suggested}"${
        schema.type === 'integer' ? html` inputmode="numeric"` : null
      }${required ? html` required` : html` placeholder="not sent"`} autocomplete="off" spellcheck="false">`;
  return html`<p class="try-field"><label for="${inputId}">${name}</label>${field}</p>`;
}

function bodyFields(id: string, { content }: oas31.RequestBodyObject, resolve: Resolve): Markup {
  const json = content['application/json'];
  const takesFiles = 'multipart/form-data' in content;
  return html`${takesFiles && json ? bodyChoice(id) : null}${takesFiles ? pictureFields(id) : null}${
    json ? jsonField(id, json, resolve, takesFiles) : null
  }`;
}

const bodyChoice = (id: string): Markup => html`<fieldset class="choices"><legend>Body</legend>
  <label><input type="radio" name="${id}-body" data-shows="files" checked>A form with a picture</label>
  <label><input type="radio" name="${id}-body" data-shows="json">JSON</label>
</fieldset>`;

const pictureFields = (
  id: string,
): Markup => html`<fieldset class="pictures" data-part="files"><legend>Picture</legend>
  ${Object.entries(EXAMPLE_PICTURES).map(
    ([name, { text, width, height, base64 }], index) => html`<label class="picture">
      <input type="radio" name="${id}-picture" value="${name}"${index === 0 ? html` checked` : null}>
      <img src="data:image/png;base64,${base64}" width="${width}" height="${height}" alt="A drawn ${text}">
    </label>`,
  )}
  <label class="picture own"><span>Your own</span><input type="file" name="image" multiple accept="image/png,image/jpeg,image/webp,image/gif"></label>
</fieldset>`;

function jsonField(id: string, media: oas31.MediaTypeObject, resolve: Resolve, isSecond: boolean): Markup {
  const named = Object.entries(media.examples ?? {}).map(([name, example]) => ({
    name,
    ...resolve(example),
  }));
  const examples =
    named.length > 0 ? named : [{ name: 'example', summary: 'Example', value: media.example ?? {} }];
  return html`<div data-part="json"${isSecond ? html` hidden` : null}>
    ${
      examples.length > 1
        ? html`<p class="try-field"><label for="${id}-example">Example</label><select id="${id}-example" data-example>${examples.map(
            ({ name, summary, value }) =>
              html`<option data-value="${formatJson(value)}">${summary ?? name}</option>`,
          )}</select></p>`
        : null
    }
    <label class="unseen" for="${id}-json">JSON body</label>
    <textarea id="${id}-json" rows="8" spellcheck="false" autocomplete="off">${formatJson(examples[0]!.value)}</textarea>
  </div>`;
}
