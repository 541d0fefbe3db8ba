import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { unmet } from '../../core/errors.js';
import { unwritable } from '../../core/file-errors.js';
import type { FitEvents } from '../events.js';

/** The columns of `losses.csv`: one row a training step. */
export const LOSSES_COLUMNS = ['Train Loss', 'Test Loss'] as const;

/** The accuracy of each digit, as a report names it. */
const CLASS_COLUMNS = [
  'val_accuracy_class_0',
  'val_accuracy_class_1',
  'val_accuracy_class_2',
  'val_accuracy_class_3',
  'val_accuracy_class_4',
  'val_accuracy_class_5',
  'val_accuracy_class_6',
  'val_accuracy_class_7',
  'val_accuracy_class_8',
  'val_accuracy_class_9',
] as const;

/** The columns of `epochs.csv`: one row an epoch, most of them named after the members of the `epoch` event. */
export const EPOCHS_COLUMNS = [
  'epoch',
  'trainLoss',
  'trainAccuracy',
  'validationLoss',
  'validationAccuracy',
  'testLoss',
  'testAccuracy',
  ...CLASS_COLUMNS,
  'learningRate',
  'imagesPerSecond',
  'seconds',
] as const;

/** The row of an epoch. */
export const epochRow = ({
  classAccuracy = [],
  ...rest
}: FitEvents['epoch']): CsvRow<(typeof EPOCHS_COLUMNS)[number]> => ({
  ...rest,
  ...Object.fromEntries(CLASS_COLUMNS.map((column, digit) => [column, classAccuracy[digit]])),
});

/** A row; what was not measured stays empty. */
export type CsvRow<Column extends string> = { [C in Column]?: number | undefined };

export interface CsvFile<Column extends string> {
  /** Keeps a row until the next flush. */
  append(row: CsvRow<Column>): void;
  /** Appends the kept rows to the file in one write. */
  flush(): Promise<void>;
}

export interface CsvOptions {
  /** Rows of an existing file to go on after; later ones are cut off. Without it the file begins anew. */
  keepRows?: number;
}

/** One line of a CSV of numbers, its end included; numbers in their shortest exact form. */
export const csvLine = <Column extends string>(columns: readonly Column[], row: CsvRow<Column>): string =>
  `${columns.map((column) => row[column] ?? '').join(',')}\n`;

/**
 * Opens a CSV of numbers for writing. The training loop flushes once an epoch and where it fails; the next run names the
 * rows of what was saved as `keepRows`, and what came after them (a torn line, even) is cut off.
 * @throws TenfoldError `corrupt` where the existing file has another header or fewer than `keepRows` rows, `failed`
 * where it cannot be written.
 */
export async function openCsv<Column extends string>(
  path: string,
  columns: readonly Column[],
  { keepRows }: CsvOptions = {},
): Promise<CsvFile<Column>> {
  const begun =
    keepRows === undefined
      ? writeFile(path, header(columns))
      : endOfRow(path, columns, keepRows).then((end) => truncate(path, end));
  const refuse = (cause: unknown) => {
    throw unwritable(cause, path, 'then go on by --resume');
  };
  await begun.catch(refuse);
  let pending = '';
  return {
    append(row) {
      pending += csvLine(columns, row);
    },
    async flush() {
      const written = pending;
      pending = '';
      await appendFile(path, written).catch(refuse);
    },
  };
}

const header = (columns: readonly string[]): string => `${columns.join(',')}\n`;

/** The offset in bytes just after row `rows`, which the header precedes. */
async function endOfRow(path: string, columns: readonly string[], rows: number): Promise<number> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw unresumable(path, 'the table of the run so far', `${error.code}`);
  });
  const expected = header(columns);
  if (!bytes.subarray(0, expected.length).equals(Buffer.from(expected))) {
    throw unresumable(
      `the header of ${path}`,
      columns.join(','),
      JSON.stringify(bytes.subarray(0, 60).toString()),
    );
  }
  let end = expected.length;
  for (let row = 0; row < rows; row++) {
    const next = bytes.indexOf('\n', end) + 1;
    if (next === 0) throw unresumable(`the length of ${path}`, `at least ${rows} rows`, `${row}`);
    end = next;
  }
  return end;
}

const unresumable = (what: string, expected: string, got: string) =>
  unmet({ code: 'corrupt', what, expected, got, advice: 'The run cannot be resumed: train it anew.' });
