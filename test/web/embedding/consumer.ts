import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { compileScript, parse } from 'vue/compiler-sfc';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** What the examples need beside us, and the compiler. */
const BESIDE = [
  'react',
  'react-dom',
  'scheduler',
  'vue',
  '@vue',
  '@types',
  'csstype',
  'typescript',
  '@typescript',
];

const run = promisify(execFile);

/** A project of somebody else's that has installed the package from its tarball, with our examples as its sources. */
export interface Consumer {
  /** Its folder. */
  directory: string;
  /** The installed package. */
  package: string;
  /** What the compiler says of the sources; empty where they are sound. */
  typeErrors(): Promise<string>;
  /** Bundles a module of its sources for the browser. */
  bundle(entry: string): Promise<string>;
  remove(): Promise<void>;
}

export async function makeConsumer(): Promise<Consumer> {
  const directory = await mkdtemp(join(tmpdir(), 'tenfold-consumer-'));
  const modules = join(directory, 'node_modules');
  await mkdir(modules);
  const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
  const { stdout } = await run('npm', options, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await run('tar', ['-xzf', join(directory, filename), '-C', modules]);
  await rename(join(modules, 'package'), join(modules, 'tenfold'));
  for (const name of BESIDE) await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  await cp(join(ROOT, 'examples'), join(directory, 'src'), { recursive: true });
  return {
    directory,
    package: join(modules, 'tenfold'),
    async typeErrors() {
      const compiler = join(modules, 'typescript', 'bin', 'tsc');
      try {
        await run(process.execPath, [compiler, '-p', join(directory, 'src')], { cwd: directory });
        return '';
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    },
    async bundle(entry) {
      const { outputFiles } = await build({
        entryPoints: [join(directory, 'src', entry)],
        bundle: true,
        write: false,
        minify: true,
        format: 'esm',
        jsx: 'automatic',
        define: {
          'process.env.NODE_ENV': '"production"',
          __VUE_OPTIONS_API__: 'false',
          __VUE_PROD_DEVTOOLS__: 'false',
          __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
        },
        plugins: [VUE_FILES],
        logLevel: 'silent',
      });
      return outputFiles[0]!.text;
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Single-file components, by Vue's own compiler, told of our element as Vue's guide says. */
const VUE_FILES: Plugin = {
  name: 'vue',
  setup(build) {
    build.onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor } = parse(await readFile(path, 'utf8'), { filename: path });
      const { content } = compileScript(descriptor, {
        id: path,
        inlineTemplate: true,
        templateOptions: { compilerOptions: { isCustomElement: (tag) => tag.includes('-') } },
      });
      return { contents: content, loader: 'ts' };
    });
  },
};
