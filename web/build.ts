import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { customElementsManifest } from './entries/custom-elements.js';

/** What the page's files are made from, and where they go. */
const SOURCE = new URL('../../web/', import.meta.url);
const SITE = new URL('./site/', import.meta.url);

const STATIC_FILES = [
  'page/index.html',
  'page/style.css',
  'page/icon.svg',
  'docs/docs.css',
  'embed/embed.html',
  'embed/embed.css',
];
const RUNTIME_FILE = 'ort-wasm-simd-threaded.wasm';
const WORKER = 'digit-classifier-worker';

/** 11 gives 2.3 MB of the runtime's 14.2 in forty seconds, 9 would give 2.7 in three. */
const BROTLI_QUALITY = constants.BROTLI_MAX_QUALITY;
/** Compressed files by the hash of what they hold, so that those forty seconds are spent once. */
const COMPRESSED = new URL('../../node_modules/.cache/tenfold/', import.meta.url);

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const source = (file: string) => fileURLToPath(new URL(file, SOURCE));

const COMMON: BuildOptions = {
  outdir: fileURLToPath(SITE),
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome112', 'firefox119', 'safari16.4'],
  logLevel: 'warning',
};

/** The worker, with the runtime's hash in it; its own. */
async function buildWorker(runtime: Uint8Array): Promise<string> {
  await build({
    ...COMMON,
    entryPoints: { [WORKER]: source('worker/worker.ts') },
    define: {
      RUNTIME_BYTES: String(runtime.length),
      RUNTIME_SHA256: JSON.stringify(sha256(runtime)),
    },
  });
  return sha256(await readFile(new URL(`${WORKER}.js`, SITE)));
}

/** Bundles the element, its worker and the page, and lays the runtime beside them. */
async function buildSite(): Promise<void> {
  await rm(SITE, { recursive: true, force: true });
  await mkdir(SITE, { recursive: true });
  const runtime = fileURLToPath(import.meta.resolve(`onnxruntime-web/${RUNTIME_FILE}`));
  const workerSha256 = await buildWorker(await readFile(runtime));
  await build({
    ...COMMON,
    entryPoints: {
      'digit-classifier': source('entries/index.ts'),
      'digit-classifier-element': source('entries/class.ts'),
      page: source('page/page.ts'),
      docs: source('docs/docs.ts'),
      embed: source('embed/embed.ts'),
      'digit-classifier-frame': source('embed/host.ts'),
    },
    sourcemap: true,
    define: { WORKER_SHA256: JSON.stringify(workerSha256) },
  });
  await Promise.all([
    ...STATIC_FILES.map((file) => copyFile(new URL(file, SOURCE), new URL(basename(file), SITE))),
    copyFile(runtime, new URL(RUNTIME_FILE, SITE)),
  ]);
}

/** What the page and the frame need of the site; the rest the element keeps by itself, or a visit without a connection cannot use. */
const isPageFile = (file: string): boolean =>
  /\.(html|css|svg|js)$/.test(file) && !/^docs\.|^digit-classifier-/.test(file);

/** Addresses that are not their files' names. */
const PAGE_PATHS: Record<string, string> = { 'index.html': './', 'embed.html': 'embed' };

/** The service workers: ours, which keeps the page, and what embedders put into theirs. */
async function buildOffline(): Promise<void> {
  const files = (await readdir(SITE)).filter(isPageFile);
  await build({
    ...COMMON,
    // They share their scope with other scripts.
    format: 'iife',
    entryPoints: {
      'service-worker': source('offline/service-worker.ts'),
      'digit-classifier-offline': source('offline/embedder.ts'),
    },
    define: { PAGE_FILES: JSON.stringify(files.map((file) => PAGE_PATHS[file] ?? file)) },
  });
}

/** Writes each file's `.br` and `.gz` beside it, so that no server compresses 14 MB for each visitor. */
async function compressSite(): Promise<void> {
  const files = (await readdir(SITE)).filter((file) => /\.(html|css|svg|js|wasm)$/.test(file));
  await mkdir(COMPRESSED, { recursive: true });
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(new URL(file, SITE));
      await compress(`${file}.br`, bytes, () =>
        promisify(brotliCompress)(bytes, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
            [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          },
        }),
      );
      await compress(`${file}.gz`, bytes, () =>
        promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
      );
    }),
  );
}

async function compress(target: string, bytes: Uint8Array, make: () => Promise<Uint8Array>): Promise<void> {
  const kept = new URL(`${sha256(bytes)}${extname(target)}`, COMPRESSED);
  if (!existsSync(kept)) {
    const partial = new URL(`${kept.href}.${process.pid}`);
    await writeFile(partial, await make());
    // A build that is ended leaves no half of a file behind under its name.
    await rename(partial, kept);
  }
  await copyFile(kept, new URL(target, SITE));
}

await writeFile(
  new URL('./custom-elements.json', import.meta.url),
  JSON.stringify(customElementsManifest(), null, 2),
);
await buildSite();
await buildOffline();
await compressSite();
