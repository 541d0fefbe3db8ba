import { closestMatch } from 'leven';

/**
 * Asks, in front of a message's advice, whether a name that there is was meant by one that there is not.
 * @returns `Did you mean fast? `, or nothing where the nearest name differs by more than half of the letters, or is the one that came;
 * capitals are no difference
 */
export function askWhetherMeant(name: string, names: readonly string[]): string {
  const lower = names.map((other) => other.toLowerCase());
  const match = closestMatch(name.toLowerCase(), lower, { maxDistance: Math.floor(name.length / 2) });
  const nearest = match === undefined ? name : names[lower.indexOf(match)]!;
  return nearest === name ? '' : `Did you mean ${nearest}? `;
}
