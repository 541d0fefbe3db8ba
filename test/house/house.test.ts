import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Package, RULES } from './rules.js';
import { readSources, type Source } from './sources.js';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');
const readJson = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const manifest = readJson('package.json') as Package;
const sources = readSources(root);

test('the sources are found', () => {
  assert.ok(sources.length > 30, `${sources.length} sources`);
  assert.ok(sources.some(({ path }) => path === 'core/errors.ts'));
});

for (const [demand, rule] of Object.entries(RULES)) {
  test(demand, () => {
    assert.equal(rule(sources, manifest).join('\n'), '');
  });
}

test('the lockfile names no place to load a package from: any registry serves it', () => {
  const { packages } = readJson('package-lock.json') as { packages: Record<string, { resolved?: string }> };
  const bound = Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined);
  assert.deepEqual(
    bound.map(([path]) => path),
    [],
    'run npm install with omit-lockfile-registry-resolved=true (.npmrc)',
  );
});

test('types that a shipped declaration needs come with the package', () => {
  const isPeer = (name: string) => name in (manifest.peerDependencies ?? {});
  const ours = Object.keys(manifest.devDependencies ?? {})
    .filter((name) => name.startsWith('@types/'))
    .map((name) => name.slice('@types/'.length))
    .filter((name) => !isPeer(name));
  const declarations = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.d.ts') && !/^(bench|test)\W/.test(file),
  );
  assert.ok(declarations.length > 30, `${declarations.length} declarations`);
  const missing = declarations.flatMap((file) => {
    const text = readFileSync(join(root, 'dist', file), 'utf8');
    return ours
      .filter((name) => new RegExp(`(from |import |import\\()['"]${name}['"/]`).test(text))
      .map((name) => `dist/${file} names ${name}: @types/${name} is a devDependency`);
  });
  assert.deepEqual(missing, []);
});

test('the compiler names every kind of import and only those', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-house-'));
  try {
    await writeFile(
      join(folder, 'tsconfig.json'),
      '{"compilerOptions":{"module":"NodeNext"},"include":["."]}',
    );
    await writeFile(join(folder, 'a.ts'), EVERY_IMPORT);
    const [source] = readSources(folder);
    assert.equal(source?.path, 'a.ts');
    assert.deepEqual(source.imports, ['./1.js', './2.js', './3.js', './4.js', './5.js', './6.js', './7.js']);
    assert.equal(source.anyCount, 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const EVERY_IMPORT = `
import one from './1.js';
import type { Two } from './2.js';
import './3.js';
export * from './4.js';
export type { Five } from './5.js';
const six = await import('./6.js');
type Seven = import('./7.js').Seven;
// import './comment.js';
const text = "import './text.js'";
const first: any = Promise.any([]);
`;

const planted = (path: string, { imports = [], text = '', anyCount = 0 }: Partial<Source>): Source => ({
  path,
  imports,
  text,
  anyCount,
});

const WRONG: { demand: keyof typeof RULES; source: Source; complaint: RegExp; manifest?: Package }[] = [
  {
    demand: 'every source lies in a folder of the house',
    source: planted('shed/a.ts', {}),
    complaint: /^shed\/a\.ts: the folder is not in the table/,
  },
  {
    demand: 'stages import only what they may',
    source: planted('serve/routes/predict.ts', { imports: ['../../train/random.js', '../app.js'] }),
    complaint:
      /^serve\/routes\/predict\.ts imports \.\.\/\.\.\/train\/random\.js: serve\/ may import serve\/, core\/ only$/,
  },
  {
    demand: 'stages import only what they may',
    source: planted('core/a.ts', { imports: ['../onnx/graph.js', './b.js'] }),
    complaint: /^core\/a\.ts imports \.\.\/onnx\/graph\.js: core\/ may import core\/ only$/,
  },
  {
    demand: 'what measures is used in no training',
    source: planted('train/a.ts', { imports: ['./suites/x.js', './random.js'] }),
    complaint:
      /^train\/a\.ts imports \.\/suites\/x\.js: what is in train\/suites\/ measures, and is used in no training$/,
  },
  {
    demand: 'relative imports name the compiled file',
    source: planted('core/a.ts', { imports: ['./b', './c.js'] }),
    complaint: /^core\/a\.ts imports \.\/b: a relative import ends in \.js$/,
  },
  {
    demand: 'core/ and web/ keep to their runtimes',
    source: planted('core/a.ts', { imports: ['fast-check'] }),
    complaint: /^core\/a\.ts imports fast-check: core\/ runs/,
  },
  {
    demand: 'core/ and web/ keep to their runtimes',
    source: planted('web/a.ts', { imports: ['fs/promises', 'onnxruntime-web/wasm'] }),
    complaint: /^web\/a\.ts imports fs\/promises: web\/ runs in a browser$/,
  },
  {
    demand: 'imported packages are declared',
    source: planted('train/a.ts', { imports: ['@scope/test-only/part', '@scope/used/part', 'node:fs'] }),
    manifest: { dependencies: { '@scope/used': '1.0.0' }, devDependencies: { '@scope/test-only': '1.0.0' } },
    complaint: /^train\/a\.ts imports @scope\/test-only\/part: not among the dependencies of package\.json$/,
  },
  {
    demand: 'no file is over 400 lines',
    source: planted('core/a.ts', { text: 'x;\n'.repeat(401) }),
    complaint: /^core\/a\.ts has 401 lines, at most 400: split it$/,
  },
  {
    demand: 'nothing is left undone, unchecked or untyped',
    source: planted('core/a.ts', { text: '// @ts-' + 'ignore' }),
    complaint: /^core\/a\.ts contains @ts-/,
  },
  {
    demand: 'nothing is left undone, unchecked or untyped',
    source: planted('core/a.ts', { anyCount: 2 }),
    complaint: /^core\/a\.ts uses the type any \(2\)$/,
  },
  {
    demand: 'every file under test/ tests or helps to',
    source: planted('test/core/a.test.ts', { imports: ['node:assert'] }),
    complaint: /^test\/core\/a\.test\.ts has no test$/,
  },
  {
    demand: 'every file under test/ tests or helps to',
    source: planted('test/core/left-over.ts', {}),
    complaint: /^test\/core\/left-over\.ts is neither a test nor used by one$/,
  },
  {
    demand: 'package.json pins exact versions',
    source: planted('core/a.ts', {}),
    manifest: { dependencies: { sharp: '^0.35.5', express: '5.3.0' } },
    complaint: /^package\.json: sharp is \^0\.35\.5, not an exact version$/,
  },
];

for (const { demand, source, complaint, manifest: given = {} } of WRONG) {
  test(`a breach is found: ${demand} (${source.path})`, () => {
    assert.match(RULES[demand]!([source], given).join('\n'), complaint);
  });
}
