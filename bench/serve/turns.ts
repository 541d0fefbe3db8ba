import { median } from '../../train/metrics/median.js';
import type { LoadReport } from './load.js';

/** How long and how often each side is measured. */
export interface Effort {
  rounds: number;
  /** Of one side in one round. */
  seconds: number;
}

export const EFFORT: Effort = { rounds: 5, seconds: 3 };
/** Once for each side, before the first round. */
const WARM_UP_SECONDS = 2;

export interface Figures {
  perSecond: number;
  /** null where single requests are not timed. */
  p50Milliseconds: number | null;
  p99Milliseconds: number | null;
  /** Answers other than 200. */
  failures: number;
}

export interface Side {
  measure(seconds: number): Promise<Figures>;
}

export const figuresOf = ({ requests, seconds, ...rest }: LoadReport): Figures => ({
  perSecond: requests / seconds,
  ...rest,
});

/** Measures the sides in turns, so that what else the machine does meets all alike: the medians of each. */
export async function inTurns(sides: readonly Side[], { rounds, seconds }: Effort): Promise<Figures[]> {
  for (const { measure } of sides) await measure(Math.min(WARM_UP_SECONDS, seconds));
  const measured: Figures[][] = sides.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { measure }] of sides.entries()) measured[index]!.push(await measure(seconds));
  }
  return measured.map(summary);
}

function summary(all: readonly Figures[]): Figures {
  const middle = (of: (figures: Figures) => number | null) => {
    const values = all.map(of).filter((value) => value !== null);
    return values.length === 0 ? null : median(values);
  };
  return {
    perSecond: middle(({ perSecond }) => perSecond)!,
    p50Milliseconds: middle(({ p50Milliseconds }) => p50Milliseconds),
    p99Milliseconds: middle(({ p99Milliseconds }) => p99Milliseconds),
    failures: all.reduce((sum, { failures }) => sum + failures, 0),
  };
}

const tenths = (value: number | null): string => (value === null ? '' : value.toFixed(1));
export const whole = (value: number): string => Math.round(value).toLocaleString('en');

/** `| side | per second | p50 ms | p99 ms | failures |` */
export const figuresRow = (
  name: string,
  { perSecond, p50Milliseconds, p99Milliseconds, failures }: Figures,
): string =>
  `| ${name} | ${whole(perSecond)} | ${tenths(p50Milliseconds)} | ${tenths(p99Milliseconds)} | ${failures} |`;

/** The first side's figures as multiples of the second's; refusals are quick, so with failures there is no ratio. */
export function ratioRow(ours: Figures, peer: Figures, name = 'ratio'): string {
  if (ours.failures + peer.failures > 0) return `| ${name} | not every answer was 200 | | | |`;
  const timed = ours.p99Milliseconds !== null && peer.p99Milliseconds !== null;
  const p99 = timed ? times(ours.p99Milliseconds! / peer.p99Milliseconds!) : '';
  return `| ${name} | ${times(ours.perSecond / peer.perSecond)} | | ${p99} | |`;
}

const times = (ratio: number): string => `${ratio.toFixed(2)}x`;

export const figuresHead = (title: string, unit: string): string[] => [
  `| ${title} | ${unit} | p50 ms | p99 ms | failures |`,
  '| --- | --: | --: | --: | --: |',
];
