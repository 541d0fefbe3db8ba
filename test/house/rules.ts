import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Source } from './sources.js';

/** Which folders a folder's sources may import, beside their own; DESIGN.md, "The house". */
export const MAY_IMPORT = {
  core: [],
  onnx: ['core'],
  train: ['core', 'onnx'],
  export: ['core', 'onnx'],
  serve: ['core'],
  web: ['core'],
  cli: ['core', 'onnx', 'train', 'export', 'serve', 'web'],
  test: ['core', 'onnx', 'train', 'export', 'serve', 'web', 'cli', 'bench'],
  bench: ['core', 'onnx', 'train', 'export', 'serve', 'web', 'cli'],
} as const;

/** Runs in Node and is no part of what a browser loads, though it lies in `web/`. */
const WEB_BUILD = 'web/build.ts';

const MOST_LINES = 400;

/** What package.json says of its packages. */
export interface Package {
  name?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** Says what is wrong, a line each; an empty list is a kept rule. */
export type Rule = (sources: readonly Source[], manifest: Package) => string[];

const folderOf = (path: string): string => path.split('/')[0]!;
const isRelative = (specifier: string): boolean => specifier.startsWith('.');
const target = (source: Source, specifier: string): string =>
  posix.join(posix.dirname(source.path), specifier);
/** `@scope/name/part` -> `@scope/name` */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const eachImport = (
  sources: readonly Source[],
  complaint: (source: Source, specifier: string) => string | undefined,
): string[] =>
  sources.flatMap((source) =>
    source.imports.flatMap((specifier) => {
      const found = complaint(source, specifier);
      return found === undefined ? [] : [`${source.path} imports ${specifier}: ${found}`];
    }),
  );

const folders: Rule = (sources) =>
  sources.flatMap(({ path }) =>
    folderOf(path) in MAY_IMPORT ? [] : [`${path}: the folder is not in the table MAY_IMPORT`],
  );

const stages: Rule = (sources) =>
  eachImport(sources, (source, specifier) => {
    if (!isRelative(specifier)) return undefined;
    const [from, to] = [folderOf(source.path), folderOf(target(source, specifier))];
    const allowed: readonly string[] = [from, ...(MAY_IMPORT[from as keyof typeof MAY_IMPORT] ?? [])];
    return allowed.includes(to) ? undefined : `${from}/ may import ${allowed.join('/, ')}/ only`;
  });

const MEASURES = 'train/suites/';

const measures: Rule = (sources) =>
  eachImport(sources, (source, specifier) =>
    folderOf(source.path) === 'train' &&
    !source.path.startsWith(MEASURES) &&
    isRelative(specifier) &&
    target(source, specifier).startsWith(MEASURES)
      ? `what is in ${MEASURES} measures, and is used in no training`
      : undefined,
  );

const extensions: Rule = (sources) =>
  eachImport(sources, (_, specifier) =>
    isRelative(specifier) && !specifier.endsWith('.js') ? 'a relative import ends in .js' : undefined,
  );

const runtimes: Rule = (sources) =>
  eachImport(sources, (source, specifier) => {
    const folder = folderOf(source.path);
    if (folder === 'core' && !isRelative(specifier))
      return 'core/ runs in Node and browser alike, from nothing';
    if (folder === 'web' && source.path !== WEB_BUILD && isBuiltin(specifier))
      return 'web/ runs in a browser';
    return undefined;
  });

const isShipped = (path: string): boolean =>
  path !== WEB_BUILD && folderOf(path) !== 'test' && folderOf(path) !== 'bench';

const declared: Rule = (sources, manifest) => {
  const always = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies };
  return eachImport(sources, (source, specifier) => {
    if (isRelative(specifier) || isBuiltin(specifier)) return undefined;
    const name = packageOf(specifier);
    if (name in always || name === manifest.name) return undefined;
    if (isShipped(source.path)) return 'not among the dependencies of package.json';
    return name in (manifest.devDependencies ?? {}) ? undefined : 'not in package.json';
  });
};

const lengths: Rule = (sources) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > MOST_LINES ? [`${path} has ${lines} lines, at most ${MOST_LINES}: split it`] : [];
  });

// Put together from halves, or this file would break its own rule.
const FORBIDDEN = ['TO' + 'DO', 'FIX' + 'ME', '@ts-' + 'ignore', '@ts-' + 'nocheck'];

const words: Rule = (sources) =>
  sources.flatMap(({ path, text, anyCount }) => [
    ...FORBIDDEN.filter((word) => text.includes(word)).map((word) => `${path} contains ${word}`),
    ...(anyCount > 0 ? [`${path} uses the type any (${anyCount})`] : []),
  ]);

const tests: Rule = (sources) => {
  const inTest = sources.filter(({ path }) => folderOf(path) === 'test');
  return inTest.flatMap((source) => {
    if (source.path.endsWith('.test.ts')) {
      return source.imports.includes('node:test') ? [] : [`${source.path} has no test`];
    }
    const compiled = posix.basename(source.path).replace(/\.ts$/, '.js');
    const isUsed = inTest.some((other) => other !== source && other.text.includes(`/${compiled}'`));
    return isUsed ? [] : [`${source.path} is neither a test nor used by one`];
  });
};

const pins: Rule = (_, manifest) =>
  Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `package.json: ${name} is ${version}, not an exact version`);

/** Every rule of the house that a machine can hold, under what it demands. */
export const RULES: Record<string, Rule> = {
  'every source lies in a folder of the house': folders,
  'stages import only what they may': stages,
  'what measures is used in no training': measures,
  'relative imports name the compiled file': extensions,
  'core/ and web/ keep to their runtimes': runtimes,
  'imported packages are declared': declared,
  'no file is over 400 lines': lengths,
  'nothing is left undone, unchecked or untyped': words,
  'every file under test/ tests or helps to': tests,
  'package.json pins exact versions': pins,
};
