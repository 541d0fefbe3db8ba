import { printable } from '../../core/markup.js';
import { chartMarkup } from './chart-markup.js';
import { tick } from './format.js';
import { LIGHT, STROKES } from './palette.js';
import { extent, type Point } from './statistics.js';
import { type Drawing, FONT, type Format, fitted, textWidth, WIDTHS } from './svg.js';
import { linearTicks, logarithmicTicks, type Ticks } from './ticks.js';

export interface Axis {
  /** What it shows and in which unit. */
  name: string;
  scale?: 'linear' | 'logarithmic';
  /** Where it begins and ends, exactly; without it, at round values around what it shows. */
  range?: readonly [number, number];
  /** Names of places 0, 1, 2, ... instead of numbers. */
  categories?: readonly string[];
  /** Ticks at whole numbers only. */
  whole?: boolean;
  /** Whether lines stand across the plot at its ticks; by default at those of y, and between categories. */
  grid?: boolean;
  format?: (value: number) => string;
}

/** How a line is drawn: one of the palette's series, or as the ground that another stands on. */
export type Look = number | 'faint' | 'published';

export interface Line {
  name: string;
  points: readonly Point[];
  look: Look;
  /** With marks at its points; `only` for marks without a line. */
  marks?: boolean | 'only';
  /** Of its marks in pixels. */
  size?: number;
  /** Moves its marks by so many pixels, so that marks of one place stand side by side. */
  offset?: readonly [number, number];
}

/** A figure that holds everywhere. */
export interface Level {
  name: string;
  value: number;
}

export interface Chart {
  x: Axis;
  y: Axis;
  lines: readonly Line[];
  /** Dotted lines across the plot, whose x has numbers. */
  levels?: readonly Level[];
  /** Of the plot in pixels, legend and axes included. */
  height?: number;
  width?: number;
  /** Whether names of the lines stand above the plot; so they do where there are two or more. */
  legend?: boolean;
}

const LEGEND_ROW = 20;
const LEGEND_SYMBOL = 34;
const LEGEND_GAP = 24;

/** The names above a plot of that width, row by row. */
function legendRows(names: readonly string[], width: number): string[][] {
  const rows: string[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const taken = LEGEND_SYMBOL + LEGEND_GAP + textWidth(name);
    if (used + taken > width) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)!.push(name);
    used += taken;
  }
  return rows;
}

/** Finer than those of the series. */
const LEVEL_DASHES = [
  [1, 3],
  [4, 4],
];

const strokeOf = (look: Look) => STROKES[typeof look === 'number' ? look % STROKES.length : 0]!;

const colourOf = (look: Look): string => {
  if (look === 'faint') return LIGHT.faint;
  return look === 'published' ? LIGHT.muted : LIGHT.series[look % LIGHT.series.length]!;
};

function seriesOf({ name, points, look, marks = false, size = 7, offset = [0, 0] }: Line) {
  const stroke = strokeOf(look);
  const color = colourOf(look);
  return {
    type: 'line',
    name,
    data: points.map(([x, y]) => [x, y]),
    silent: true,
    emphasis: { disabled: true },
    symbol: marks === false ? 'none' : look === 'published' ? 'emptyDiamond' : stroke.mark,
    symbolSize: look === 'published' ? 9 : size,
    symbolOffset: [...offset],
    showAllSymbol: true,
    itemStyle: { color, borderWidth: 1.5 },
    lineStyle: {
      color,
      width: marks === 'only' ? 0 : look === 'faint' ? 0.75 : 1.75,
      type: stroke.dash.length > 0 ? [...stroke.dash] : 'solid',
    },
    z: look === 'faint' ? 1 : 3,
  };
}

/** A figure that holds everywhere, as a line across the plot. */
const levelLine = ({ name, value }: Level, index: number, [from, to]: readonly [number, number]) => ({
  type: 'line',
  name,
  data: [
    [from, value],
    [to, value],
  ],
  silent: true,
  symbol: 'none',
  itemStyle: { color: LIGHT.muted },
  lineStyle: { color: LIGHT.muted, width: 1.5, type: LEVEL_DASHES[index % LEVEL_DASHES.length]! },
  z: 2,
});

/** What there is for ticks. */
interface Room {
  narrow: boolean;
  /** Of the whole plot in pixels. */
  height: number;
}

/** Ends and ticks of an axis by what stands along it. */
function ticksOf(axis: Axis, side: 'x' | 'y', values: readonly number[], { narrow, height }: Room): Ticks {
  const range = axis.range ?? extent(values);
  const isLow = side === 'y' && height < 220;
  if (axis.scale === 'logarithmic') return logarithmicTicks(range, isLow ? 1 : 2.5);
  return linearTicks(range, {
    most: side === 'y' ? (isLow ? 3 : 6) : narrow ? 5 : 10,
    exact: axis.range !== undefined,
    least: axis.whole ? 1 : 0,
  });
}

/** Round ends for what lies between two values. */
export const roundRange = (axis: Axis, range: readonly [number, number]): readonly [number, number] =>
  (axis.scale === 'logarithmic' ? logarithmicTicks(range) : linearTicks(range)).range;

function axisOf(axis: Axis, side: 'x' | 'y', values: readonly number[], room: Room) {
  const isX = side === 'x';
  const common = {
    name: axis.name,
    nameLocation: isX ? 'middle' : 'end',
    nameGap: isX ? 28 : 10,
    nameTextStyle: { color: LIGHT.muted, fontSize: 12, align: isX ? 'center' : 'left' },
    axisLine: { show: isX, onZero: false, lineStyle: { color: LIGHT.muted } },
    splitLine: {
      show: axis.grid ?? (!isX || axis.categories !== undefined),
      lineStyle: { color: LIGHT.line, width: 1 },
    },
  };
  const label = { color: LIGHT.muted, fontSize: 11 };
  if (axis.categories) {
    return {
      ...common,
      type: 'category',
      data: axis.categories.map((text) => fitted(printable(text), room.narrow ? 150 : 320)),
      axisTick: { show: false },
      axisLabel: { ...label, interval: 0, ...(!isX && { color: LIGHT.text, fontSize: 12 }) },
    };
  }
  const ticks = ticksOf(axis, side, values, room);
  return {
    ...common,
    type: axis.scale === 'logarithmic' ? 'log' : 'value',
    min: ticks.range[0],
    max: ticks.range[1],
    axisTick: { show: isX, lineStyle: { color: LIGHT.muted }, customValues: ticks.values },
    axisLabel: {
      ...label,
      hideOverlap: true,
      formatter: axis.format ?? tick,
      customValues: ticks.values,
    },
  };
}

/** Draws lines and marks over two axes, their names and units at the axes. */
export function drawChart(chart: Chart, format: Format): Drawing {
  const narrow = format === 'narrow';
  const width = chart.width ?? WIDTHS[format];
  const height = chart.height ?? (narrow ? 280 : 360);
  const name = (text: string) => fitted(printable(text).replace(/\s+/g, ' '), width - 60);
  const lines = chart.lines.map((line) => ({ ...line, name: name(line.name) }));
  const levels = (chart.levels ?? []).map((level) => ({ ...level, name: name(level.name) }));
  const names = [...new Set([...lines, ...levels].map((line) => line.name))];
  // The library shows a mark beside each name, also where the line has none.
  const unmarked = new Set([...levels, ...lines.filter(({ marks }) => !marks)].map((line) => line.name));
  const along = (axis: 0 | 1) => lines.flatMap(({ points }) => points.map((point) => point[axis]));
  const xRange = chart.x.range ?? extent(along(0));
  const hasLegend = chart.legend ?? names.length > 1;
  const rows = hasLegend ? legendRows(names, width - 16) : [];
  const option = {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: 12 },
    legend: rows.map((row, index) => ({
      data: row.map((text) =>
        unmarked.has(text) ? { name: text, itemStyle: { opacity: 0 } } : { name: text },
      ),
      left: 0,
      top: index * LEGEND_ROW,
      padding: 0,
      itemGap: LEGEND_GAP,
      itemWidth: 28,
      itemHeight: 8,
      textStyle: { color: LIGHT.text, fontSize: 12 },
      selectedMode: false,
    })),
    grid: {
      // The library takes letters for narrower than some are.
      left: chart.y.categories ? 20 : 6,
      right: 16,
      top: rows.length * LEGEND_ROW + (chart.y.name === '' ? 10 : 32),
      bottom: 30,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: axisOf(chart.x, 'x', along(0), { narrow, height }),
    yAxis: axisOf(chart.y, 'y', [...along(1), ...levels.map(({ value }) => value)], { narrow, height }),
    series: [...levels.map((level, index) => levelLine(level, index, xRange)), ...lines.map(seriesOf)],
  };
  return { width, height, content: chartMarkup(option, width, height) };
}
