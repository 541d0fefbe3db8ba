import { readFileSync } from 'node:fs';
import { describe, unmet } from '../../core/errors.js';
import type { Config, Settings, Source } from './config.js';
import { NAMES, SETTINGS, type Setting } from './settings.js';
import { checkVariables } from './unknown-variables.js';

/** What node:util's `parseArgs` made of a command line. */
export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface ConfigSources {
  /** Flags, without their dashes. */
  values: Values;
  /** Environment variables. */
  env: Readonly<Record<string, string | undefined>>;
}

type Option = { type: 'string'; multiple?: true } | { type: 'boolean' };

/** For node:util's `parseArgs`: every flag of the table, and `--print-config`. */
export const CONFIG_OPTIONS: Readonly<Record<string, Option>> = Object.fromEntries([
  ...NAMES.map((name): [string, Option] => {
    const { flag, repeatable } = SETTINGS[name];
    return [flag, { type: 'string', ...(repeatable && { multiple: true }) }];
  }),
  ['print-config', { type: 'boolean' }],
]);

/**
 * Every setting: as its flag says, else its environment variable, else its default. All are checked, so that a service
 * that starts does not find out later.
 * @throws TenfoldError `bad-usage` where a value is not what its setting takes, by the name of its flag or variable, and where a variable is
 * no setting's.
 */
export function serviceConfig({ values, env }: ConfigSources): Config {
  checkVariables(env);
  const settings: Partial<{ -readonly [Name in keyof Settings]: Settings[Name] }> = {};
  const sources: Partial<Record<keyof Settings, Source>> = {};
  const set = <Name extends keyof Settings>(name: Name): void => {
    const setting: Setting<Settings[Name]> = SETTINGS[name];
    const { text, source } = find(setting, values, env);
    settings[name] = check(setting, text, source);
    sources[name] = source;
  };
  NAMES.forEach(set);
  const config = { ...settings, sources } as Config;
  checkTimes(config);
  return config;
}

interface Found {
  text: string;
  source: Source;
}

function find(setting: Setting<unknown>, values: Values, env: ConfigSources['env']): Found {
  const { flag, variable, flagNamesFile } = setting;
  const given = values[flag];
  if (given !== undefined) {
    const text = String(given);
    const source: Source = `--${flag}`;
    return { text: flagNamesFile ? readLines(text, source) : text, source };
  }
  const text = env[variable];
  if (text !== undefined) return { text, source: variable };
  return { text: setting.default, source: 'default' };
}

/** A file's lines as a list; lines that are empty or begin with # are left out. */
function readLines(file: string, source: Source): string {
  try {
    const lines = readFileSync(file, 'utf8').split(/\r?\n/);
    return lines.filter((line) => !/^\s*(#|$)/.test(line)).join(',');
  } catch (cause) {
    throw unmet({
      code: 'bad-usage',
      what: source,
      expected: 'a file that can be read, with one key a line',
      got: `${describe(file)}: ${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}`,
      advice: 'Name another file.',
      cause,
    });
  }
}

function check<Value>(setting: Setting<Value>, text: string, source: Source): Value {
  const parsed = setting.kind.schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw unmet({
    code: 'bad-usage',
    what: source.startsWith('--') ? source : `${source}, the variable of --${setting.flag}`,
    expected: setting.kind.expected,
    // A key that is mistyped is a key all the same.
    got: setting.flagNamesFile ? 'others, which are not shown' : describe(text),
    advice: advice(setting, text, source),
  });
}

function advice({ variable, default: byDefault }: Setting<unknown>, text: string, source: Source): string {
  if (text === '' && source === variable) return `Unset it for the default, ${byDefault}.`;
  if (text.startsWith('tcp://')) {
    return 'Kubernetes sets it for a Service of this name: give the pod enableServiceLinks: false.';
  }
  return 'Give another value; --print-config shows all settings.';
}

/** Node refuses to wait longer for a header than for all of a request. */
function checkTimes({ headerMilliseconds, requestMilliseconds, sources }: Config): void {
  if (headerMilliseconds <= requestMilliseconds) return;
  const { headerMilliseconds: header, requestMilliseconds: request } = SETTINGS;
  throw unmet({
    code: 'bad-usage',
    what: `--${header.flag} (${sources.headerMilliseconds})`,
    expected: `at most the ${requestMilliseconds} ms of --${request.flag} (${sources.requestMilliseconds})`,
    got: `${headerMilliseconds} ms`,
    advice: 'A header is part of its request: give it less time, or the request more.',
  });
}

/** Those of a service that nobody configured. */
export const DEFAULT_SETTINGS: Settings = serviceConfig({ values: {}, env: {} });
