const ESCAPE = String.fromCharCode(27);
const TOKENS = new RegExp(`${ESCAPE}\\[(\\d+)A|${ESCAPE}\\[([KJ])|([^])`, 'g');

/** What a terminal shows after some output: cursor up, line feed, carriage return, erasing to a line's or the screen's end. */
export function screenOf(output: string): string[] {
  const lines: string[] = [''];
  let [row, column] = [0, 0];
  for (const [, up, erase, character] of output.matchAll(TOKENS)) {
    if (up !== undefined) row = Math.max(0, row - Number(up));
    else if (erase !== undefined) {
      lines[row] = lines[row]!.slice(0, column);
      if (erase === 'J') lines.length = row + 1;
    } else if (character === '\r') column = 0;
    else if (character === '\n') {
      row++;
      column = 0;
      lines[row] ??= '';
    } else {
      lines[row] =
        `${lines[row]!.padEnd(column).slice(0, column)}${character}${lines[row]!.slice(column + 1)}`;
      column++;
    }
  }
  return lines;
}
