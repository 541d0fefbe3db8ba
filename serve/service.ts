import type { RgbaImage } from '../core/image.js';
import type { Manifest } from '../core/manifest.js';
import type { Classified } from './workers/pool.js';
import type { Digits } from './workers/worker-protocol.js';

/** What the routes need of the thing that classifies: a {@link Pool}. */
export interface Service {
  readonly manifest: Manifest;
  /** Whether a request would be answered without waiting for a start. */
  readonly isReady: boolean;
  /** @throws TenfoldError `unavailable` where no answer can be had now. */
  classify<Kind extends Digits>(images: RgbaImage[], digits: Kind): Promise<Classified<Kind>>;
}
