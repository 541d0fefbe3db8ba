import type { RgbaImage } from '../../../core/image.js';
import type { RandomStream } from '../../random.js';
import { between, oneOf, picture } from './page.js';

type Colour = readonly [number, number, number];

const SIDE = 96;

/**
 * Dead leaves: discs and boards that hide one another, their sizes as those of things in photographs (Lee, Mumford and Huang 2001,
 * "Occlusion models for natural images": the density of a radius r is r to the -3), each with its shading; seen from near, a few large
 * ones, or from afar.
 */
function leaves(random: RandomStream): (x: number, y: number) => Colour {
  const least = Math.exp(between(random, Math.log(3), Math.log(40)));
  const things = Array.from({ length: 160 }, () => {
    const radius = Math.min(14 * least, least / Math.sqrt(1 - 0.995 * random.next()));
    const light = between(random, 10, 245);
    const turn = between(random, 0, Math.PI);
    return {
      x: between(random, -20, SIDE + 20),
      y: between(random, -20, SIDE + 20),
      radius,
      isRound: random.next() < 0.5,
      flatness: between(random, 0.3, 1),
      cos: Math.cos(turn),
      sin: Math.sin(turn),
      slope: between(random, -40, 40) / radius,
      colour: [light + between(random, -30, 30), light, light + between(random, -40, 40)] as const,
    };
  });
  return (x, y) => {
    for (const { x: left, y: top, radius, isRound, flatness, cos, sin, slope, colour } of things) {
      const along = (x - left) * cos + (y - top) * sin;
      const aside = ((y - top) * cos - (x - left) * sin) / flatness;
      const away = isRound ? Math.hypot(along, aside) : Math.max(Math.abs(along), Math.abs(aside));
      if (away <= radius)
        return [colour[0] + slope * along, colour[1] + slope * along, colour[2] + slope * along];
    }
    return [128, 128, 128];
  };
}

/** Waves in every direction, the finer the weaker: spectra as of landscapes and clouds. */
function landscape(random: RandomStream): (x: number, y: number) => Colour {
  const steepness = between(random, 0.5, 1.5);
  const waves = Array.from({ length: 70 }, () => {
    const frequency = Math.exp(between(random, Math.log(0.7), Math.log(22)));
    const angle = between(random, 0, 2 * Math.PI);
    return {
      across: (2 * Math.PI * frequency * Math.cos(angle)) / SIDE,
      down: (2 * Math.PI * frequency * Math.sin(angle)) / SIDE,
      height: 30 / frequency ** steepness,
      phase: between(random, 0, 2 * Math.PI),
    };
  });
  const tint = [between(random, 0.7, 1.2), 1, between(random, 0.6, 1.2)] as const;
  return (x, y) => {
    const light = waves.reduce(
      (sum, { across, down, height, phase }) => sum + height * Math.sin(across * x + down * y + phase),
      120,
    );
    return [light * tint[0], light * tint[1], light * tint[2]];
  };
}

/** Threads over and under one another, seen at an angle. */
function weave(random: RandomStream): (x: number, y: number) => Colour {
  const [warp, weft] = [between(random, 3, 12), between(random, 3, 12)];
  const [light, contrast, lean] = [
    between(random, 80, 180),
    between(random, 20, 90),
    between(random, -0.5, 0.5),
  ];
  return (x, y) => {
    const [u, v] = [(x + lean * y) / warp, (y - lean * x) / weft];
    const isOver = (Math.floor(u) + Math.floor(v)) % 2 === 0;
    const round = Math.sin(Math.PI * ((isOver ? u : v) % 1));
    const shade = light + contrast * Math.abs(round) - (isOver ? 0 : contrast / 2);
    return [shade, shade * 0.95, shade * 0.85];
  };
}

/** A crop such as of a photograph, 28 to 96 pixels a side, with the grain of its sensor. Made up: no photograph is in it. */
export function drawTexture(random: RandomStream): RgbaImage {
  const scene = oneOf(random, [leaves, leaves, landscape, weave])(random);
  const side = oneOf(random, [28, 48, 96]);
  const zoom = SIDE / side;
  const grain = between(random, 0, 8);
  return picture(side, side, (x, y) => {
    const [red, green, blue] = scene(x * zoom, y * zoom);
    const noise = grain * random.normal();
    return [red + noise, green + noise, blue + noise];
  });
}
