/** How many letters have to be put in, left out or replaced to make one text the other (Levenshtein 1966). */
export function changesBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let at = 0; at < to.length; at++) {
      next.push(Math.min(row[at + 1]! + 1, next[at]! + 1, row[at]! + (letter === to[at] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}

/**
 * Asks, in front of a message's advice, whether a name that there is was meant by one that there is not.
 * @returns `Did you mean fast? `, or nothing where the nearest name differs by more than half of the letters, or is the one that came;
 * capitals are no difference
 */
export function askWhetherMeant(name: string, names: readonly string[]): string {
  const changes = names.map((other) => changesBetween(name.toLowerCase(), other.toLowerCase()));
  const fewest = Math.min(...changes);
  const nearest = names[changes.indexOf(fewest)];
  const isNear = fewest <= Math.floor(name.length / 2);
  return nearest !== undefined && isNear && nearest !== name ? `Did you mean ${nearest}? ` : '';
}
