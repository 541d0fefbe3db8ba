import { blankCanvas, developed, lay } from './canvas.js';
import { DIGIT_SIDE } from './contour.js';
import { drawLines, type Edges } from './pen.js';
import {
  between,
  darkGrey,
  drawPlacement,
  drawSize,
  lightGrey,
  type PictureKind,
  penLines,
  type Range,
} from './scene.js';
import { isLinear } from './skeleton.js';

interface PenSettings {
  title: string;
  summary: string;
  /** The pen's width as a share of the digit's longer side; MNIST's own pens have about a tenth. */
  width: Range;
  /** The digit's share of the picture's shorter side, its pen apart. */
  share?: Range;
  edges?: Edges;
}

const USUAL_WIDTH: Range = [0.06, 0.13];
/** A line thinner than this is not drawn by any program, pixels. */
const LEAST_WIDTH = 1;

/** The digit drawn anew along the middle of its strokes, by a round pen; digits of which no such line can be had are passed over. */
const drawnByPen = ({ title, summary, width, share, edges }: PenSettings): PictureKind => ({
  title,
  summary,
  suits: isLinear,
  draw(digit, random) {
    const size = drawSize(random);
    const placement = drawPlacement(size, random, share);
    const pen = Math.max(LEAST_WIDTH, between(random, width) * DIGIT_SIDE * placement.scale);
    const covered = drawLines(penLines(digit, placement), size, pen, edges);
    return developed(lay(blankCanvas(size, lightGrey(random)), covered, darkGrey(random)));
  },
});

export const thickPen = drawnByPen({
  title: 'Thick pens',
  summary: 'Drawn by a round pen 14 to 20% of the digit wide',
  width: [0.14, 0.2],
  share: [0.4, 0.65],
});

export const thinPen = drawnByPen({
  title: 'Thin pens',
  summary: 'Drawn by a round pen 1 to 4% of the digit wide, a pixel at least',
  width: [0.01, 0.04],
});

export const smoothStrokes = drawnByPen({
  title: 'Anti-aliased strokes',
  summary: 'Drawn by a round pen 6 to 13% of the digit wide, its edges soft',
  width: USUAL_WIDTH,
});

export const aliasedStrokes = drawnByPen({
  title: 'Aliased strokes',
  summary: 'Drawn by a round pen 6 to 13% of the digit wide, in whole pixels of one colour',
  width: USUAL_WIDTH,
  edges: 'aliased',
});
