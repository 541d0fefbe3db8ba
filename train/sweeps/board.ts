import { type ProgressStream, runningLine } from '../progress.js';
import type { RunNews } from './outcome.js';
import type { RunSpec } from './plan.js';

const INTERVAL_MILLISECONDS = 100;
/** Lines of running runs; the others are counted. */
const MOST_LINES = 20;

/** Of a line that stays: room for all figures, none for a bar. */
const LOG_COLUMNS = 100;

const ERASE_LINE = '\x1b[K';
const up = (lines: number): string => (lines > 0 ? `\x1b[${lines}A\r` : '\r');

export interface Board {
  tell(spec: RunSpec, news: RunNews): void;
  /** A line that stays. */
  say(line: string): void;
  /** Takes the live lines away. */
  close(): void;
}

type News<Type extends RunNews['type'] = RunNews['type']> = Extract<RunNews, { type: Type }>;

const nothing = () => undefined;

/** What a piece of news says in a line that stays; undefined where it says nothing new. */
const LASTING: { [Type in RunNews['type']]: (news: News<Type>) => string | undefined } = {
  started: ({ resumes, place }) => `${resumes ? 'goes on' : 'begins'}${at(place)}`,
  progress: nothing,
  saved: nothing,
  finished: ({ metrics: { test, trainSeconds, steps } }) =>
    `${(100 * test.accuracy).toFixed(2)}% of the test set, loss ${test.loss.toFixed(5)}, ` +
    `${steps} steps in ${trainSeconds.toFixed(1)} s`,
  failed: ({ reason }) => `FAILED: ${reason}`,
  interrupted: () => 'stopped; all that was done is saved',
};

// The table has one entry a type; TypeScript cannot see that the entry looked up is the news's own.
const lastingText = (news: RunNews): string | undefined =>
  (LASTING[news.type] as (news: RunNews) => string | undefined)(news);

const at = (place: string | undefined): string => (place === undefined ? '' : ` on ${place}`);

export const nameOf = ({ label, seed }: RunSpec): string => `${label}, seed ${seed}`;

/**
 * Shows how the runs of a sweep go: on a terminal a line for each run under way, rewritten, below the lines that stay;
 * elsewhere a line when a run begins, after each epoch, and when it ends.
 * @param total runs, those finished earlier among them
 * @param done of them finished earlier
 */
export function sweepBoard(
  specs: readonly RunSpec[],
  { total, done }: { total: number; done: number },
  stream: ProgressStream & { rows?: number },
  clock: () => number = () => performance.now(),
): Board {
  const width = Math.max(0, ...specs.map((spec) => nameOf(spec).length));
  const running = new Map<string, { spec: RunSpec; news: RunNews }>();
  const ended = { finished: done, failed: 0 };
  let liveLines = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;

  const columns = () => (stream.columns ?? 80) - 1;
  const progressText = (spec: RunSpec, news: RunNews, room: number): string => {
    const name = nameOf(spec).padEnd(width);
    if (news.type !== 'progress' && news.type !== 'saved') return `${name}  starting`;
    const where = at(news.place);
    return `${name}  ${runningLine(news.progress, Math.max(20, room - name.length - 2 - where.length))}${where}`;
  };
  const live = (): string[] => {
    const rows = [...running.values()];
    const shown = rows.slice(0, Math.min(MOST_LINES, Math.max(1, (stream.rows ?? 24) - 2)));
    const waiting = total - rows.length - ended.finished - ended.failed;
    const counts = [
      `${ended.finished} of ${total} finished`,
      ...(ended.failed > 0 ? [`${ended.failed} failed`] : []),
      `${rows.length} running`,
      `${waiting} waiting`,
    ];
    return [...shown.map(({ spec, news }) => progressText(spec, news, columns())), counts.join(', ')];
  };
  const draw = (lasting: string | undefined): void => {
    const lines = live().map((line) => line.slice(0, columns()));
    const written = [...(lasting === undefined ? [] : [lasting]), ...lines];
    const left = Math.max(0, liveLines - written.length);
    const text = [...written, ...Array.from({ length: left }, () => '')];
    stream.write(`${up(liveLines)}${text.map((line) => `${line}${ERASE_LINE}\n`).join('')}${up(left)}`);
    liveLines = lines.length;
    drawnAt = clock();
  };
  const say = (line: string): void => {
    if (stream.isTTY) draw(line);
    else stream.write(`${line}\n`);
  };

  return {
    say,
    tell(spec, news) {
      if (news.type === 'finished' || news.type === 'failed') ended[news.type]++;
      if (news.type === 'finished' || news.type === 'failed' || news.type === 'interrupted') {
        running.delete(spec.id);
      } else running.set(spec.id, { spec, news });
      const text = lastingText(news);
      if (text !== undefined && !(stream.isTTY && news.type === 'started')) {
        say(`${nameOf(spec).padEnd(width)}  ${text}`);
      } else if (stream.isTTY) {
        if (clock() - drawnAt >= INTERVAL_MILLISECONDS) draw(undefined);
      } else if (news.type === 'saved') say(progressText(spec, news, width + LOG_COLUMNS));
    },
    close() {
      if (!stream.isTTY) return;
      stream.write(`${up(liveLines)}\x1b[J`);
      liveLines = 0;
    },
  };
}
