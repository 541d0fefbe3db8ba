import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { TRAINING_OPTIONS } from '../../../cli/commands/train.js';
import type { Config, Settings } from '../../../serve/config/config.js';
import { BYTE_UNITS, quantity, TIME_UNITS, written } from '../../../serve/config/quantity.js';
import { CONFIG_OPTIONS, serviceConfig } from '../../../serve/config/service-config.js';
import { NAMES, SETTINGS } from '../../../serve/config/settings.js';
import { DEFAULT_BUNDLE } from '../../../serve/models/bundle.js';

type Env = Record<string, string>;
const fromEnvironment = (env: Env): Config => serviceConfig({ values: {}, env });
const fromFlags = (args: string[], env: Env = {}): Config =>
  serviceConfig({ values: parseArgs({ args, options: CONFIG_OPTIONS }).values, env });
const sha256 = (key: string): Buffer => createHash('sha256').update(key).digest();
const KEY = 'correct-horse-battery';

async function withFile(content: string, use: (file: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-config-'));
  try {
    const file = join(folder, 'keys');
    await writeFile(file, content);
    use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a flag comes before its variable, a variable before the default', () => {
  assert.equal(fromEnvironment({}).port, 8080);
  assert.equal(fromEnvironment({ TENFOLD_PORT: '81' }).port, 81);
  const config = fromFlags(['--port', '82'], { TENFOLD_PORT: '81', TENFOLD_HOST: '::' });
  assert.equal(config.port, 82);
  assert.equal(config.sources.port, '--port');
  assert.equal(config.host, '::');
  assert.equal(config.sources.host, 'TENFOLD_HOST');
  assert.equal(config.sources.workers, 'default');
});

test('a variable that a flag outdoes may be wrong', () => {
  assert.equal(fromFlags(['--port', '82'], { TENFOLD_PORT: 'tcp://10.0.0.1:80' }).port, 82);
});

/** Texts and what they mean, by setting. */
const GOOD: { [Name in keyof Settings]?: Record<string, Settings[Name]> } = {
  host: { '0.0.0.0': '0.0.0.0', '::1': '::1', 'digits.example.com': 'digits.example.com' },
  port: { '0': 0, '65535': 65_535 },
  bundles: { default: [], 'a, b/c': ['a', 'b/c'], 'default,b/c': [DEFAULT_BUNDLE, 'b/c'] },
  canary: {
    none: [],
    'next=0.05,a=b=1': [
      { directory: 'next', share: 0.05 },
      { directory: 'a=b', share: 1 },
    ],
  },
  repository: { none: null, models: 'models' },
  control: { on: true, TRUE: true, '1': true, yes: true, off: false, '0': false },
  device: { cuda: 'cuda' },
  workers: { '7': 7 },
  queueMilliseconds: { '500ms': 500, '2s': 2000, '1.5s': 1500, '16.1s': 16_100, '2M': 120_000 },
  bodyBytes: { '2000': 2000, '1mb': 1_048_576, '1.5mb': 1_572_864, '2.2mb': 2_306_867, '16KB': 16_384 },
  origins: {
    'https://a.example,http://localhost:3000': ['https://a.example', 'http://localhost:3000'],
    '*': ['*'],
  },
  embedOrigins: { '*': ['*'], none: [], 'https://a.example': ['https://a.example'] },
  rateLimit: { none: null, '100/1m': { requests: 100, milliseconds: 60_000 } },
  keepAliveMilliseconds: { '620s': 620_000, '1h': 3_600_000 },
  apiKeys: {
    none: [],
    [KEY]: [sha256(KEY)],
    [`${KEY}, ${KEY}2`]: [sha256(KEY), sha256(`${KEY}2`)],
    [`${KEY}\r\n\n${KEY}2\n`]: [sha256(KEY), sha256(`${KEY}2`)],
  },
};

test('what settings take, by flag and by variable', async (context) => {
  for (const name of Object.keys(GOOD) as (keyof Settings)[]) {
    await context.test(name, () => {
      const { flag, variable, flagNamesFile } = SETTINGS[name];
      for (const [text, value] of Object.entries(GOOD[name]!)) {
        assert.deepEqual(fromEnvironment({ [variable]: text })[name], value, `${variable}=${text}`);
        if (!flagNamesFile)
          assert.deepEqual(fromFlags([`--${flag}=${text}`])[name], value, `--${flag}=${text}`);
      }
    });
  }
});

const BAD: { [Name in keyof Settings]?: string[] } = {
  host: ['a b', 'http://x', '-a', '256.1.1.1/8'],
  port: ['65536', '-1', '8080.5', '0x50', '1e3', ' 80', 'http'],
  bundles: ['a,,b'],
  canary: ['next', 'next=2', '=0.5', 'next=-1', 'next=x', 'next=1.5'],
  control: ['maybe', '2'],
  device: ['gpu', 'CPU'],
  workers: ['0', '65', 'automatic'],
  queueMilliseconds: ['500', '-1s', '1 h', '11m', '0ms', '0.3ms', 's'],
  bodyBytes: ['1kib', '10', '2gb', '1..5mb', 'mb'],
  jsonDepth: ['3'],
  origins: [
    'example.com',
    'https://a.example/',
    'https://a.example/path',
    'null',
    'https://*.example',
    'ftp://a',
  ],
  rateLimit: ['100', '100/m', '0/1m', '100/10ms', '100/1m/2', '1.5/1s'],
  keepAliveMilliseconds: ['61m'],
  apiKeys: [' \n', `${KEY},\n${KEY}`, 'short', 'with spaces in between it', `${KEY},`, `${KEY},short`],
  logLevel: ['loud'],
};

test('what settings do not take is refused by the name of the flag or variable, and what was expected', async (context) => {
  for (const name of Object.keys(BAD) as (keyof Settings)[]) {
    await context.test(name, () => {
      const { flag, variable, kind, flagNamesFile } = SETTINGS[name];
      for (const text of BAD[name]!) {
        const expected = `Expected ${kind.expected} for`;
        const refused = (start: string) => (error: Error & { code: string }) =>
          error.code === 'bad-usage' && error.message.startsWith(`${expected} ${start}, got `);
        const byVariable = `${variable}, the variable of --${flag}`;
        assert.throws(
          () => fromEnvironment({ [variable]: text }),
          refused(byVariable),
          `${variable}=${text}`,
        );
        if (!flagNamesFile) assert.throws(() => fromFlags([`--${flag}=${text}`]), refused(`--${flag}`), text);
      }
    });
  }
});

test('an empty value is refused everywhere: keys that were not filled in open nothing', () => {
  for (const name of NAMES) {
    assert.throws(() => fromEnvironment({ [SETTINGS[name].variable]: '' }), { code: 'bad-usage' }, name);
  }
  assert.throws(() => fromEnvironment({ TENFOLD_API_KEYS: '' }), {
    message: /Unset it for the default, none\.$/,
  });
});

test('the variable that Kubernetes sets for a Service named tenfold is told from a port', () => {
  const message = /^Expected an integer .* for TENFOLD_PORT.* got "tcp:.* enableServiceLinks: false\.$/;
  assert.throws(() => fromEnvironment({ TENFOLD_PORT: 'tcp://10.43.7.1:8080' }), { message });
});

test('a variable that is no setting is refused by its name and the nearest that is one', () => {
  const nearest = {
    TENFOLD_API_KEYS_FILE: 'TENFOLD_API_KEYS, the variable of --api-keys-file',
    TENFOLD_API_KEY: 'TENFOLD_API_KEYS, the variable of --api-keys-file',
    TENFOLD_BUNDLE: 'TENFOLD_BUNDLES, the variable of --bundle',
    TENFOLD_LOGLEVEL: 'TENFOLD_LOG_LEVEL, the variable of --log-level',
  };
  for (const [name, meant] of Object.entries(nearest)) {
    const refused = { code: 'bad-usage', message: new RegExp(`got ${name}\\. Did you mean ${meant}\\?`) };
    assert.throws(() => fromEnvironment({ [name]: '/run/secrets/keys' }), refused);
  }
  const others = {
    TENFOLD_SERVICE_HOST: '10.0.0.1',
    TENFOLD_SERVICE_PORT_HTTP: '80',
    TENFOLD_PORT_80_TCP_ADDR: '10.0.0.1',
    TENFOLD_NEXT_PORT: 'tcp://10.0.0.1:80',
    TENFOLD_NEXT_SERVICE_HOST: '10.0.0.1',
    TENFOLD_WATCHED: '1',
    TENFOLD_NIGHTLY: '1',
  };
  assert.equal(fromEnvironment(others).port, 8080);
});

test('a header cannot have more time than its request', () => {
  const message =
    /^Expected at most the 5000 ms of --request-time \(TENFOLD_REQUEST_TIME\) for --header-time \(default\)/;
  assert.throws(() => fromEnvironment({ TENFOLD_REQUEST_TIME: '5s' }), { code: 'bad-usage', message });
  assert.equal(fromFlags(['--header-time', '5s'], { TENFOLD_REQUEST_TIME: '5s' }).headerMilliseconds, 5000);
});

test('flags that are repeated are a list', () => {
  const config = fromFlags([
    '--bundle',
    'a',
    '--bundle',
    'b',
    '--canary',
    'c=.5',
    '--origin',
    'https://a.example',
  ]);
  assert.deepEqual(config.bundles, ['a', 'b']);
  assert.deepEqual(config.canary, [{ directory: 'c', share: 0.5 }]);
  assert.deepEqual(config.origins, ['https://a.example']);
});

test('keys are read from a file, and kept as digests alone', async () => {
  await withFile(`# who: why\n${KEY}\n\n  ${KEY}2\r\n`, (file) => {
    const config = fromFlags(['--api-keys-file', file], { TENFOLD_API_KEYS: 'another-key-altogether' });
    assert.deepEqual(config.apiKeys, [sha256(KEY), sha256(`${KEY}2`)]);
    assert.ok(!JSON.stringify(config).includes(KEY));
  });
});

test('a file of keys that has none, or cannot be read, is refused', async () => {
  await withFile('# none yet\n\n', (file) => {
    assert.throws(() => fromFlags(['--api-keys-file', file]), {
      code: 'bad-usage',
      message: /for --api-keys-file/,
    });
  });
  const message =
    /^Expected a file that can be read, .* for --api-keys-file, got "no-such-file" \(string\): ENOENT/;
  assert.throws(() => fromFlags(['--api-keys-file', 'no-such-file']), { code: 'bad-usage', message });
});

test('the error about a key does not show it', () => {
  assert.throws(
    () => fromEnvironment({ TENFOLD_API_KEYS: 'secret' }),
    (error: Error) =>
      !error.message.includes('secret') && /got others, which are not shown\./.test(error.message),
  );
});

test('no two settings share a flag or a variable, and with train only --device', () => {
  const flags = NAMES.map((name) => SETTINGS[name].flag);
  assert.equal(new Set(flags).size, NAMES.length);
  assert.equal(new Set(NAMES.map((name) => SETTINGS[name].variable)).size, NAMES.length);
  assert.deepEqual(
    flags.filter((flag) => flag in TRAINING_OPTIONS),
    ['device'],
  );
});

for (const [what, units] of Object.entries({ times: TIME_UNITS, sizes: BYTE_UNITS })) {
  test(`${what} are read as they are written`, () => {
    const schema = quantity(units, 0, 2 ** 40);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (value) => {
        assert.equal(schema.parse(written(value, units)), value);
      }),
    );
  });
}
