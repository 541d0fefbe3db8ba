import type { ErrorCode } from '../../core/errors.js';
import type { DigitResult } from '../element/events.js';

/** Every message in either direction carries it; a frame of another version is not understood, and says nothing. */
export const PROTOCOL = 'tenfold-digit/1';

type Tagged<Messages> = {
  [Type in keyof Messages]: { protocol: typeof PROTOCOL; type: Type } & Messages[Type];
}[keyof Messages];

/** What the frame tells the page around it. */
export type FrameMessage = Tagged<{
  /** It listens: told as it begins to, and to who says hello. What was sent before was not heard. */
  hello: object;
  /** The model is verified and answers. */
  ready: { model: { name: string; version: string } };
  /** An answer to a drawing that goes on, as `digit-input` tells it. */
  input: { result: DigitResult };
  /** The answer to a whole drawing or a picture, as `digit-change` tells it. */
  change: { result: DigitResult };
  /** Nothing is there any more. */
  clear: object;
  /** What `digit-error` tells. */
  error: { code: ErrorCode; message: string };
}>;

/** What the page around it asks of the frame. */
export type HostMessage = Tagged<{
  /** Tell whether you listen, and of the model where there is one: for a page that began to listen later than the frame. */
  hello: object;
  /** Empty the pad. */
  clear: object;
  /** Read this picture; it comes back as `change`, or as `error`. */
  classify: { picture: Blob };
}>;

/** Whether data that came by `postMessage` is of this protocol, and of one of these types. */
export function isMessage<Message extends FrameMessage | HostMessage>(
  data: unknown,
  types: { readonly [Type in Message['type']]: unknown },
): data is Message {
  if (typeof data !== 'object' || data === null) return false;
  const { protocol, type } = data as Partial<Message>;
  return protocol === PROTOCOL && typeof type === 'string' && Object.hasOwn(types, type);
}

/** An origin exactly as browsers write it; undefined for anything else. */
export function originIn(text: string | null): string | undefined {
  try {
    // `URL.canParse` came with Chrome 120 and Safari 17, later than what the scripts are built for.
    return text !== null && new URL(text).origin === text ? text : undefined;
  } catch {
    return undefined;
  }
}
