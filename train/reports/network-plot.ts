import { html, type Markup } from '../../core/markup.js';
import { count } from './format.js';
import { type Layer, type Section, sections } from './network.js';
import { branchByBranch, folded } from './network-order.js';
import { LIGHT } from './palette.js';
import { type Drawing, type Format, fitted, svgText, textWidth, WIDTHS } from './svg.js';

const LANE = 16;
const DOT = 3.5;

/** How a row of the drawing is laid out; x in pixels from the left. */
interface Layout {
  width: number;
  rowHeight: number;
  /** Where shapes and parameters end; the layer's own words begin after the lanes. */
  shapeEnd: number;
  parametersEnd: number;
  size: number;
}

const LAYOUTS: { [F in Format]: Layout } = {
  wide: { width: 760, rowHeight: 22, shapeEnd: 560, parametersEnd: 680, size: 12 },
  narrow: { width: WIDTHS.narrow, rowHeight: 34, shapeEnd: 0, parametersEnd: 0, size: 12 },
};

const HEAD = 26;
const BRACKET = 12;

/** A layer in the drawing: a dot in a lane, and the lanes that pass by. */
interface Row {
  layer: Layer;
  /** Place in the network. */
  place: number;
  lane: number;
  /** Lanes of its inputs. */
  from: readonly number[];
  /** Lanes that hold something below this row that is still needed, its own among them. */
  below: readonly number[];
}

/**
 * Gives each layer a lane: the one of its first input if nobody else needs that any more, else the leftmost free one. A
 * shortcut so keeps its lane while the layers that it passes by stand in the next.
 */
function laneRows(layers: readonly Layer[], shown: readonly Section[]): Row[] {
  const rows: Row[] = [];
  const lanes: (number | null)[] = [];
  const laneOf = new Map<number, number>();
  const isShown = new Set(shown.flatMap(({ layers: own, first }) => own.map((_, index) => first + index)));
  // What follows a repetition takes the output of its last time, of which only the first is drawn.
  const drawnAs = (place: number): number => {
    const section = shown.find(
      ({ layers: own, times, first }) => place >= first && place < first + own.length * times,
    );
    return section ? section.first + ((place - section.first) % section.layers.length) : place;
  };
  for (const [place, layer] of layers.entries()) {
    if (!isShown.has(place)) continue;
    const sources = [...new Set(layer.inputs.map(drawnAs))];
    const from = sources.map((source) => laneOf.get(source)!);
    for (const source of sources) {
      const isNeeded = layers.some(
        ({ inputs }, later) => later > place && isShown.has(later) && inputs.map(drawnAs).includes(source),
      );
      if (!isNeeded) lanes[laneOf.get(source)!] = null;
    }
    const free = from.filter((lane) => lanes[lane] === null);
    const unused = lanes.indexOf(null);
    const lane = free.length > 0 ? Math.min(...free) : unused >= 0 ? unused : lanes.length;
    lanes[lane] = place;
    laneOf.set(place, lane);
    const below = lanes.flatMap((held, index) => (held === null ? [] : [index]));
    rows.push({ layer, place, lane, from, below });
  }
  return rows;
}

const x = (lane: number): number => 10 + lane * LANE;

const shapeText = ({ shape }: Layer): string =>
  shape ? shape.map(count).join(' \u00d7 ') : 'shape not known';
const parameterText = ({ parameters }: Layer): string => (parameters > 0 ? count(parameters) : '');

/** More rows than this are too many to read: then layers stand together with what finishes them. */
const MOST_ROWS = 80;

const rowCount = (shown: readonly Section[]): number =>
  shown.reduce((total, section) => total + section.layers.length, 0);

/** The layers as they are drawn, each with its normalisation and activation where the network is very long. */
export function drawnLayers(layers: readonly Layer[]): { layers: Layer[]; isFolded: boolean } {
  const ordered = branchByBranch(layers);
  const isFolded = rowCount(sections(ordered)) > MOST_ROWS;
  return { layers: isFolded ? folded(ordered) : ordered, isFolded };
}

/**
 * Draws a network from top to bottom, a row a layer, with output shapes and parameters; repetitions once, with their number.
 * @param layers as {@link drawnLayers} gives them
 */
export function drawNetwork(layers: readonly Layer[], format: Format): Drawing {
  const layout = LAYOUTS[format];
  const shown = sections(layers);
  const rows = laneRows(layers, shown);
  const lanes = 1 + Math.max(...rows.map(({ lane }) => lane));
  const textX = x(lanes - 1) + 16;
  const y = (index: number): number => HEAD + (index + 0.5) * layout.rowHeight;
  const indexOf = new Map(rows.map(({ place }, index) => [place, index]));
  const width = layout.width;
  const height = HEAD + rows.length * layout.rowHeight + HEAD + 6;
  const total = layers.reduce((sum, { parameters }) => sum + parameters, 0);
  const content = html`
    ${heading(format, layout, textX)}
    ${rows.map((row, index) => wires(row, rows[index - 1], y(index - 1), y(index)))}
    ${rows.map((row, index) => dot(row, y(index)))}
    ${rows.map((row, index) => words(row, y(index), { format, layout, textX, width }))}
    ${shown
      .filter(({ times }) => times > 1)
      .map((section) => bracket(section, y(indexOf.get(section.first)!), layout, width, format))}
    ${sum(total, format, layout, textX, height)}`;
  return { width, height, content };
}

const muted = { fill: LIGHT.muted, size: 11 } as const;

const heading = (format: Format, { shapeEnd, parametersEnd }: Layout, textX: number): Markup =>
  format === 'wide'
    ? html`${svgText(textX, 14, 'Layer', muted)}${svgText(shapeEnd, 14, 'Output, height × width × channels', { ...muted, anchor: 'end' })}${svgText(parametersEnd, 14, 'Parameters', { ...muted, anchor: 'end' })}`
    : svgText(textX, 14, 'Layer, then output and parameters', muted);

const sum = (total: number, format: Format, layout: Layout, textX: number, height: number): Markup =>
  format === 'wide'
    ? html`${svgText(textX, height - 12, 'All layers', { weight: 600 })}${svgText(layout.parametersEnd, height - 12, count(total), { anchor: 'end', weight: 600 })}`
    : svgText(textX, height - 12, `All layers: ${count(total)} parameters`, { weight: 600 });

/** The lines between a row and the one above it. */
function wires(row: Row, above: Row | undefined, top: number, bottom: number): Markup {
  const stroke = html`fill="none" stroke="${LIGHT.muted}" stroke-width="1.5"`;
  const passing = (above?.below ?? []).filter((lane) => row.below.includes(lane) && lane !== row.lane);
  const middle = (top + bottom) / 2;
  const curves = row.from.map((lane) =>
    lane === row.lane
      ? html`<path d="M${x(lane)} ${top}V${bottom}" ${stroke}/>`
      : html`<path d="M${x(lane)} ${top}C${x(lane)} ${middle} ${x(row.lane)} ${middle} ${x(row.lane)} ${bottom}" ${stroke}/>`,
  );
  const straight = passing.map((lane) => html`<path d="M${x(lane)} ${top}V${bottom}" ${stroke}/>`);
  return html`${straight}${curves}`;
}

/** A layer; hollow where branches join. */
function dot({ lane, from }: Row, y: number): Markup {
  const isMeeting = from.length > 1;
  const fill = isMeeting ? LIGHT.surface : LIGHT.text;
  return html`<circle cx="${x(lane)}" cy="${y}" r="${isMeeting ? DOT + 1 : DOT}" fill="${fill}" stroke="${LIGHT.text}" stroke-width="1.5"/>`;
}

interface Place {
  format: Format;
  layout: Layout;
  textX: number;
  width: number;
}

function words({ layer }: Row, y: number, { format, layout, textX, width }: Place): Markup {
  const { size, shapeEnd, parametersEnd } = layout;
  if (format === 'narrow') {
    const parameters = parameterText(layer);
    const below = parameters ? `${shapeText(layer)}, ${parameters} parameters` : shapeText(layer);
    const room = width - textX - 44;
    return html`${svgText(textX, y - 2, fitted(layer.description, room, size))}${svgText(textX, y + 12, below, muted)}`;
  }
  const room = shapeEnd - textX - textWidth(shapeText(layer)) - 12;
  return html`${svgText(textX, y + 4, fitted(layer.description, room, size), { size })}${svgText(shapeEnd, y + 4, shapeText(layer), { anchor: 'end', fill: LIGHT.muted })}${svgText(parametersEnd, y + 4, parameterText(layer), { anchor: 'end' })}`;
}

/** At the right edge of the rows that repeat themselves. */
function bracket(
  { layers, times }: Section,
  firstY: number,
  { rowHeight }: Layout,
  width: number,
  format: Format,
): Markup {
  const right = width - (format === 'wide' ? 44 : 32);
  const top = firstY - rowHeight / 2 + 4;
  const bottom = firstY + (layers.length - 0.5) * rowHeight - 4;
  const path = `M${right - BRACKET / 2} ${top}H${right}V${bottom}H${right - BRACKET / 2}`;
  return html`<path d="${path}" fill="none" stroke="${LIGHT.accent}" stroke-width="1.5"/>${svgText(right + 8, (top + bottom) / 2 + 4, `\u00d7 ${times}`, { fill: LIGHT.accent, weight: 600 })}`;
}
