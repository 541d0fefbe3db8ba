/** How often each of 256 levels occurs. */
export type Histogram = Uint32Array;

export function histogram(levels: Uint8Array): Histogram {
  const counts = new Uint32Array(256);
  for (let index = 0; index < levels.length; index++) counts[levels[index]!]!++;
  return counts;
}

/** The level below or at which `share` (0 to 1) of all values lie. */
export function percentile(counts: Histogram, share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return levelFromBelow(counts, Math.max(1, share * total));
}

/** The lowest level that at least `count` values do not exceed. */
export function levelFromBelow(counts: Histogram, count: number): number {
  let seen = 0;
  for (let level = 0; level < 256; level++) {
    seen += counts[level]!;
    if (seen >= count) return level;
  }
  return 255;
}

/** The highest level that at least `count` values reach. */
export function levelFromAbove(counts: Histogram, count: number): number {
  let seen = 0;
  for (let level = 255; level > 0; level--) {
    seen += counts[level]!;
    if (seen >= count) return level;
  }
  return 0;
}
