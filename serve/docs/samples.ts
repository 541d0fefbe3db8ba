import type { oas31 } from 'zod-openapi';
import { type CodeSample, EXAMPLE_ADDRESS } from '../openapi/path-table.js';
import type { ShownOperation } from './operations.js';

type Call = Pick<ShownOperation, 'method' | 'path' | 'parameters' | 'body'>;

/** The path with an example in the place of each parameter. */
export const examplePath = ({ path, parameters }: Pick<Call, 'path' | 'parameters'>): string =>
  path.replace(/\{(\w+)\}/g, (_whole, name: string) =>
    exampleOf(parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)),
  );

/** What to fill in for a parameter; empty where there is nothing to suggest. */
export function exampleOf(parameter: oas31.ParameterObject | undefined): string {
  const schema = (parameter?.schema ?? {}) as oas31.SchemaObject;
  return String(schema.example ?? schema.examples?.[0] ?? schema.default ?? schema.enum?.[0] ?? '');
}

type Kind = 'form' | 'json' | 'none';

const kindOf = ({ body }: Call): Kind => {
  if (!body) return 'none';
  return 'multipart/form-data' in body.content ? 'form' : 'json';
};

const CURL: { readonly [K in Kind]: (url: string, method: string) => string } = {
  none: (url, method) => (method === 'GET' ? `curl ${url}` : `curl -X ${method} ${url}`),
  form: (url) => `curl -F image=@seven.png ${url}`,
  json: (url) => `curl -H 'Content-Type: application/json' \\\n  -d @request.json \\\n  ${url}`,
};

const JAVASCRIPT: { readonly [K in Kind]: (url: string, method: string) => string } = {
  none: (url, method) =>
    `const response = await fetch('${url}'${method === 'GET' ? '' : `, { method: '${method}' }`});
console.log(response.status, await response.text());`,
  form: (url) => `const form = new FormData();
form.append('image', file); // a File or Blob
const response = await fetch('${url}', { method: 'POST', body: form });
if (!response.ok) throw new Error((await response.json()).error);
const { results } = await response.json();
console.log(results[0].digit, results[0].confidence);`,
  json: (url, method) => `const response = await fetch('${url}', {
  method: '${method}',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(request),
});
console.log(await response.json());`,
};

const PYTHON: { readonly [K in Kind]: (url: string, method: string) => string } = {
  none: (url, method) => `import requests

response = requests.${method.toLowerCase()}("${url}")
print(response.status_code, response.text)`,
  form: (url) => `import requests

with open("seven.png", "rb") as picture:
    response = requests.post("${url}", files={"image": picture})
response.raise_for_status()
result = response.json()["results"][0]
print(result["digit"], result["confidence"])`,
  json: (url, method) => `import requests

response = requests.${method.toLowerCase()}("${url}", json=request)
print(response.json())`,
};

const LANGUAGES: { readonly [Language in CodeSample['lang']]: typeof CURL } = {
  curl: CURL,
  JavaScript: JAVASCRIPT,
  Python: PYTHON,
};

/** How to call it in each language: what the document says by hand, else by the kind of its body. */
export function samplesOf(operation: Call & Pick<ShownOperation, 'samples'>): CodeSample[] {
  const url = `${EXAMPLE_ADDRESS}${examplePath(operation)}`;
  const languages = Object.keys(LANGUAGES) as CodeSample['lang'][];
  return languages.map(
    (language) =>
      operation.samples.find(({ lang }) => lang === language) ?? {
        lang: language,
        source: LANGUAGES[language][kindOf(operation)](url, operation.method),
      },
  );
}
