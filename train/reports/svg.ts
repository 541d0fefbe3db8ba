import { escaped, html, type Markup, printable, raw } from '../../core/markup.js';
import { LIGHT, PLOT_STYLE, themed } from './palette.js';

/** Where a drawing will stand: a page or file of usual width, or a telephone. */
export type Format = 'wide' | 'narrow';

/** Widths in pixels. */
export const WIDTHS: { [F in Format]: number } = { wide: 960, narrow: 358 };

/** Present on most machines, and none of them loaded from elsewhere. */
export const FONT = 'system-ui, Segoe UI, DejaVu Sans, Liberation Sans, sans-serif';

/** A drawing in the light colours: its size in pixels and what stands inside its `svg` element. */
export interface Drawing {
  width: number;
  height: number;
  content: Markup;
}

/** A plot of a report. */
export interface Plot {
  /** Its files are `plots/NAME.svg` and `plots/NAME.png`. */
  name: string;
  /** The text that stands for it where it cannot be seen. */
  title: string;
  /** What else there is to know, a sentence or two. */
  caption: string;
  draw(format: Format): Drawing;
}

/** A plot that there is nothing for. */
export interface MissingPlot {
  title: string;
  /** Why, as a sentence. */
  missing: string;
}

/** The same plots, each drawn once for the page and its file alike. */
export const drawnOnce = (plots: readonly (Plot | MissingPlot)[]): (Plot | MissingPlot)[] =>
  plots.map((plot) => {
    if ('missing' in plot) return plot;
    const drawings = new Map<Format, Drawing>();
    const draw = (format: Format): Drawing => {
      const drawing = drawings.get(format) ?? plot.draw(format);
      drawings.set(format, drawing);
      return drawing;
    };
    return { ...plot, draw };
  });

const element = ({ width, height, content }: Drawing, title: string, inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
  `role="img" aria-label="${escaped(title)}" font-family="${escaped(FONT)}">${inner}${content.markup}</svg>`;

/** As it stands inside a page, whose style sheet has {@link PLOT_STYLE}. */
export const inlineSvg = (drawing: Drawing, title: string): Markup =>
  raw(themed(element(drawing, title, '')));

const ground = ({ width, height }: Drawing): string =>
  html`<rect width="${width}" height="${height}" fill="${LIGHT.surface}"/>`.markup;

/** A file of its own that follows the reader's colour scheme. */
export const svgFile = (drawing: Drawing, title: string): string =>
  `${themed(element(drawing, title, `<title>${escaped(title)}</title><style>${PLOT_STYLE}</style>${ground(drawing)}`))}\n`;

/** In the light colours throughout, for what knows no custom properties. */
export const plainSvg = (drawing: Drawing, title: string): string => element(drawing, title, ground(drawing));

interface TextOptions {
  size?: number;
  fill?: string;
  anchor?: 'start' | 'middle' | 'end';
  weight?: number;
}

/** A line of text; `y` is its base line. */
export const svgText = (
  x: number,
  y: number,
  text: string,
  { size = 12, fill = LIGHT.text, anchor = 'start', weight = 400 }: TextOptions = {},
): Markup =>
  html`<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" text-anchor="${anchor}" font-weight="${weight}">${text}</text>`;

/** Pixels that a text takes, nearly: the mean advance of a sans-serif letter. */
export const textWidth = (text: string, size = 12): number => [...printable(text)].length * size * 0.56;

/** A text that fits a width, with three points where its middle was: names of a sweep differ in how they end. */
export function fitted(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text;
  const letters = [...text];
  const room = Math.max(2, Math.floor(width / textWidth('x', size)) - 1);
  const ending = Math.floor(room / 2);
  return `${letters.slice(0, room - ending).join('')}\u2026${letters.slice(letters.length - ending).join('')}`;
}
