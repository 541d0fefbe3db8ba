import type { EChartsCoreOption } from 'echarts/core';
import { init } from 'echarts/dist/echarts.esm.min';
import { type Markup, raw } from '../../core/markup.js';
import { LIGHT } from './palette.js';

/** What a drawing that nobody can point at does not need, and what the library takes for the ground's colour. */
const TIDYING: readonly (readonly [RegExp, string])[] = [
  [/<style\b[\s\S]*?<\/style>/g, ''],
  [/<defs\b[\s\S]*?<\/defs>/g, ''],
  [/ clip-path="[^"]*"/g, ''],
  [/<path (?:d=""[^>]*|[^>]* fill-opacity="0"[^>]*)><\/path>\n?/g, ''],
  [/ (?:class|pointer-events|ecmeta_\w+|xml:space|stroke-miterlimit)="[^"]*"/g, ''],
  [/font-family:[^;"]*;/g, ''],
  [/ fill="#fff"/g, ` fill="${LIGHT.surface}"`],
  [/><\/path>/g, '/>'],
];

/**
 * What the plotting library draws, without the `svg` element around it. Its clipping is left out, and with it all identifiers: what
 * is drawn must lie within the axes.
 */
export function chartMarkup(option: EChartsCoreOption, width: number, height: number): Markup {
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    instance.setOption(option);
    const svg = instance.renderToSVGString();
    const inner = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
    return raw(TIDYING.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), inner));
  } finally {
    instance.dispose();
  }
}
