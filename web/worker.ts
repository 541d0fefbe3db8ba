import { TenfoldError } from '../core/errors.js';
import { type LoadedModel, loadModel } from './model.js';
import { pixelsOf } from './pixels.js';
import { dispatch, type Handlers, type LoadProgress, type Reply, type Request } from './protocol.js';

/** How often the progress is told, milliseconds. */
const PROGRESS_INTERVAL = 60;

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
    let latest: LoadProgress = { loaded: 0, total: 0 };
    const timer = setInterval(() => reply({ kind: 'progress', ...latest }), PROGRESS_INTERVAL);
    model = loadModel(bundle, (progress) => {
      latest = progress;
    }).finally(() => clearInterval(timer));
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

addEventListener('message', ({ data }: MessageEvent<Request>) => dispatch(handlers, data));
