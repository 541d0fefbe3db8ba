import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A file by its path from the repository's root. */
export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A YAML file, read strictly: a key that comes twice is an error. */
export const readYaml = <Document>(path: string): Document => parse(readText(path), { strict: true });
