import { describe, unmet } from '../../core/errors.js';

/** A CSV of numbers by its columns. */
export interface NumberTable {
  /** Rows below the header. */
  rows: number;
  /** The values of a column, `[rows]`, NaN where a cell is empty; null where there is no such column or all of it is empty. */
  column(name: string): Float64Array | null;
}

const NUMBER = /^-?(\d+(\.\d*)?(e[+-]?\d+)?|Infinity)$|^NaN$/i;

/**
 * Reads a CSV of numbers whose first line names the columns.
 * @param path names the file in messages
 * @param advice what to do about a file that is not whole
 * @throws TenfoldError `corrupt` where a line is torn: not ended, of another number of cells, or not of numbers
 */
export function parseNumberTable(text: string, path: string, advice: string): NumberTable {
  const torn = (line: number, expected: string, got: string) =>
    unmet({ code: 'corrupt', what: `line ${line} of ${path}`, expected, got, advice });
  const lines = text.split('\n');
  const last = lines.pop()!;
  if (lines.length === 0) throw torn(1, 'a header', describe(last));
  if (last !== '') throw torn(lines.length + 1, 'a whole line', describe(last));

  const names = lines[0]!.split(',');
  const rows = lines.length - 1;
  const columns = names.map(() => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    const line = lines[row + 1]!;
    const cells = line.split(',');
    if (cells.length !== names.length) {
      throw torn(row + 2, `${names.length} cells (${names.join(',')})`, describe(line));
    }
    for (const [index, cell] of cells.entries()) {
      if (cell !== '' && !NUMBER.test(cell))
        throw torn(row + 2, `a number as ${names[index]}`, describe(cell));
      columns[index]![row] = cell === '' ? Number.NaN : Number(cell);
    }
  }
  const filled = new Map(
    names.flatMap((name, index) => {
      const values = columns[index]!;
      return values.some((value) => !Number.isNaN(value)) ? [[name, values] as const] : [];
    }),
  );
  return { rows, column: (name) => filled.get(name) ?? null };
}

/** The first rows of a table, all of them where it has no more. */
export function firstRows(table: NumberTable, most: number): NumberTable {
  if (table.rows <= most) return table;
  return { rows: most, column: (name) => table.column(name)?.subarray(0, most) ?? null };
}

/** Stands for a file that a run has not. */
export const NO_TABLE: NumberTable = { rows: 0, column: () => null };
