import { html, type Markup } from '../../core/markup.js';
import type { OpenApiDocument } from '../openapi/document.js';
import { EXAMPLE_ADDRESS } from '../openapi/path-table.js';
import { methodBadge, operationView } from './operation-view.js';
import { type OperationGroup, operationGroups } from './operations.js';
import { prose } from './prose.js';
import { resolver } from './references.js';

const slug = (name: string): string => name.toLowerCase().replace(/\W+/g, '-');

/**
 * The document as a page: HTML that can be read without a script, with `style.css`, `docs.css` and `docs.js` of the site beside it.
 * It has no inline script or style.
 */
export function docsPage(document: OpenApiDocument): string {
  const resolve = resolver(document);
  const groups = operationGroups(document, resolve).filter(({ operations }) => operations.length > 0);
  const { title, version, description = '' } = document.info;
  const page = html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} API</title>
  <meta name="description" content="${description}">
  <meta name="color-scheme" content="light dark">
  <meta name="theme-color" content="#f4f5f3" media="(prefers-color-scheme: light)">
  <meta name="theme-color" content="#0f1012" media="(prefers-color-scheme: dark)">
  <link rel="icon" href="icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="style.css">
  <link rel="stylesheet" href="docs.css">
  <script type="module" src="docs.js"></script>
</head>
<body class="docs">
  <a class="skip" href="#main">To the operations</a>
  <header class="top">
    <a class="name" href="./"><img src="icon.svg" alt="" width="28" height="28">${title}</a>
    <nav aria-label="Site"><a href="./">Draw</a><a href="docs" aria-current="page">API</a><a href="openapi.json">OpenAPI</a></nav>
  </header>
  <div class="frame">
    <nav class="contents" aria-label="Operations">${contents(groups)}</nav>
    <main id="main">
      <div class="opening"><h1>Call it.</h1><p>${prose(description)}</p></div>
      ${start(version)}
      ${groups.map(
        ({
          name,
          description: text,
          operations,
        }) => html`<section class="group" aria-labelledby="${slug(name)}">
          <h2 id="${slug(name)}">${name}</h2>
          <p class="group-text">${prose(text)}</p>
          ${operations.map((operation) => operationView(operation, resolve))}
        </section>`,
      )}
    </main>
  </div>
</body>
</html>
`;
  return page.markup;
}

const contents = (groups: readonly OperationGroup[]): Markup => html`<details class="menu" open>
  <summary>Operations</summary>
  ${groups.map(
    ({ name, operations }) => html`<p class="contents-group"><a href="#${slug(name)}">${name}</a></p>
    <ul>${operations.map(
      ({ id, method, summary }) =>
        html`<li><a href="#${id}">${methodBadge(method)}<span>${summary}</span></a></li>`,
    )}</ul>`,
  )}
</details>`;

const start = (version: string): Markup => html`<dl class="start">
  <div><dt>Address</dt><dd><code id="address">${EXAMPLE_ADDRESS}</code></dd></div>
  <div><dt>Version</dt><dd>${version}</dd></div>
  <div id="key-field" hidden><dt><label for="key">Key</label></dt><dd><input id="key" type="password" autocomplete="off" placeholder="if it asks for one"></dd></div>
</dl>`;
