import { isWatched } from './watched.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What shells report of a program that was interrupted. */
const INTERRUPTED = 130;

/**
 * Does work that can stop early: the first SIGINT or SIGTERM aborts its signal, with the name as the reason; the second
 * ends the process at once. A training that is watched also stops where its watcher is gone: nobody else would end it.
 */
export async function untilInterrupted<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stopListening = () => {
    for (const name of SIGNALS) process.removeListener(name, interrupt);
  };
  const interrupt = (name: NodeJS.Signals) => {
    // Two that came during one long call of native code arrive together.
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort(name);
    // Without a listener the second one ends the process even while native code runs.
    setImmediate(stopListening);
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  const leave = () => controller.abort('the end of its sweep');
  if (isWatched()) process.once('disconnect', leave);
  // It may have gone while this program was loading.
  if (isWatched() && !process.connected) leave();
  try {
    return await work(controller.signal);
  } finally {
    stopListening();
    process.removeListener('disconnect', leave);
  }
}
