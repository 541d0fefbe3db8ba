import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TenfoldError } from '../../../core/errors.js';
import { csvLine } from '../../../train/metrics/csv.js';
import { parseNumberTable } from '../../../train/reports/number-table.js';

const COLUMNS = ['Train Loss', 'Test Loss', 'seconds'] as const;
const parse = (text: string) => parseNumberTable(text, 'runs/a/losses.csv', 'Go on with it.');

const cell = fc.option(fc.double({ noDefaultInfinity: false }), { nil: undefined });
const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 40 });
const csvOf = (cells: readonly (readonly (number | undefined)[])[]): string =>
  `${COLUMNS.join(',')}\n${cells
    .map((row) => csvLine(COLUMNS, { 'Train Loss': row[0], 'Test Loss': row[1], seconds: row[2] }))
    .join('')}`;

test('what a training writes is read back to the bit, empty cells as not measured', () => {
  fc.assert(
    fc.property(rows, (cells) => {
      const table = parse(csvOf(cells));
      assert.equal(table.rows, cells.length);
      for (const [index, name] of COLUMNS.entries()) {
        const expected = cells.map((row) => row[index] ?? Number.NaN);
        // A sign of zero is not written: 0 and -0 are the same loss.
        const same = (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b));
        const column = table.column(name);
        if (column === null) assert.ok(expected.every(Number.isNaN), `${name} is gone: ${expected}`);
        else
          assert.ok(
            expected.every((value, row) => same(value, column[row]!)),
            `${name}: ${expected}`,
          );
      }
      assert.equal(table.column('nothing'), null);
    }),
  );
});

test('a file that is cut off anywhere is refused with its line, or is a shorter whole one', () => {
  fc.assert(
    fc.property(rows, fc.nat(), (cells, place) => {
      const text = csvOf(cells);
      const cut = text.slice(0, place % text.length);
      const isWhole = cut.endsWith('\n');
      if (isWhole) {
        assert.equal(parse(cut).rows, cut.split('\n').length - 2);
        return;
      }
      assert.throws(
        () => parse(cut),
        (error) =>
          error instanceof TenfoldError &&
          error.code === 'corrupt' &&
          /^Expected .+ for line \d+ of runs\/a\/losses\.csv/.test(error.message),
      );
    }),
  );
});

for (const [what, line] of [
  ['too few cells', '1,2'],
  ['too many cells', '1,2,3,4'],
  ['a word', '1,two,3'],
  ['a hexadecimal number', '1,0x10,3'],
  ['a blank', '1, ,3'],
  ['zero bytes of a disk that failed', '\0\0\0\0'],
] as const) {
  test(`${what} in a line is refused with the line's number`, () => {
    assert.throws(
      () => parse(`${COLUMNS.join(',')}\n1,2,3\n${line}\n`),
      /for line 3 of runs\/a\/losses\.csv, got .+ Go on with it\.$/,
    );
  });
}
