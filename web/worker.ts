import { TenfoldError } from '../core/errors.js';
import { type LoadedModel, loadModel } from './model.js';
import { pixelsOf } from './pixels.js';
import { dispatch, type Handlers, type Reply, type Request } from './protocol.js';

/** How often progress is worth a message, milliseconds. */
const PROGRESS_INTERVAL = 50;

const reply = (message: Reply, transfer: Transferable[] = []) => postMessage(message, { transfer });

const told = (error: unknown) => ({
  code: error instanceof TenfoldError ? error.code : ('failed' as const),
  message: error instanceof Error ? error.message : String(error),
});

let model: Promise<LoadedModel> | undefined;
/** One answer at a time: the runtime is not re-entrant. */
let queue: Promise<void> = Promise.resolve();

const handlers: Handlers<Request> = {
  load({ bundle }) {
    let reported = 0;
    model = loadModel(bundle, ({ loaded, total }) => {
      const now = performance.now();
      if (now - reported < PROGRESS_INTERVAL && loaded < total) return;
      reported = now;
      reply({ kind: 'progress', loaded, total });
    });
    model.then(
      ({ summary }) => reply({ kind: 'loaded', model: summary }),
      (error: unknown) => reply({ kind: 'unloadable', ...told(error) }),
    );
  },

  classify({ id, picture }) {
    queue = queue.then(async () => {
      try {
        const loaded = await model!;
        const answer = await loaded.read(picture instanceof ImageBitmap ? pixelsOf(picture) : picture);
        reply({ kind: 'answer', id, answer }, [answer.input.buffer]);
      } catch (error) {
        reply({ kind: 'refusal', id, ...told(error) });
      }
    });
  },
};

addEventListener('message', ({ data }: MessageEvent<Request>) => dispatch(handlers, data));
