import { TenfoldError, unmet } from '../../core/errors.js';

/** A camera that is on; who opened it stops it. */
export interface Camera {
  stream: MediaStream;
  stop(): void;
}

/** What browsers reject a camera with, and what it means to the person. */
const REFUSALS: {
  readonly [name: string]: { code: 'forbidden' | 'not-found' | 'unavailable'; got: string; advice: string };
} = {
  NotAllowedError: {
    code: 'forbidden',
    got: 'a refusal',
    advice: "Allow the camera for this site in the browser's settings, or open a picture instead.",
  },
  SecurityError: {
    code: 'forbidden',
    got: 'a page policy that forbids it',
    advice:
      'Open a picture instead; the page may allow it by a Permissions-Policy with camera, one around it by allow="camera" on its frame.',
  },
  NotFoundError: {
    code: 'not-found',
    got: 'a device that has none',
    advice: 'Connect one, or open a picture instead.',
  },
  NotReadableError: {
    code: 'unavailable',
    got: 'one that another program uses',
    advice: 'Close that program, or open a picture instead.',
  },
};

/** Where a policy forbids it browsers say what they say of a person's refusal; some tell of the policy. TypeScript's library lacks that. */
function isForbiddenByPolicy(): boolean {
  const { featurePolicy } = document as { featurePolicy?: { allowsFeature(name: string): boolean } };
  return featurePolicy?.allowsFeature('camera') === false;
}

/**
 * Turns a camera on, the one that looks away from the person where there are two.
 * @throws TenfoldError `forbidden`, `not-found` or `unavailable`
 */
export async function openCamera(): Promise<Camera> {
  // Plain http has no such object at all.
  if (!navigator.mediaDevices?.getUserMedia) {
    throw refused('forbidden', 'a page without https', 'Open the page by https, or open a picture instead.');
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 1280 } },
    });
    return {
      stream,
      stop() {
        for (const track of stream.getTracks()) track.stop();
      },
    };
  } catch (cause) {
    const { name, message } = cause as Error;
    const known = REFUSALS[isForbiddenByPolicy() ? 'SecurityError' : name];
    throw known
      ? refused(known.code, known.got, known.advice, cause)
      : refused('unavailable', message || name, 'Try again, or open a picture instead.', cause);
  }
}

function refused(
  code: 'forbidden' | 'not-found' | 'unavailable',
  got: string,
  advice: string,
  cause?: unknown,
): TenfoldError {
  return unmet({ code, what: 'the camera', expected: 'one that may be used', got, advice, cause });
}

/** The middle square of what the camera sees now, which is what the pad shows of it. */
export function takePicture(video: HTMLVideoElement): Promise<ImageBitmap> {
  const { videoWidth, videoHeight } = video;
  const side = Math.min(videoWidth, videoHeight);
  return createImageBitmap(video, (videoWidth - side) / 2, (videoHeight - side) / 2, side, side);
}

export interface CameraStageEvents {
  onState(state: 'opening' | 'on' | null): void;
  onTrouble(error: TenfoldError): void;
}

/** Where the camera is seen; it is off whenever nobody looks. */
export class CameraStage {
  #camera: Camera | undefined;
  /** Off until somebody looks at the page again. */
  #isResting = false;
  /** Rises with every opening and end, so that a camera that comes late is turned off again. */
  #turn = 0;
  /** On, or about to be, or resting. */
  #isOpen = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly events: CameraStageEvents,
  ) {
    // The attribute alone does not silence a video that a script made.
    video.muted = true;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async open(): Promise<void> {
    this.#isOpen = true;
    this.#isResting = false;
    const turn = ++this.#turn;
    this.events.onState('opening');
    try {
      const camera = await openCamera();
      if (turn !== this.#turn) {
        camera.stop();
        return;
      }
      this.#camera = camera;
      if (this.video.ownerDocument.hidden) {
        this.#rest();
        return;
      }
      this.video.srcObject = camera.stream;
      camera.stream.getTracks()[0]!.addEventListener('ended', () => this.#lose(turn));
      await this.video.play();
      if (turn === this.#turn) this.events.onState('on');
    } catch (error) {
      if (turn !== this.#turn) return;
      this.close();
      this.events.onTrouble(error instanceof TenfoldError ? error : lost((error as Error).message, error));
    }
  }

  /** What the camera sees; it is off afterwards. @throws TenfoldError `unavailable` */
  async take(): Promise<ImageBitmap> {
    try {
      return await takePicture(this.video);
    } catch (cause) {
      throw lost((cause as Error).message, cause);
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#isResting = false;
    this.#turnOff();
    this.events.onState(null);
  }

  /** Until the signal aborts, which turns it off: while the page is hidden, as a tab behind others, it is off, and comes back with the page. */
  stayWith(page: Document, signal: AbortSignal): void {
    const changed = () => {
      // One that is not there yet rests once it comes: the browser may still be asking for it.
      if (page.hidden && this.#camera) this.#rest();
      else if (!page.hidden && this.#isResting) void this.open();
    };
    page.addEventListener('visibilitychange', changed, { signal });
    signal.addEventListener('abort', () => this.close());
  }

  /**
   * It goes off with the frame that it is seen in, as where a dialog around is closed. Escape within turns it off, and does no more: it
   * would close that dialog as well.
   */
  closeWith(frame: HTMLElement): void {
    new ResizeObserver(() => {
      if (this.#isOpen && frame.clientWidth === 0) this.close();
    }).observe(frame);
    frame.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.#isOpen) return;
      event.preventDefault();
      this.close();
    });
  }

  #rest(): void {
    this.#turnOff();
    this.#isResting = true;
    this.events.onState('opening');
  }

  #turnOff(): void {
    this.#turn++;
    this.#camera?.stop();
    this.#camera = undefined;
    this.video.srcObject = null;
  }

  #lose(turn: number): void {
    if (turn !== this.#turn) return;
    this.close();
    this.events.onTrouble(lost('its end'));
  }
}

const lost = (got: string, cause?: unknown) =>
  refused('unavailable', got, 'Try again, or open a picture instead.', cause);
