import { MEASURE_COUNT } from './piece-measures.js';
import { NETWORK_SHAPE, type NetworkPart } from './piece-network.js';
import type { PieceScorer } from './piece-score.js';
import { VIEW_NETWORK_SHAPE, type ViewNetwork, type ViewNetworkPart } from './view-network.js';

/** A scorer as text: each value a whole number of 12 bits times its part's scale. */
export interface StoredScorer {
  /** Whose readings it was fitted to. */
  bundle: { name: string; modelSha256: string };
  mean: readonly number[];
  deviation: readonly number[];
  view: Readonly<Record<ViewNetworkPart, StoredPart>>;
  network: Readonly<Record<NetworkPart, StoredPart>>;
}

export interface StoredPart {
  scale: number;
  /** Two characters a value, higher one first. */
  values: readonly string[];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const MOST = ALPHABET.length ** 2 / 2 - 1;
const VALUES_IN_LINE = 200;

/** Makes one value of each part of a network. */
const ofParts = <Part extends string, Value>(
  shape: Readonly<Record<Part, number>>,
  make: (part: Part) => Value,
): Record<Part, Value> =>
  Object.fromEntries((Object.keys(shape) as Part[]).map((part) => [part, make(part)])) as Record<Part, Value>;

const packView = (view: ViewNetwork): StoredScorer['view'] =>
  ofParts(VIEW_NETWORK_SHAPE, (part) => packPart(view[part]));

/** The network as it comes back after it was stored: what is fitted to how it reads views is to see them so. */
export const asStored = (view: ViewNetwork): ViewNetwork => unpacked(packView(view), VIEW_NETWORK_SHAPE);

/** What {@link unpackScorer} makes the same scorer of, to 12 bits. */
export const packScorer = (
  { view, network, mean, deviation }: PieceScorer,
  bundle: StoredScorer['bundle'],
): StoredScorer => ({
  bundle,
  mean,
  deviation,
  view: packView(view),
  network: ofParts(NETWORK_SHAPE, (part) => packPart(network[part])),
});

function packPart(values: Float32Array): StoredPart {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = Number((largest / MOST).toPrecision(6)) || 1;
  const codes = Array.from(values, (value) => {
    const whole = Math.min(Math.max(Math.round(value / scale), -MOST), MOST) + MOST;
    return ALPHABET[Math.floor(whole / ALPHABET.length)]! + ALPHABET[whole % ALPHABET.length]!;
  });
  const lines: string[] = [];
  for (let start = 0; start < codes.length; start += VALUES_IN_LINE) {
    lines.push(codes.slice(start, start + VALUES_IN_LINE).join(''));
  }
  return { scale, values: lines };
}

/** @throws RangeError where the parts are not of this network's shape. */
export function unpackScorer(stored: Omit<StoredScorer, 'bundle'>): PieceScorer {
  const { mean, deviation } = stored;
  if (mean.length !== MEASURE_COUNT || deviation.length !== MEASURE_COUNT) {
    throw new RangeError(`${mean.length} measures, expected ${MEASURE_COUNT}: run tenfold fit-pieces again`);
  }
  return {
    view: unpacked(stored.view, VIEW_NETWORK_SHAPE),
    network: unpacked(stored.network, NETWORK_SHAPE),
    mean,
    deviation,
  };
}

const unpacked = <Part extends string>(
  parts: Readonly<Record<Part, StoredPart>>,
  shape: Readonly<Record<Part, number>>,
): Record<Part, Float32Array> => ofParts(shape, (part) => unpackPart(parts[part], part, shape[part]));

function unpackPart({ scale, values }: StoredPart, part: string, count: number): Float32Array {
  const text = values.join('');
  if (text.length !== 2 * count) {
    throw new RangeError(
      `${text.length / 2} values in ${part}, expected ${count}: run tenfold fit-pieces again`,
    );
  }
  return Float32Array.from({ length: count }, (_, at) => {
    const [high, low] = [ALPHABET.indexOf(text[2 * at]!), ALPHABET.indexOf(text[2 * at + 1]!)];
    return (high * ALPHABET.length + low - MOST) * scale;
  });
}
