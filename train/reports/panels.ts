import { html, type Markup } from '../../core/markup.js';
import { type Axis, drawChart, roundRange } from './chart.js';
import { extent, type Point, thinned } from './statistics.js';
import { type Drawing, type Format, fitted, svgText, WIDTHS } from './svg.js';

/** More lines than this do not stay apart in one plot: then each has a panel of its own. */
export const MOST_LINES = 8;

const GAP = 16;
const TITLE = 20;
const HEIGHT = 190;
/** Of a panel: three side by side are as wide as a page. */
const WIDTH = (WIDTHS.wide - 2 * GAP) / 3;
const COLUMNS: { [F in Format]: number } = { wide: 3, narrow: 1 };

interface Panel {
  name: string;
  points: readonly Point[];
}

/** The middle of several lines at each x that the longest has, as what each panel is compared with. */
function medianLine(panels: readonly Panel[]): Point[] {
  const at = new Map<number, number[]>();
  for (const { points } of panels) {
    for (const [x, y] of points) at.set(x, [...(at.get(x) ?? []), y]);
  }
  return [...at]
    .filter(([, values]) => values.length > panels.length / 2)
    .sort(([a], [b]) => a - b)
    .map(([x, values]) => [x, values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!]);
}

/** Lines over more points than this look the same in a panel. */
const POINTS = 200;

/** A small plot for each line over the same axes, the median of all behind it. */
export function panelDrawer(
  lines: readonly Panel[],
  axes: { x: Axis; y: Axis },
): (format: Format) => Drawing {
  const shared = thinned(medianLine(lines), POINTS / 4);
  const panels = lines.map(({ name, points }) => ({ name, points: thinned(points, POINTS / 4) }));
  const all = panels.flatMap(({ points }) => points);
  const yRange = axes.y.range ?? roundRange(axes.y, extent(all.map(([, y]) => y)));
  const xRange = axes.x.range ?? extent(all.map(([x]) => x));
  let drawn: Markup[] | undefined;
  const draw = (): Markup[] =>
    panels.map(({ name, points }) => {
      const { content } = drawChart(
        {
          x: { ...axes.x, range: xRange },
          y: { ...axes.y, range: yRange },
          lines: [
            { name: 'median', points: shared, look: 'faint' },
            { name, points, look: 0 },
          ],
          legend: false,
          width: WIDTH,
          height: HEIGHT,
        },
        'narrow',
      );
      return html`${svgText(4, 13, fitted(name, WIDTH - 8), { weight: 600 })}<g transform="translate(0 ${TITLE - 6})">${content}</g>`;
    });
  return (format) => {
    drawn ??= draw();
    const columns = COLUMNS[format];
    const content = drawn.map((panel, index) => {
      const x = (index % columns) * (WIDTH + GAP);
      const y = Math.floor(index / columns) * (HEIGHT + TITLE + GAP);
      return html`<g transform="translate(${x} ${y})">${panel}</g>`;
    });
    const rows = Math.ceil(panels.length / columns);
    return {
      width: columns * (WIDTH + GAP) - GAP,
      height: rows * (HEIGHT + TITLE + GAP),
      content: html`${content}`,
    };
  };
}
