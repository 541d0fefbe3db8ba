import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype from 'opentype.js';
import type { RandomStream } from '../../random.js';
import { between, drawOnPaper, oneOf } from './page.js';
import type { Point, Ring } from './raster.js';

/** All but those that some hand or font writes as a digit: `B b D G g I i j l O o q S s Z z`. */
export const LETTERS = [...'ACEFHJKLMNPQRTUVWXYacdefhkmnprtuvwxy'];

/** Two hands, a typewriter, an antiqua, a grotesque and a heavy slab serif: packages of Fontsource, under the Open Font License. */
export const FONTS = [
  'patrick-hand',
  'indie-flower',
  'courier-prime',
  'gilda-display',
  'questrial',
  'alfa-slab-one',
] as const;

const opened = new Map<string, opentype.Font>();

function openFont(name: string): opentype.Font {
  const known = opened.get(name);
  if (known) return known;
  const resolve = createRequire(import.meta.url).resolve;
  const bytes = readFileSync(resolve(`@fontsource/${name}/files/${name}-latin-400-normal.woff`));
  const font = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  opened.set(name, font);
  return font;
}

/** Points of a curve. */
const STEPS = 8;

/** A glyph's outlines, in hundredths of an em, its base line at 0. */
export function outlines(fontName: (typeof FONTS)[number], letter: string): Ring[] {
  const rings: Point[][] = [];
  for (const command of openFont(fontName).getPath(letter, 0, 0, 100).commands) {
    if (command.type === 'Z') continue;
    const end = { x: command.x, y: command.y };
    if (command.type === 'M') {
      rings.push([end]);
      continue;
    }
    const ring = rings.at(-1)!;
    if (command.type === 'L') ring.push(end);
    else ring.push(...bend(ring.at(-1)!, command, end));
  }
  return rings;
}

/** Points of a curve after its first: of one control point or two. */
function bend(from: Point, command: opentype.PathCommand & { type: 'Q' | 'C' }, to: Point): Point[] {
  return Array.from({ length: STEPS }, (_, step) => {
    const t = (step + 1) / STEPS;
    const u = 1 - t;
    if (command.type === 'Q') {
      const mix = (a: number, b: number, c: number) => u * u * a + 2 * u * t * b + t * t * c;
      return { x: mix(from.x, command.x1, to.x), y: mix(from.y, command.y1, to.y) };
    }
    const mix = (a: number, b: number, c: number, d: number) =>
      u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
    return {
      x: mix(from.x, command.x1, command.x2, to.x),
      y: mix(from.y, command.y1, command.y2, to.y),
    };
  });
}

export const drawLetter = (random: RandomStream) =>
  drawOnPaper(random, {
    rings: outlines(oneOf(random, FONTS), oneOf(random, LETTERS)),
    side: between(random, 40, 200),
    turnDegrees: between(random, -8, 8),
  });
