import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { unmet } from '../../core/errors.js';
import { unwritable } from '../../core/file-errors.js';
import { svgFile } from '../reports/svg.js';
import { writeAtomically } from '../run-folder.js';
import { experimentsDocument, PLOT_NAMES } from './document.js';
import { keepRecords, readRecords } from './records.js';

export interface ExperimentsOptions {
  /** Folders of finished runs whose records are to be added; none to write the document anew from those there are. */
  runs: readonly string[];
  /** Where records of runs are kept, a folder each, and the plots beside them. */
  records: string;
  /** Path of the document. */
  out: string;
}

export interface WrittenExperiments {
  document: string;
  /** Paths of the plots. */
  plots: string[];
  /** Folders of the records that were added. */
  added: string[];
  /** Records that the document is made of. */
  records: number;
}

const PLOT = '.svg';

/**
 * Adds the records of runs and writes the document over all of them, with its plots.
 * @throws TenfoldError what `keepRecords` throws, and `not-found` where there is no record, before anything is written of the document; `failed`
 * where it cannot be written
 */
export async function writeExperiments({
  runs,
  records,
  out,
}: ExperimentsOptions): Promise<WrittenExperiments> {
  const added = await keepRecords(runs, records);
  const recorded = await readRecords(records);
  if (recorded.length === 0) throw nothingRecorded(records);
  const file = (name: string) => join(records, `${name}${PLOT}`);
  const fromDocument = (name: string) => relative(dirname(out), file(name)).split(sep).join('/');
  const { markdown, plots } = experimentsDocument(recorded, fromDocument);
  await mkdir(records, { recursive: true }).catch((cause) => {
    throw unwritable(cause, records, 'or name another folder by --records');
  });
  for (const { name, title, draw } of plots) await writeAtomically(file(name), svgFile(draw('wide'), title));
  await writeAtomically(out, markdown, 'or name another file by --out');
  const current = new Set(plots.map(({ name }) => name));
  for (const name of PLOT_NAMES) if (!current.has(name)) await rm(file(name), { force: true });
  return { document: out, plots: plots.map(({ name }) => file(name)), added, records: recorded.length };
}

const nothingRecorded = (records: string) =>
  unmet({
    code: 'not-found',
    what: records,
    expected: 'records of runs',
    got: 'none',
    advice: 'Name finished runs to keep the records of, or the folder that has some by --records.',
  });
