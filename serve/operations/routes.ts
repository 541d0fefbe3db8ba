/** The service's paths as metrics, logs and traces name them; `{...}` stands for one segment. */
export const ROUTES = [
  '/',
  '/predict',
  '/livez',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/digit-classifier.js',
  '/embed',
  '/model/{file}',
  '/model/pictures/{file}',
  '/v2',
  '/v2/health/live',
  '/v2/health/ready',
  '/v2/models/stats',
  '/v2/models/{model}',
  '/v2/models/{model}/ready',
  '/v2/models/{model}/config',
  '/v2/models/{model}/stats',
  '/v2/models/{model}/infer',
  '/v2/models/{model}/versions/{version}',
  '/v2/models/{model}/versions/{version}/ready',
  '/v2/models/{model}/versions/{version}/config',
  '/v2/models/{model}/versions/{version}/stats',
  '/v2/models/{model}/versions/{version}/infer',
  '/v2/repository/index',
  '/v2/repository/models/{model}/load',
  '/v2/repository/models/{model}/unload',
] as const;

/** The name of every path that is not in the table, so that clients cannot make new ones up. */
export const OTHER_ROUTE = 'other';

/** What probes and scrapers ask for every few seconds: neither logged nor traced while it goes well. */
export const PROBED_ROUTES: ReadonlySet<string> = new Set([
  '/livez',
  '/readyz',
  '/metrics',
  '/v2/health/live',
  '/v2/health/ready',
]);

const VARIABLE = /\{\w+\}/g;

/** Express takes a slash at a path's end and letters of either case, below `/v2` but for the case. */
const asMatched = (path: string): string =>
  (/^\/v2(\/|$)/i.test(path) ? `/v2${path.slice(3)}` : path.toLowerCase()).replace(/(?<=[^/])\/$/, '');

/** Names paths (without their query) by the first template that fits; one without variables goes first. */
export function createRouteNames(templates: readonly string[] = ROUTES): (path: string) => string {
  const exact = new Set(templates.filter((template) => !template.includes('{')));
  const patterns = templates
    .filter((template) => !exact.has(template))
    .map((template) => ({
      template,
      pattern: new RegExp(`^${template.replaceAll('.', '\\.').replace(VARIABLE, '[^/]+')}$`),
    }));
  return (asked) => {
    if (exact.has(asked)) return asked;
    const path = asMatched(asked);
    if (exact.has(path)) return path;
    return patterns.find(({ pattern }) => pattern.test(path))?.template ?? OTHER_ROUTE;
  };
}
