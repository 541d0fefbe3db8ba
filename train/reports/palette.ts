/**
 * The colours of a report by what they are for. Plots are drawn in the light ones; `themed` then puts custom properties in
 * their place, so that a page or a file of its own follows the reader's scheme. No two may be equal.
 */
export interface Palette {
  surface: string;
  text: string;
  muted: string;
  line: string;
  /** What is only background to something else: single mini-batches behind their mean. */
  faint: string;
  accent: string;
  /** Told apart without colour by {@link STROKES} as well. */
  series: readonly string[];
}

export const LIGHT: Palette = {
  surface: '#ffffff',
  text: '#14161a',
  muted: '#595e68',
  line: '#d9dbd7',
  faint: '#b4b8bd',
  accent: '#c2401f',
  series: ['#b8361a', '#1f4e8c', '#8a6a00', '#23704a', '#6b3fa0', '#0c7080', '#a03a6c', '#4a4f57'],
};

export const DARK: Palette = {
  surface: '#191b1f',
  text: '#eeece8',
  muted: '#a3a8b2',
  line: '#33363d',
  faint: '#5d636e',
  accent: '#ff7d5a',
  series: ['#ff8f70', '#8ab8ff', '#e3c04f', '#7fd3a0', '#c3a3ff', '#6fd0dd', '#ff9cc6', '#c5cad3'],
};

/** How a series looks without its colour. */
export interface Stroke {
  /** Lengths of dash and gap in pixels; none is a whole line. */
  dash: readonly number[];
  /** The mark at its points, as the plotting library names it. */
  mark:
    | 'circle'
    | 'rect'
    | 'triangle'
    | 'diamond'
    | 'emptyCircle'
    | 'emptyRect'
    | 'emptyTriangle'
    | 'emptyDiamond';
}

/** As many as a palette has series: more do not stay apart in one plot. */
export const STROKES: readonly Stroke[] = [
  { dash: [], mark: 'circle' },
  { dash: [6, 3], mark: 'emptyRect' },
  { dash: [2, 2], mark: 'triangle' },
  { dash: [9, 3, 2, 3], mark: 'emptyDiamond' },
  { dash: [], mark: 'emptyCircle' },
  { dash: [6, 3], mark: 'rect' },
  { dash: [2, 2], mark: 'emptyTriangle' },
  { dash: [9, 3, 2, 3], mark: 'diamond' },
];

/** `--plot-text`, `--plot-series-1` ... with the colours of a palette. */
const properties = (palette: Palette): [name: string, colour: string][] =>
  Object.entries(palette).flatMap(([role, value]: [string, string | readonly string[]]) =>
    typeof value === 'string'
      ? [[`--plot-${role}`, value] as [string, string]]
      : value.map((colour, index): [string, string] => [`--plot-${role}-${index + 1}`, colour]),
  );

const NAMES = new Map(properties(LIGHT).map(([name, colour]) => [colour, name]));

/** A drawing in the light colours as one that follows the custom properties of where it stands. */
export const themed = (svg: string): string =>
  svg.replace(/"(#[0-9a-f]{6})"/g, (literal, colour: string) => {
    const name = NAMES.get(colour);
    return name === undefined ? literal : `"var(${name})"`;
  });

const declarations = (palette: Palette): string =>
  properties(palette)
    .map(([name, colour]) => `${name}:${colour}`)
    .join(';');

/** The rules that `themed` drawings need; paper is always light. */
export const PLOT_STYLE = [
  `:root{${declarations(LIGHT)}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${declarations(DARK)}}.digit{filter:invert(1)}}`,
].join('');
