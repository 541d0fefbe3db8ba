import type { Suite } from '../suite.js';
import { coloured, darkOnLight, equallyBright, lightOnDark } from './colours.js';
import { jpeg, lowResolution, transparent } from './files.js';
import { framed, ruled } from './forms.js';
import { shadedPaper } from './paper.js';
import { aliasedStrokes, smoothStrokes, thickPen, thinPen } from './pens.js';
import { cutOut, perspective, positionAndSize, smallInLarge } from './placement.js';
import { type PictureKind, pictureSuite } from './scene.js';
import { betweenBars, onBadge, onCard } from './surroundings.js';

/** What users send, one kind of difficulty each; the names of tables and files. */
const KINDS: Readonly<Record<string, PictureKind>> = {
  dark_on_light: darkOnLight,
  light_on_dark: lightOnDark,
  colours: coloured,
  equally_bright: equallyBright,
  position_and_size: positionAndSize,
  small_in_large: smallInLarge,
  cut_out: cutOut,
  thick_pen: thickPen,
  thin_pen: thinPen,
  perspective,
  paper: shadedPaper,
  jpeg_20: jpeg,
  low_resolution: lowResolution,
  transparent_png: transparent,
  anti_aliased: smoothStrokes,
  aliased: aliasedStrokes,
  frame: framed,
  ruled_lines: ruled,
  card: onCard,
  badge: onBadge,
  bars: betweenBars,
};

export const PICTURES: Readonly<Record<string, Suite>> = Object.fromEntries(
  Object.entries(KINDS).map(([name, kind]) => [name, pictureSuite(name, kind)]),
);
