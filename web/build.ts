import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'esbuild';

/** What the page's files are made from, and where they go. */
const SOURCE = new URL('../../web/', import.meta.url);
const SITE = new URL('./site/', import.meta.url);

const STATIC_FILES = ['page/index.html', 'page/style.css', 'page/icon.svg', 'docs/docs.css'];
const RUNTIME_WASM = 'ort-wasm-simd-threaded.wasm';
const RUNTIME_FILES = ['ort-wasm-simd-threaded.mjs', RUNTIME_WASM];

/** 9 gives 2.7 MB of the runtime's 14.2 in three seconds; 11 gives 2.3 MB in forty. */
const BROTLI_QUALITY = 9;

const runtimeFile = (name: string) => fileURLToPath(import.meta.resolve(`onnxruntime-web/${name}`));

/** Bundles the element, its worker and the page, and lays the runtime beside them. */
async function buildSite(): Promise<void> {
  await rm(SITE, { recursive: true, force: true });
  await mkdir(SITE, { recursive: true });
  const { size: runtimeBytes } = await stat(runtimeFile(RUNTIME_WASM));
  const source = (file: string) => fileURLToPath(new URL(file, SOURCE));
  await build({
    entryPoints: {
      'digit-classifier': source('index.ts'),
      'digit-classifier-worker': source('worker.ts'),
      page: source('page/page.ts'),
      docs: source('docs/docs.ts'),
    },
    outdir: fileURLToPath(SITE),
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome111', 'firefox113', 'safari16.4'],
    sourcemap: true,
    // The runtime's loader stays a file of its own, beside the wasm: its threads start from it.
    conditions: ['onnxruntime-web-use-extern-wasm'],
    define: { RUNTIME_BYTES: String(runtimeBytes) },
    logLevel: 'warning',
  });
  await Promise.all([
    ...STATIC_FILES.map((file) => copyFile(new URL(file, SOURCE), new URL(basename(file), SITE))),
    ...RUNTIME_FILES.map((file) => copyFile(runtimeFile(file), new URL(file, SITE))),
  ]);
}

/** Writes each file's `.br` and `.gz` beside it, so that no server compresses 14 MB for each visitor. */
async function compressSite(): Promise<void> {
  const files = (await readdir(SITE)).filter((file) => /\.(html|css|svg|js|mjs|wasm)$/.test(file));
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(new URL(file, SITE));
      const brotli = await promisify(brotliCompress)(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      });
      await writeFile(new URL(`${file}.br`, SITE), brotli);
      await writeFile(new URL(`${file}.gz`, SITE), await promisify(gzip)(bytes));
    }),
  );
}

await buildSite();
await compressSite();
