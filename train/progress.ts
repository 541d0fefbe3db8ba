import type { FitEvent, FitEvents, FitEventType } from './events.js';

/** What a line of progress is made of; see {@link advance}. */
export interface Progress {
  start: FitEvents['start'] | undefined;
  epoch: number;
  /** Within the epoch. */
  step: number;
  /** Steps seen and the time of the first one's beginning, for the time left. */
  stepsDone: number;
  beganMilliseconds: number;
  nowMilliseconds: number;
  /** Sums over the epoch's steps so far, for their means. */
  lossSum: number;
  accuracySum: number;
  epochSteps: number;
  /** A running mean, so that the images a second neither flicker nor lag. */
  stepMilliseconds: number;
  evaluated: FitEvents['evaluate'] | undefined;
}

export const NO_PROGRESS: Progress = {
  start: undefined,
  epoch: 0,
  step: 0,
  stepsDone: 0,
  beganMilliseconds: 0,
  nowMilliseconds: 0,
  lossSum: 0,
  accuracySum: 0,
  epochSteps: 0,
  stepMilliseconds: 0,
  evaluated: undefined,
};

type Advance<Type extends FitEventType> = (
  progress: Progress,
  event: FitEvent<Type>,
  nowMilliseconds: number,
) => Progress;

const RATE_MEMORY = 0.9;

const ADVANCES: { [Type in FitEventType]: Advance<Type> } = {
  start: (_, event) => ({ ...NO_PROGRESS, start: event }),
  step: (progress, event, now) => {
    const isNewEpoch = event.epoch !== progress.epoch;
    const previous = progress.stepMilliseconds;
    return {
      ...progress,
      epoch: event.epoch,
      step: event.step,
      stepsDone: progress.stepsDone + 1,
      beganMilliseconds: progress.stepsDone === 0 ? now - event.milliseconds : progress.beganMilliseconds,
      lossSum: (isNewEpoch ? 0 : progress.lossSum) + event.loss,
      accuracySum: (isNewEpoch ? 0 : progress.accuracySum) + event.accuracy,
      epochSteps: (isNewEpoch ? 0 : progress.epochSteps) + 1,
      // The first step compiles; it would weigh on the mean for long.
      stepMilliseconds:
        progress.stepsDone <= 1
          ? event.milliseconds
          : RATE_MEMORY * previous + (1 - RATE_MEMORY) * event.milliseconds,
    };
  },
  evaluate: (progress, event) => ({ ...progress, evaluated: event }),
  epoch: (progress) => progress,
  saved: (progress) => progress,
  end: (progress) => progress,
};

/** The progress after an event that came at `nowMilliseconds` (any clock that never goes back). */
export function advance(progress: Progress, event: FitEvent, nowMilliseconds: number): Progress {
  // The table has one entry a type; TypeScript cannot see that the entry looked up is the event's own.
  const rule = ADVANCES[event.type] as Advance<FitEventType>;
  return { ...rule(progress, event, nowMilliseconds), nowMilliseconds };
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;
const duration = (seconds: number): string => {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const padded = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(whole % 60)}` : `${minutes}:${padded(whole % 60)}`;
};

const BAR_WIDTH = 24;
const bar = (share: number): string => {
  const filled = Math.round(BAR_WIDTH * share);
  return `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}]`;
};

/** Seconds until the last step, at the pace so far, evaluations between the steps included. */
function secondsLeft({
  start,
  epoch,
  step,
  stepsDone,
  beganMilliseconds,
  nowMilliseconds,
}: Progress): number {
  const stepsLeft = start!.epochs * start!.stepsPerEpoch - ((epoch - 1) * start!.stepsPerEpoch + step);
  return ((nowMilliseconds - beganMilliseconds) / stepsDone / 1000) * stepsLeft;
}

/** The line of a running epoch, as much of it as `width` has room for, the least important last. */
export function runningLine(progress: Progress, width: number): string {
  const { start, epoch, step, epochSteps, evaluated } = progress;
  if (start === undefined || epochSteps === 0) return '';
  const imagesPerSecond = (start.batchSize * 1000) / progress.stepMilliseconds;
  const parts = [
    `epoch ${epoch}/${start.epochs}`,
    `step ${step}/${start.stepsPerEpoch}`,
    `loss ${(progress.lossSum / epochSteps).toFixed(4)}`,
    `accuracy ${percent(progress.accuracySum / epochSteps)}`,
    `${duration(secondsLeft(progress))} left`,
    `${count(imagesPerSecond)} images/s`,
    ...(evaluated === undefined ? [] : [`${evaluated.split} ${percent(evaluated.accuracy)}`]),
  ];
  while (parts.length > 1 && parts.join('  ').length > width) parts.pop();
  const text = parts.join('  ');
  const withBar = [parts[0], bar(step / start.stepsPerEpoch), ...parts.slice(1)].join('  ');
  return withBar.length <= width ? withBar : text.slice(0, width);
}

interface Renderer<Type extends FitEventType> {
  /** true: the text stays on the screen; false: the next text may take its place. */
  lasting: boolean;
  /** One line of at most `width` characters where it is not lasting; empty where there is nothing to say. */
  render(progress: Progress, event: FitEvent<Type>, width: number): string;
}

const RENDERERS: { [Type in FitEventType]: Renderer<Type> } = {
  start: {
    lasting: true,
    render: (_, { recipe, backend, device, parameters, epochs, stepsPerEpoch, batchSize }) =>
      `Training ${recipe}: ${count(parameters)} parameters, ${epochs} epochs of ${count(stepsPerEpoch)} steps, ` +
      `batch ${batchSize}, on ${backend} (${device})`,
  },
  step: { lasting: false, render: (progress, _, width) => runningLine(progress, width) },
  evaluate: { lasting: false, render: (progress, _, width) => runningLine(progress, width) },
  epoch: {
    lasting: true,
    render: ({ start }, event) =>
      [
        `epoch ${event.epoch}/${start?.epochs ?? '?'}`,
        `loss ${event.trainLoss.toFixed(4)}`,
        `accuracy ${percent(event.trainAccuracy)}`,
        ...(event.validationLoss === undefined ? [] : [`validation loss ${event.validationLoss.toFixed(4)}`]),
        ...(event.validationAccuracy === undefined
          ? []
          : [`validation accuracy ${percent(event.validationAccuracy)}`]),
        ...(event.testLoss === undefined ? [] : [`test loss ${event.testLoss.toFixed(4)}`]),
        ...(event.testAccuracy === undefined ? [] : [`test accuracy ${percent(event.testAccuracy)}`]),
        `${event.seconds.toFixed(1)} s`,
      ].join('  '),
  },
  saved: {
    lasting: false,
    render: (_, { epoch, folder }, width) => `epoch ${epoch} saved in ${folder}`.slice(0, width),
  },
  end: {
    lasting: true,
    render: (_, { run, test, trainSeconds, stepMillisecondsMedian }) =>
      `Test accuracy ${percent(test.accuracy)}, loss ${test.loss.toFixed(5)}, after ${duration(trainSeconds)} ` +
      `of training (${stepMillisecondsMedian.toFixed(1)} ms a step): ${run}`,
  },
};

/** The text for an event, `progress` being already advanced over it. */
export function renderEvent(progress: Progress, event: FitEvent, width: number): string {
  return (RENDERERS[event.type] as Renderer<FitEventType>).render(progress, event, width);
}

/** The part of `process.stderr` that a progress bar needs. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const TERMINAL_INTERVAL_MILLISECONDS = 50;
const LOG_INTERVAL_MILLISECONDS = 5000;
const CLEAR_LINE = '\r\x1b[K';

/**
 * Shows a run's events as they come. A terminal has one line that is rewritten; a file or a pipe gets a line an epoch
 * and, in long epochs, one every five seconds.
 * @param clock milliseconds, never going back
 */
export function progressBar(stream: ProgressStream, clock: () => number = () => performance.now()) {
  let progress = NO_PROGRESS;
  let shownAt = clock();
  return (event: FitEvent): void => {
    const now = clock();
    progress = advance(progress, event, now);
    const { lasting } = RENDERERS[event.type];
    const interval = stream.isTTY ? TERMINAL_INTERVAL_MILLISECONDS : LOG_INTERVAL_MILLISECONDS;
    if (!lasting && now - shownAt < interval) return;
    // One column stays free, or some terminals wrap the line and cannot rewrite it.
    const text = renderEvent(progress, event, stream.isTTY ? (stream.columns ?? 80) - 1 : 200);
    if (text === '') return;
    shownAt = now;
    if (stream.isTTY) stream.write(`${CLEAR_LINE}${text}${lasting ? '\n' : ''}`);
    else stream.write(`${text}\n`);
  };
}
