import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { tick } from './format.js';
import { escaped, printable, raw } from './markup.js';
import { LIGHT, STROKES } from './palette.js';
import type { Point } from './statistics.js';
import { type Drawing, FONT, type Format, fitted, textWidth, WIDTHS } from './svg.js';

use([LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer]);

export interface Axis {
  /** What it shows and in which unit. */
  name: string;
  scale?: 'linear' | 'logarithmic';
  /** Instead of what the points ask for. */
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
  /** Dotted lines across the plot. */
  levels?: readonly Level[];
  /** Of the plot in pixels, legend and axes included. */
  height?: number;
  width?: number;
  /** Whether names of the lines stand above the plot; so they do where there are two or more. */
  legend?: boolean;
}

const LEGEND_ROW = 20;
const LEGEND_SYMBOL = 34;

/** Rows that the names take above a plot of that width. */
function legendRows(names: readonly string[], width: number): number {
  let rows = 1;
  let used = 0;
  for (const name of names) {
    const taken = LEGEND_SYMBOL + 12 + textWidth(name);
    if (used > 0 && used + taken > width) {
      rows++;
      used = 0;
    }
    used += taken;
  }
  return rows;
}

const strokeOf = (look: Look) => STROKES[typeof look === 'number' ? look % STROKES.length : 0]!;

const colourOf = (look: Look): string => {
  if (look === 'faint') return LIGHT.faint;
  return look === 'published' ? LIGHT.muted : LIGHT.series[look % LIGHT.series.length]!;
};

function seriesOf({ name, points, look, marks = false, offset = [0, 0] }: Line) {
  const stroke = strokeOf(look);
  const colour = colourOf(look);
  const common = {
    name,
    data: points.map(([x, y]) => [x, y]),
    silent: true,
    emphasis: { disabled: true },
    symbol: look === 'published' ? 'emptyDiamond' : stroke.mark,
    symbolSize: look === 'published' ? 9 : 7,
    symbolOffset: [...offset],
    itemStyle: { color: colour, borderWidth: 1.5 },
    z: look === 'faint' ? 1 : 3,
  };
  if (marks === 'only') return { ...common, type: 'scatter' };
  return {
    ...common,
    type: 'line',
    showSymbol: marks,
    showAllSymbol: true,
    lineStyle: {
      color: colour,
      width: look === 'faint' ? 0.75 : 1.75,
      type: stroke.dash.length > 0 && look !== 'faint' ? [...stroke.dash] : 'solid',
    },
  };
}

/** The dotted lines, as marks of a series that has nothing else. */
const levelsOf = (levels: readonly Level[]) => ({
  type: 'line',
  data: [],
  silent: true,
  markLine: {
    silent: true,
    symbol: 'none',
    lineStyle: { color: LIGHT.muted, type: [1, 3], width: 1.25 },
    data: levels.map(({ name, value }) => ({
      yAxis: value,
      label: { formatter: name, position: 'insideEndBottom', color: LIGHT.muted, fontSize: 11 },
    })),
  },
});

function axisOf(axis: Axis, side: 'x' | 'y', narrow: boolean) {
  const isX = side === 'x';
  const type = axis.categories ? 'category' : axis.scale === 'logarithmic' ? 'log' : 'value';
  return {
    type,
    name: axis.name,
    nameLocation: isX ? 'middle' : 'end',
    nameGap: isX ? 26 : 10,
    nameTextStyle: { color: LIGHT.muted, fontSize: 12, align: isX ? 'center' : 'left' },
    ...(axis.categories && { data: axis.categories.map(printable) }),
    ...(axis.range && { min: axis.range[0], max: axis.range[1] }),
    ...(axis.whole && { minInterval: 1 }),
    ...(type === 'value' && { scale: true, splitNumber: narrow && isX ? 3 : 5 }),
    axisLine: { show: isX, lineStyle: { color: LIGHT.muted } },
    axisTick: { show: isX && !axis.categories, lineStyle: { color: LIGHT.muted } },
    axisLabel: {
      color: LIGHT.muted,
      fontSize: 11,
      hideOverlap: true,
      ...(type !== 'category' && { formatter: axis.format ?? tick }),
    },
    splitLine: {
      show: axis.grid ?? (!isX || axis.categories !== undefined),
      lineStyle: { color: LIGHT.line, width: 1 },
    },
  };
}

/** Draws lines and marks over two axes, their names and units at the axes. */
export function drawChart(chart: Chart, format: Format, id: string): Drawing {
  const narrow = format === 'narrow';
  const width = chart.width ?? WIDTHS[format];
  const height = chart.height ?? (narrow ? 280 : 340);
  const lines = chart.lines.map((line) => ({ ...line, name: fitted(printable(line.name), width - 60) }));
  const names = lines.map(({ name }) => name);
  const hasLegend = chart.legend ?? names.length > 1;
  const rows = hasLegend ? legendRows(names, width - 16) : 0;
  const option = {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: 12 },
    legend: {
      show: hasLegend,
      data: names,
      left: 0,
      top: 0,
      padding: 0,
      itemGap: 12,
      itemWidth: 28,
      itemHeight: 8,
      textStyle: { color: LIGHT.text, fontSize: 12 },
      selectedMode: false,
    },
    grid: {
      left: 4,
      right: 16,
      top: rows * LEGEND_ROW + 32,
      bottom: 30,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: axisOf(chart.x, 'x', narrow),
    yAxis: axisOf(chart.y, 'y', narrow),
    series: [...lines.map(seriesOf), ...(chart.levels?.length ? [levelsOf(chart.levels)] : [])],
  };
  return { width, height, content: raw(rendered(option, width, height, id)) };
}

/** What a drawing that nobody can point at does not need, and what the library takes for the ground's colour. */
const TIDYING: readonly (readonly [RegExp, string])[] = [
  [/<style\b[\s\S]*?<\/style>/g, ''],
  [/<path d=""[^>]*><\/path>\n?/g, ''],
  [/ (?:class|pointer-events|ecmeta_\w+|xml:space|stroke-miterlimit)="[^"]*"/g, ''],
  [/font-family:[^;"]*;/g, ''],
  [/ fill="#fff"/g, ` fill="${LIGHT.surface}"`],
  [/><\/path>/g, '/>'],
];

/** What stands inside the library's `svg` element, its identifiers made the drawing's own. */
function rendered(option: EChartsCoreOption, width: number, height: number, id: string): string {
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    instance.setOption(option);
    const svg = instance.renderToSVGString();
    const inner = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
    const own = inner.replace(/( id="|url\(#)zr\d+-/g, `$1${escaped(id)}-`);
    return TIDYING.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), own);
  } finally {
    instance.dispose();
  }
}
