/** A column of a table: its heading, and whether its cells are numbers, which stand to the right. */
export interface Column {
  name: string;
  isNumber?: boolean;
}

/** A text as it is, whatever Markdown would make of its characters; on one line. */
export const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*<>[\]|]|(?<!\w)_|_(?!\w)/g, '\\$&');

/** A table; cells are Markdown already. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ name }) => name)),
    line(columns.map(({ isNumber }) => (isNumber ? '--:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

export const words = (...names: readonly string[]): Column[] => names.map((name) => ({ name }));
export const numbers = (...names: readonly string[]): Column[] =>
  names.map((name) => ({ name, isNumber: true }));

/** `99.70%` of a share, 0 to 1. */
export const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)}%`;

/** `471,898` */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** `7 h 05 min`, `12 min`, `45 s` of seconds. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
