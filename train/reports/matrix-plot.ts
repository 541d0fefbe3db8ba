import { html, type Markup } from '../../core/markup.js';
import { count } from './format.js';
import { LIGHT } from './palette.js';
import { type Drawing, type Format, fitted, svgText, textWidth } from './svg.js';

interface Cell {
  text: string;
  /** How dark its ground is, 0 to 1. */
  shade: number;
  /** On its ground: what stands out (an error), or what is as it should be. */
  tone: 'accent' | 'quiet';
}

interface Matrix {
  rows: readonly string[];
  columns: readonly string[];
  rowsName: string;
  columnsName: string;
  cell(row: number, column: number): Cell;
  cellWidth: number;
  cellHeight: number;
  /** Of the figures. */
  size?: number;
}

/** A table of shaded figures with the names of its rows and columns. */
function drawMatrix(matrix: Matrix, most: number): Drawing {
  const { rows, columns, rowsName, columnsName, cellWidth, cellHeight, size = 11 } = matrix;
  const names = rows.map((row) => fitted(row, most));
  const left = Math.max(24, 14 + Math.max(...names.map((name) => textWidth(name))));
  const top = 44;
  const cells = rows.flatMap((_, row) =>
    columns.map((_, column): Markup => {
      const { text, shade, tone } = matrix.cell(row, column);
      const [x, y] = [left + column * cellWidth, top + row * cellHeight];
      const fill = tone === 'accent' ? LIGHT.accent : LIGHT.faint;
      const ground =
        shade === 0
          ? null
          : html`<rect x="${x + 1}" y="${y + 1}" width="${cellWidth - 2}" height="${cellHeight - 2}" rx="2" fill="${fill}" fill-opacity="${shade.toFixed(3)}"/>`;
      const place = [x + cellWidth / 2, y + cellHeight / 2 + 4] as const;
      return html`${ground}${svgText(...place, text, {
        anchor: 'middle',
        size,
        fill: text === '\u00b7' ? LIGHT.muted : LIGHT.text,
      })}`;
    }),
  );
  const label = { fill: LIGHT.muted, size: 12 } as const;
  const width = Math.max(left + columns.length * cellWidth + 4, textWidth(columnsName) + left);
  const content = html`
    ${svgText(0, 12, rowsName, label)}
    ${svgText(left + (columns.length * cellWidth) / 2, 12, columnsName, { ...label, anchor: 'middle' })}
    ${columns.map((column, index) => svgText(left + (index + 0.5) * cellWidth, 36, column, { ...label, anchor: 'middle' }))}
    ${names.map((row, index) => svgText(left - 8, top + (index + 0.5) * cellHeight + 4, row, { ...label, anchor: 'end' }))}
    ${cells}`;
  return { width, height: top + rows.length * cellHeight + 4, content };
}

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** Rows are the true digits, columns what they were read as; errors are shaded by the root of their number. */
export function drawConfusion(matrix: readonly (readonly number[])[], format: Format): Drawing {
  const errors = matrix.flatMap((row, digit) => row.filter((_, column) => column !== digit));
  const most = Math.max(1, ...errors);
  return drawMatrix(
    {
      rows: DIGITS,
      columns: DIGITS,
      rowsName: 'Digit',
      columnsName: 'Read as',
      cellWidth: format === 'wide' ? 48 : 32,
      cellHeight: format === 'wide' ? 32 : 28,
      cell: (row, column) => {
        const images = matrix[row]?.[column] ?? 0;
        if (row === column) return { text: count(images), shade: 0.35, tone: 'quiet' };
        if (images === 0) return { text: '\u00b7', shade: 0, tone: 'accent' };
        return { text: count(images), shade: 0.12 + 0.53 * Math.sqrt(images / most), tone: 'accent' };
      },
    },
    40,
  );
}

/** A row a line of the comparison, a column a digit: its recall in percent, darker the further from 100%. */
export function drawRecallTable(
  series: readonly { name: string; recall: readonly number[] }[],
  format: Format,
): Drawing {
  const misses = series.flatMap(({ recall }) => recall.map((value) => 1 - value));
  const most = Math.max(1e-9, ...misses);
  const narrow = format === 'narrow';
  return drawMatrix(
    {
      rows: series.map(({ name }) => name),
      columns: DIGITS,
      rowsName: '',
      columnsName: 'Recall of each digit, %',
      cellWidth: narrow ? 26 : 48,
      cellHeight: 26,
      size: narrow ? 9 : 11,
      cell: (row, column) => {
        const value = series[row]!.recall[column]!;
        return {
          text: (100 * value).toFixed(1),
          shade: 0.65 * ((1 - value) / most),
          tone: 'accent',
        };
      },
    },
    narrow ? 90 : 260,
  );
}
