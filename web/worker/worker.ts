import { TenfoldError } from '../../core/errors.js';
import { trustedScript } from '../loading/trusted.js';
import { pixelsOf } from '../pictures/pixels.js';
import { type LoadedModel, loadModel } from './model.js';
import {
  dispatch,
  type Failure,
  type Handlers,
  type LoadProgress,
  type Reply,
  type Request,
} from './protocol.js';

/** How often the progress is told, milliseconds. */
const PROGRESS_INTERVAL = 60;

const reply = (message: Reply, transfer: Transferable[] = []) => postMessage(message, { transfer });

const told = (error: unknown): Failure => ({
  code: error instanceof TenfoldError ? error.code : 'failed',
  message: error instanceof Error ? error.message : String(error),
});

/** No byte for so long, milliseconds, and the person is told that it is the connection that is slow. */
const STALL = 3_000;

/** After loading, milliseconds: writing 14 MB would slow the first answers down. */
const KEEP_DELAY = 1_000;

let model: Promise<LoadedModel> | undefined;
/** One answer at a time: the runtime is not re-entrant. */
let queue: Promise<void> = Promise.resolve();

const handlers: Handlers<Request> = {
  load(request) {
    let latest: LoadProgress = { loaded: 0, total: 0, state: 'loading' };
    let changed = performance.now();
    const timer = setInterval(() => {
      const stalled = latest.state === 'loading' && performance.now() - changed > STALL;
      reply({ kind: 'progress', ...latest, ...(stalled && { state: 'stalled' }) });
    }, PROGRESS_INTERVAL);
    let goAhead!: () => void;
    const keepAfter = new Promise<void>((resolve) => {
      goAhead = resolve;
    });
    model = loadModel(request, {
      keepAfter,
      onProgress(progress) {
        latest = progress;
        changed = performance.now();
        // While the session is made ready no timer comes through.
        if (progress.state === 'starting') reply({ kind: 'progress', ...progress });
      },
      onUnkept: (error) => reply({ kind: 'notice', ...told(error) }),
    }).finally(() => {
      clearInterval(timer);
      setTimeout(goAhead, KEEP_DELAY);
    });
    model.then(
      ({ summary }) => reply({ kind: 'loaded', model: summary }),
      (error: unknown) => reply({ kind: 'unloadable', ...told(error) }),
    );
  },

  classify({ id, picture, digits }) {
    queue = queue.then(async () => {
      try {
        const loaded = await model!;
        const image = picture instanceof ImageBitmap ? pixelsOf(picture) : picture;
        const answer = await loaded.read(image, digits);
        reply({ kind: 'answer', id, answer });
      } catch (error) {
        reply({ kind: 'refusal', id, ...told(error) });
      }
    });
  },
};

// The runtime starts its threads from this same script, and speaks to them itself.
if (!self.name.startsWith('em-pthread')) {
  // It names it by a mere address, which a page that requires Trusted Types forbids its workers too.
  self.Worker = class extends Worker {
    constructor(address: string | URL, options?: WorkerOptions) {
      super(trustedScript(String(address)), options);
    }
  };
  addEventListener('message', ({ data }: MessageEvent<Request>) => dispatch(handlers, data));
  reply({ kind: 'started' });
}
