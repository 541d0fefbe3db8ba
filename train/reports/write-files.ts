import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { unwritable } from '../../core/file-errors.js';
import { document } from './page.js';
import type { Report } from './report.js';
import { plainSvg, svgFile } from './svg.js';

export const REPORT_FILE = 'report.html';
export const PLOTS_FOLDER = 'plots';

/** Where files are made before any takes its place. */
const STAGING = '.report-new';

/** Pixels of a PNG for each of its drawing. */
const PNG_SCALE = 2;

export interface WrittenReport {
  /** Path of the page. */
  html: string;
  /** Paths of the plots, an SVG and a PNG each. */
  plots: string[];
}

/**
 * Writes a report: all of its files are made aside and then moved into place, the page last, so that nothing half-written is
 * ever where it is looked for. Plots of an earlier report that this one has not are removed; other files stay.
 * @throws TenfoldError `failed` where the folder cannot be written
 */
export async function writeFiles({ page, plots }: Report, out: string): Promise<WrittenReport> {
  const staging = join(out, STAGING);
  try {
    await rm(staging, { recursive: true, force: true });
    await mkdir(join(staging, PLOTS_FOLDER), { recursive: true });
    const names = await Promise.all(
      plots.map(async ({ name, title, draw }) => {
        const drawing = draw('wide');
        const files = [join(PLOTS_FOLDER, `${name}.svg`), join(PLOTS_FOLDER, `${name}.png`)];
        await writeFile(join(staging, files[0]!), svgFile(drawing, title));
        await writeFile(join(staging, files[1]!), await png(plainSvg(drawing, title)));
        return files;
      }),
    );
    await writeFile(join(staging, REPORT_FILE), document(page));
    const files = names.flat();
    await mkdir(join(out, PLOTS_FOLDER), { recursive: true });
    for (const file of [...files, REPORT_FILE]) await rename(join(staging, file), join(out, file));
    await removeStale(
      join(out, PLOTS_FOLDER),
      files.map((file) => file.slice(PLOTS_FOLDER.length + 1)),
    );
    return { html: join(out, REPORT_FILE), plots: files.map((file) => join(out, file)) };
  } catch (cause) {
    throw unwritable(cause, join(out, REPORT_FILE), 'or name another folder by --out');
  } finally {
    await rm(staging, { recursive: true, force: true }).catch(() => {});
  }
}

const png = (svg: string): Promise<Buffer> =>
  sharp(Buffer.from(svg), { density: 72 * PNG_SCALE })
    .png({ compressionLevel: 6 })
    .toBuffer();

/** Names that some report gives its plots. */
const OWN_PLOT =
  /^(loss(-train|-test)?|accuracy(-\w+)?|learning-rate|recall|digits-by-epoch|confusion(-\d+)?|network(-\d+)?|results|time|speed|epoch-(time|speed)|wrong|right-(least-sure|surest))\.(svg|png)$/;

async function removeStale(folder: string, current: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (OWN_PLOT.test(name) && !current.includes(name)) await rm(join(folder, name));
  }
}
