import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escaped, type Markup, raw } from './markup.js';
import { LIGHT } from './palette.js';

use([LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** What a drawing that nobody can point at does not need, and what the library takes for the ground's colour. */
const TIDYING: readonly (readonly [RegExp, string])[] = [
  [/<style\b[\s\S]*?<\/style>/g, ''],
  [/<path d=""[^>]*><\/path>\n?/g, ''],
  [/ (?:class|pointer-events|ecmeta_\w+|xml:space|stroke-miterlimit)="[^"]*"/g, ''],
  [/font-family:[^;"]*;/g, ''],
  [/ fill="#fff"/g, ` fill="${LIGHT.surface}"`],
  [/><\/path>/g, '/>'],
];

/**
 * What the plotting library draws, without the `svg` element around it.
 * @param id sets the drawing's identifiers apart from those of others in the same page
 */
export function chartMarkup(option: EChartsCoreOption, width: number, height: number, id: string): Markup {
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    instance.setOption(option);
    const svg = instance.renderToSVGString();
    const inner = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
    const own = inner.replace(/( id="|url\(#)zr\d+-/g, `$1${escaped(id)}-`);
    return raw(TIDYING.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), own));
  } finally {
    instance.dispose();
  }
}
