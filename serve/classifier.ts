import type { RgbaImage } from '../core/image.js';
import type { Manifest } from '../core/manifest.js';
import type { Prediction } from '../core/predict.js';
import type { NumberPrediction } from '../core/predict-numbers.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { DEFAULT_BUNDLE } from './models/bundle.js';
import type { WantedPrecision } from './models/precision.js';
import { ServedModel } from './models/served-model.js';
import { decode } from './pictures/decode.js';
import type { RunnerOptions } from './workers/runner.js';
import type { PictureWork, Work } from './workers/work.js';

export interface ClassifierOptions extends RunnerOptions {
  /** The bundle's folder; the default model without it. */
  bundle?: string;
  /** Which of the bundle's graphs; by default `auto`, on a cpu the smallest that is as accurate as `model.onnx`. */
  precision?: WantedPrecision;
  /** Worker threads, each with a session of its own; by default one. */
  workers?: number;
  limits?: Partial<Limits>;
}

/** A picture: the bytes of a PNG, JPEG, WebP or GIF file, or its pixels; to be kept as they are until the answer. */
export type Picture = Uint8Array | RgbaImage;

/** A bundle to call as functions; the work is done in threads of its own. */
export interface Classifier {
  readonly manifest: Manifest;
  /**
   * The digit that a picture shows.
   * @throws TenfoldError `bad-input`, `unsupported-media` or `too-large` for the picture, `unavailable` where too many wait.
   */
  classify(picture: Picture): Promise<Prediction>;
  /** The whole numbers that a picture shows; throws as {@link Classifier.classify}. */
  classifyNumbers(picture: Picture): Promise<NumberPrediction>;
  /** Answers what is under way, then ends the threads. */
  close(): Promise<void>;
}

/**
 * Loads a bundle.
 * @throws TenfoldError `not-found` or `corrupt` for the bundle, `not-found` where it has not that precision, `unavailable` for the device.
 */
export async function createClassifier(options: ClassifierOptions = {}): Promise<Classifier> {
  const { bundle = DEFAULT_BUNDLE, precision = 'auto', workers = 1, limits: given, ...runner } = options;
  const limits = { ...DEFAULT_LIMITS, ...given };
  const model = await ServedModel.load(bundle, { precision, workers, runner, limits });

  // Lent from before it is decoded: to be closed meanwhile must not refuse it.
  const read = <Kind extends PictureWork>(kind: Kind, picture: Picture) =>
    model.lend(async (lent) => {
      const image =
        picture instanceof Uint8Array
          ? await decode(Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength), {
              ...limits,
              name: 'the picture',
            })
          : picture;
      const { output } = await lent.run(kind, [image]);
      return output[0] as Work[Kind]['output'][0];
    });

  return {
    manifest: model.manifest,
    classify: (picture) => read('one', picture),
    classifyNumbers: (picture) => read('many', picture),
    close: () => model.retire(),
  };
}
