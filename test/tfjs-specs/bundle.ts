import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles TensorFlow.js's specs and our backend, so that both share one copy of tfjs-core: its specs import its ES modules
 * file by file, Node would give us its CommonJS build.
 * @returns the path of a CommonJS file; loading it declares the specs
 */
export async function bundleSpecs(): Promise<string> {
  const outfile = fileURLToPath(new URL('./bundle.cjs', import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL('./entry.js', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node', 'jasmine-core'],
    // tfjs-core's package.json says that importing its specs has no effect.
    ignoreAnnotations: true,
    logLevel: 'error',
  });
  return outfile;
}
