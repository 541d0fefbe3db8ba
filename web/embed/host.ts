import { type FrameMessage, type HostMessage, isMessage, PROTOCOL } from './messages.js';

export type { FrameMessage, HostMessage } from './messages.js';
export { PROTOCOL } from './messages.js';

/** One function for each type of message that is wanted. */
export type FrameListeners = {
  [Type in FrameMessage['type']]?: (message: Extract<FrameMessage, { type: Type }>) => void;
};

export interface FrameConnection {
  /** Empties the pad. */
  clear(): void;
  /** Has a picture read; the answer comes as `change`, a refusal as `error`. */
  classify(picture: Blob): void;
  /** Listens no more. */
  close(): void;
}

/**
 * Connects a page to the `/embed` frame in it, whether that is loaded or not: what is asked of it before it listens waits until it does.
 * Hears that frame's window and origin alone, and speaks to no other.
 * @param frame its `src` is `https://your-host/embed?origin=` and this page's own origin
 */
export function connectFrame(frame: HTMLIFrameElement, listeners: FrameListeners): FrameConnection {
  const { origin } = new URL(frame.src);
  /** What waits until the frame listens; undefined from then on. */
  let waiting: HostMessage[] | undefined = [];
  const post = (message: HostMessage) => frame.contentWindow?.postMessage(message, origin);
  const send = (message: HostMessage) => {
    if (waiting) waiting.push(message);
    else post(message);
  };
  const hear = ({ source, origin: from, data }: MessageEvent<unknown>) => {
    if (source !== frame.contentWindow || from !== origin || !isMessage<FrameMessage>(data, TYPES)) return;
    waiting?.forEach(post);
    waiting = undefined;
    const listen = listeners[data.type] as ((message: FrameMessage) => void) | undefined;
    listen?.(data);
  };
  addEventListener('message', hear);
  // A frame that is not loaded yet is an empty page of our own, and says hello by itself once it listens.
  if (frame.contentDocument?.URL !== 'about:blank') post({ protocol: PROTOCOL, type: 'hello' });
  return {
    clear: () => send({ protocol: PROTOCOL, type: 'clear' }),
    classify: (picture) => send({ protocol: PROTOCOL, type: 'classify', picture }),
    close: () => removeEventListener('message', hear),
  };
}

const TYPES: { [Type in FrameMessage['type']]: true } = {
  hello: true,
  ready: true,
  input: true,
  change: true,
  clear: true,
  error: true,
};
