import type { RandomStream } from '../../random.js';
import { between, drawOnPaper, oneOf } from './page.js';
import { type Point, penRings } from './raster.js';

/** Back and forth: waves of several frequencies in both directions. */
function tangle(random: RandomStream): Point[] {
  const waves = Array.from({ length: 5 }, () => ({
    frequency: between(random, 2, 9),
    x: random.normal(),
    y: random.normal(),
    phase: between(random, 0, 7),
  }));
  return Array.from({ length: 160 }, (_, step) => {
    const t = step / 160;
    const sum = (of: (wave: (typeof waves)[number]) => number) =>
      waves.reduce((total, wave) => total + of(wave), 0);
    return {
      x: sum(({ frequency, x, phase }) => 20 * x * Math.sin(2 * frequency * t + phase)),
      y: sum(({ frequency, y, phase }) => 20 * y * Math.cos(3 * frequency * t + phase)),
    };
  });
}

/** To and fro, as one blackens a patch. */
function hatching(random: RandomStream): Point[] {
  const turns = 6 + random.integer(12);
  const slant = between(random, -0.6, 0.6);
  return Array.from({ length: turns }, (_, turn) => {
    const y = (turn % 2 === 0 ? 0 : 100) + 12 * random.normal();
    return { x: (100 * turn) / turns + slant * y + 3 * random.normal(), y };
  });
}

/** Loops in a row, as of a signature. */
function loops(random: RandomStream): Point[] {
  const count = between(random, 3, 7);
  const [height, drift] = [between(random, 20, 45), between(random, 12, 26)];
  return Array.from({ length: 150 }, (_, step) => {
    const t = (2 * Math.PI * count * step) / 150;
    const swell = 1 + 0.4 * Math.sin(t / 3 + height);
    return { x: drift * (t / 4) + 16 * Math.cos(t), y: height * swell * Math.sin(t) };
  });
}

export const drawScribble = (random: RandomStream) =>
  drawOnPaper(random, {
    rings: penRings(oneOf(random, [tangle, hatching, loops])(random), between(random, 2, 8)),
    side: between(random, 50, 200),
    turnDegrees: between(random, -30, 30),
  });
