import type { Config, Settings, Source } from './config.js';
import type { Shown } from './kinds.js';
import { NAMES, SETTINGS, type Setting } from './settings.js';

/** A setting as a program reads it; of keys only the count is told. */
export interface PrintedSetting {
  value: Shown;
  unit: string;
  source: Source;
  flag: string;
  variable: string;
}

/** Every setting by its name, for `--print-config --json`. */
export function configObject(config: Config): Record<keyof Settings, PrintedSetting> {
  const printed = <Name extends keyof Settings>(name: Name): [Name, PrintedSetting] => {
    const { flag, variable, kind }: Setting<Settings[Name]> = SETTINGS[name];
    const value = kind.shown(config[name]);
    return [name, { value, unit: kind.unit, source: config.sources[name], flag: `--${flag}`, variable }];
  };
  return Object.fromEntries(NAMES.map(printed)) as Record<keyof Settings, PrintedSetting>;
}

/** Every setting with its value, unit and source, a line each, for `--print-config`. */
export function printConfig(config: Config): string {
  const printed = configObject(config);
  const rows = NAMES.map((name) => {
    const { value, unit, source } = printed[name];
    // The defaults of what may be nothing are the words for it.
    const text = isNothing(value) ? SETTINGS[name].default : `${forPeople(value)} ${unit}`.trimEnd();
    return [SETTINGS[name].flag, text, source];
  });
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(([name, value, source]) => `${name!.padEnd(widths[0]!)}  ${value!.padEnd(widths[1]!)}  ${source}`)
    .join('\n');
}

const isNothing = (value: Shown): boolean => value === null || (Array.isArray(value) && value.length === 0);

function forPeople(value: Shown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** The table of settings in Markdown, as the README has it. */
export function settingsTable(): string {
  const rows = NAMES.map((name) => {
    const { flag, variable, kind, default: byDefault, help, repeatable, flagNamesFile } = SETTINGS[name];
    const placeholder = flagNamesFile ? 'FILE' : kind.placeholder;
    const option = code(`--${flag} ${placeholder}`) + (repeatable ? ' (repeatable)' : '');
    return [option, code(variable), code(byDefault), help, kind.expected];
  });
  const lines = [
    ['flag', 'variable', 'default', 'what it is', 'what it may be'],
    new Array(5).fill('---'),
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

const code = (text: string): string => `\`${text}\``;
/** A bar ends a cell, in code too, unless it is escaped. */
const cell = (text: string): string => text.replaceAll('|', '\\|');
