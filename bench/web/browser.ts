import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** Leads to this machine as well, but is no secure origin: what a page on a local network's plain http sees. */
export const PLAIN_HTTP_HOST = 'plain.test';

/** Playwright's own switches plus these: nothing of the browser's looks outward, and no second process group lingers. */
const SWITCHES = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--no-first-run',
  '--font-render-hinting=none',
  `--host-resolver-rules=MAP ${PLAIN_HTTP_HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost`,
];

/**
 * Unpacks the browser that the npm package carries, once a version, into the temporary folder, and returns that folder.
 * The package's own unpacking lets two test files see each other's half-written binary; a rename does not.
 */
async function unpackBrowser(): Promise<string> {
  const entry = import.meta.resolve('@sparticuz/chromium');
  const { version } = JSON.parse(await readFile(new URL('../../package.json', entry), 'utf8')) as {
    version: string;
  };
  const folder = join(tmpdir(), `tenfold-chromium-${version}`);
  if (existsSync(folder)) return folder;
  const partial = await mkdtemp(`${folder}-`);
  // The package unpacks into TMPDIR, and adds the system libraries only where it believes itself on AWS Lambda; a process
  // of its own, so that nothing else here sees such an environment.
  await promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import packaged from ${JSON.stringify(entry)}; await packaged.executablePath();`,
    ],
    { env: { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' } },
  );
  await mkdir(join(partial, 'fontconfig'));
  await writeFile(
    join(partial, 'fontconfig', 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}/fonts</dir>` +
      `<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>` +
      `<dir>/usr/share/fonts</dir><cachedir>${folder}/fontconfig/cache</cachedir></fontconfig>`,
  );
  try {
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another test file finished first: its copy is whole.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Whether the binary asks for a library (NSS on bare containers) that this machine does not have. */
function lacksLibraries(binary: string): boolean {
  return execFileSync('ldd', [binary], { encoding: 'utf8' }).includes('not found');
}

/** Starts the headless browser of the npm package; it needs neither a download nor a system package. @param switches more of its own */
export async function startBrowser(switches: readonly string[] = []): Promise<Browser> {
  const folder = await unpackBrowser();
  const executablePath = join(folder, 'chromium');
  const libraries = lacksLibraries(executablePath) ? { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } : {};
  const env = { ...process.env, FONTCONFIG_PATH: join(folder, 'fontconfig'), ...libraries };
  return chromium.launch({ executablePath, headless: true, args: [...SWITCHES, ...switches], env });
}
