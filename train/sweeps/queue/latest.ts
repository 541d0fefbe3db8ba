/** Work that is repeated, never twice at once. */
export interface Latest {
  /** Has it done once more, after the time under way if there is one; asking twice meanwhile is asking once. */
  ask(): void;
  /** All that was asked for is done. */
  settled(): Promise<void>;
}

/** @param work whose failure is thrown by `settled` */
export function latest(work: () => Promise<void>): Latest {
  let isAsked = false;
  let running: Promise<void> | null = null;
  const run = async () => {
    while (isAsked) {
      isAsked = false;
      await work();
    }
  };
  return {
    ask() {
      isAsked = true;
      running ??= run().finally(() => {
        running = null;
      });
      // Thrown by `settled`; until then it is nobody's.
      running.catch(() => {});
    },
    async settled() {
      await running;
    },
  };
}
