import type { Box, Plane } from './image.js';

/** It may have been laid down by hand: degrees either way, and the steps in which they are looked for. */
const ASKEW = { most: 15, step: 0.5 } as const;
/** A turned rectangle must be so much smaller than the level one, whose pixels make others nearly as small. */
const CLEARLY_SMALLER = 0.99;
/** Powers of so small an angle beyond this one change no bit of its cosine or sine. */
const HIGHEST_POWER = 16;
const TURNS = Array.from(
  { length: (2 * ASKEW.most) / ASKEW.step + 1 },
  (_, turn) => turn * ASKEW.step - ASKEW.most,
);

type Extents = Pick<Plane, 'width' | 'height'>;

export type Pixel = readonly [column: number, row: number];

interface Direction {
  cosine: number;
  sine: number;
}

/**
 * A rectangle that may stand askew: where its sides are along its own axes, which are turned about the picture's first corner. Its corners
 * may be round, up to a disc or an oval.
 */
export interface Sheet extends Direction {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** How far from its corner a round one begins, along each axis, pixels; 0 where all are square. */
  rounding: Pair;
}

type Pair = readonly [along: number, down: number];

/** The rectangle about pixels of which least lies within the picture; the level one where that is hardly more. */
export function rectangleAbout(points: readonly Pixel[], picture: Extents): Sheet {
  const measured = (degrees: number) => {
    const sheet = turnedAbout(points, degrees);
    return { sheet, area: areaWithin(sheet, picture) };
  };
  const level = measured(0);
  const smallest = TURNS.map(measured).reduce((one, other) => (other.area < one.area ? other : one));
  return smallest.area < CLEARLY_SMALLER * level.area ? smallest.sheet : level.sheet;
}

/** By the power series of e^(i angle), as engines differ in the last bits of their own cosines and sines. */
function directionOf(degrees: number): Direction {
  const angle = (degrees * Math.PI) / 180;
  let [cosine, sine] = [1, 0];
  for (let power = 1, term = angle; power <= HIGHEST_POWER; power++, term *= angle / power) {
    const signed = power % 4 < 2 ? term : -term;
    if (power % 2 === 0) cosine += signed;
    else sine += signed;
  }
  return { cosine, sine };
}

/** The rectangle about pixels whose sides are those of the picture. */
export const levelAbout = (points: readonly Pixel[]): Sheet => turnedAbout(points, 0);

function turnedAbout(points: readonly Pixel[], degrees: number): Sheet {
  const direction = directionOf(degrees);
  const { cosine, sine } = direction;
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  // For every point in every turn: without a pair for each.
  for (const [column, row] of points) {
    const along = cosine * (column + 0.5) + sine * (row + 0.5);
    const down = cosine * (row + 0.5) - sine * (column + 0.5);
    if (along < left) left = along;
    if (along > right) right = along;
    if (down < top) top = down;
    if (down > bottom) bottom = down;
  }
  const sides = { left: left - 0.5, right: right + 0.5, top: top - 0.5, bottom: bottom + 0.5 };
  return { ...direction, ...sides, rounding: [0, 0] };
}

/** Of a square about a quarter of a disc, what is beyond it. */
const BEYOND_QUARTER = 1 - Math.PI / 4;
/**
 * What a shape may be that has these sides and leaves out so much of their corners: the sheet with corners that are parts of circles, and the
 * oval.
 * @param missing square pixels, of all four corners
 */
export function roundedBy(sheet: Sheet, missing: number): readonly Sheet[] {
  const halves = [(sheet.right - sheet.left) / 2, (sheet.bottom - sheet.top) / 2] as const;
  const radius = Math.min(Math.sqrt(missing / (4 * BEYOND_QUARTER)), ...halves);
  return [
    { ...sheet, rounding: [radius, radius] },
    { ...sheet, rounding: halves },
  ];
}

/** How far a round corner's edge is from where a square one's would be, a share of its rounding. */
const roundOff = (share: number): number => (share > 0 ? 1 - Math.sqrt(1 - share * share) : 0);

/** Where an axis's end `low` to `high` is at a place of the other axis, whose own ends and rounding are `from`, `to` and `across`. */
const edgesAt = (
  place: number,
  [from, to, across]: readonly [number, number, number],
  [low, high, rounding]: readonly [number, number, number],
): Pair => {
  const share =
    across > 0 ? Math.min(1, Math.max(from + across - place, place - (to - across), 0) / across) : 0;
  const off = rounding * roundOff(share);
  return [low + off, high - off];
};

/** How far down a sheet begins and ends at a place along it. */
export const downAt = ({ left, right, top, bottom, rounding }: Sheet, along: number): Pair =>
  edgesAt(along, [left, right, rounding[0]], [top, bottom, rounding[1]]);

/** The same the other way round. */
export const alongAt = ({ left, right, top, bottom, rounding }: Sheet, down: number): Pair =>
  edgesAt(down, [top, bottom, rounding[1]], [left, right, rounding[0]]);

/** A place of the picture, pixels, along a sheet's own axes. */
const onAxes = ({ cosine, sine }: Sheet, x: number, y: number): readonly [number, number] => [
  cosine * x + sine * y,
  cosine * y - sine * x,
];

/** The other way round. */
export const inPlane = ({ cosine, sine }: Sheet, along: number, down: number): readonly [number, number] => [
  cosine * along - sine * down,
  sine * along + cosine * down,
];

/** One after the other round it, in pixels of the picture. */
const cornersOf = (sheet: Sheet): Corner[] => [
  inPlane(sheet, sheet.left, sheet.top),
  inPlane(sheet, sheet.right, sheet.top),
  inPlane(sheet, sheet.right, sheet.bottom),
  inPlane(sheet, sheet.left, sheet.bottom),
];

/** Of the rectangle, square pixels. */
export const areaOf = ({ left, right, top, bottom }: Sheet): number => (right - left) * (bottom - top);

/** How much of the picture a sheet covers, square pixels: it may reach beyond the edges. */
export function areaWithin(sheet: Sheet, { width, height }: Extents): number {
  const edges: readonly Depth[] = [([x]) => x, ([x]) => width - x, ([, y]) => y, ([, y]) => height - y];
  const corners = edges.reduce(clipped, cornersOf(sheet));
  const twice = corners.reduce((sum, [x, y], place) => {
    const [nextX, nextY] = nextOf(corners, place);
    return sum + x * nextY - nextX * y;
  }, 0);
  return twice / 2;
}

type Corner = readonly [x: number, y: number];
/** How far a corner lies on the picture's side of one of its edges, pixels. */
type Depth = (corner: Corner) => number;

const nextOf = (corners: readonly Corner[], place: number): Corner => corners[(place + 1) % corners.length]!;

/** What of a convex shape lies on one side of an edge (Sutherland and Hodgman 1974). */
const clipped = (corners: readonly Corner[], depthOf: Depth): Corner[] =>
  corners.flatMap((corner, place) => {
    const next = nextOf(corners, place);
    const [depth, after] = [depthOf(corner), depthOf(next)];
    const kept = depth >= 0 ? [corner] : [];
    if (depth >= 0 === after >= 0) return kept;
    const share = depth / (depth - after);
    return [...kept, [corner[0] + share * (next[0] - corner[0]), corner[1] + share * (next[1] - corner[1])]];
  });

/** How far the picture reaches at most beyond a sheet, along either of the sheet's own axes, pixels; 0 or less where it ends there. */
export function widestAbout(sheet: Sheet, { width, height }: Extents): number {
  const corners = [0, width].flatMap((x) => [0, height].map((y) => onAxes(sheet, x, y)));
  const beyond = corners.flatMap(([along, down]) => [
    sheet.left - along,
    along - sheet.right,
    sheet.top - down,
    down - sheet.bottom,
  ]);
  return Math.max(...beyond);
}

export const inset = (sheet: Sheet, depth: number): Sheet => ({
  ...sheet,
  left: sheet.left + depth,
  right: sheet.right - depth,
  top: sheet.top + depth,
  bottom: sheet.bottom - depth,
  rounding: [Math.max(0, sheet.rounding[0] - depth), Math.max(0, sheet.rounding[1] - depth)],
});

/** The same sheet in a picture of which `reduction` x `reduction` pixels made one of the plane. */
export const enlarged = (sheet: Sheet, reduction: number): Sheet => ({
  ...sheet,
  left: sheet.left * reduction,
  right: sheet.right * reduction,
  top: sheet.top * reduction,
  bottom: sheet.bottom * reduction,
  rounding: [sheet.rounding[0] * reduction, sheet.rounding[1] * reduction],
});

/** How far pixels are from a sheet's edge at most, on either side of it, as a share of its shorter half. */
export function farthestOff(sheet: Sheet, points: readonly Pixel[]): number {
  const [across, below] = [(sheet.right - sheet.left) / 2, (sheet.bottom - sheet.top) / 2];
  const [wide, high] = sheet.rounding;
  const shorter = Math.min(across, below);
  return points.reduce((farthest, [column, row]) => {
    const [along, down] = onAxes(sheet, column + 0.5, row + 0.5);
    // From the middle of the sheet, as if all quarters of it were the same one.
    const [x, y] = [Math.abs(along - sheet.left - across), Math.abs(down - sheet.top - below)];
    const [fromRound, belowRound] = [x - (across - wide), y - (below - high)];
    const [share, shareBelow] = [fromRound / wide, belowRound / high];
    const off =
      fromRound > 0 && belowRound > 0
        ? Math.abs(Math.sqrt(share * share + shareBelow * shareBelow) - 1) * Math.min(wide, high)
        : Math.min(Math.abs(across - x), Math.abs(below - y));
    return Math.max(farthest, off / shorter);
  }, 0);
}

/** The box about a sheet, as far as the picture goes. */
export function boxAbout(sheet: Sheet, { width, height }: Extents): Box {
  const corners = cornersOf(sheet);
  const [columns, rows] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const left = Math.max(0, Math.floor(Math.min(...columns)));
  const top = Math.max(0, Math.floor(Math.min(...rows)));
  return {
    left,
    top,
    width: Math.min(width, Math.ceil(Math.max(...columns))) - left,
    height: Math.min(height, Math.ceil(Math.max(...rows))) - top,
  };
}

/** Takes a pixel `[x, y]` to the one of the sheet that is nearest to it: as if its rim went on beyond it. */
export function nearestOn(sheet: Sheet, { width, height }: Extents): (x: number, y: number) => number {
  // For every pixel of a picture: without a pair for each.
  const { cosine, sine } = sheet;
  const [left, right] = [sheet.left + 0.5, sheet.right - 0.5];
  const [top, bottom] = [sheet.top + 0.5, sheet.bottom - 0.5];
  const [wide, high] = sheet.rounding;
  return (x, y) => {
    let along = clamped(cosine * (x + 0.5) + sine * (y + 0.5), left, right);
    let down = clamped(cosine * (y + 0.5) - sine * (x + 0.5), top, bottom);
    if (wide > 0 && high > 0) {
      const [middle, centre] = [
        clamped(along, left + wide, right - wide),
        clamped(down, top + high, bottom - high),
      ];
      const [across, below] = [(along - middle) / wide, (down - centre) / high];
      const off = Math.sqrt(across * across + below * below);
      if (off > 1) [along, down] = [middle + (along - middle) / off, centre + (down - centre) / off];
    }
    const column = Math.floor(cosine * along - sine * down);
    const row = Math.floor(sine * along + cosine * down);
    return clamped(row, 0, height - 1) * width + clamped(column, 0, width - 1);
  };
}

const clamped = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
