import { describe, type TenfoldError, unmet } from '../../core/errors.js';
import type { DigitClassifierElement } from '../element/digit-classifier-element.js';
import type { DigitResult } from '../element/events.js';
import { type FrameMessage, type HostMessage, isMessage, originIn, PROTOCOL } from './messages.js';

/** What the frame's address may say of the element, as attributes of the same names. */
const ATTRIBUTES = ['digits', 'lang', 'mode', 'theme'];

const query = new URLSearchParams(location.search);
const classifier = document.querySelector<DigitClassifierElement>('digit-classifier')!;
for (const name of ATTRIBUTES) {
  const value = query.get(name);
  if (value !== null) classifier.setAttribute(name, value);
}
document.documentElement.lang = query.get('lang') ?? 'en';

/** The one origin that is spoken with; none was named, none is. */
const host = originIn(query.get('origin'));
if (host !== undefined && parent !== self) speakWith(host);

const isEmptyPad = ({ source, reason }: DigitResult) => source === 'pad' && reason === 'blank';

/** An address above all: the frame would fetch it as its own host, for a page that may not. */
const noBlob = (picture: unknown) =>
  unmet({
    code: 'bad-input',
    what: 'the picture of classify',
    expected: 'a Blob',
    got: describe(picture),
    advice: 'Send the picture itself, as a File or Blob.',
  });

function speakWith(origin: string): void {
  // A page of another origin than was named gets nothing: the browser sees to it.
  const tell = (message: FrameMessage) => parent.postMessage(message, origin);
  const told = new WeakSet<TenfoldError>();
  const tellError = (error: TenfoldError) => {
    if (told.has(error)) return;
    told.add(error);
    const { code, message } = error;
    tell({ protocol: PROTOCOL, type: 'error', code, message });
  };
  const tellReady = ({ name, version }: { name: string; version: string }) =>
    tell({ protocol: PROTOCOL, type: 'ready', model: { name, version } });

  classifier.addEventListener('digit-load', ({ detail }) => tellReady(detail.model));
  classifier.addEventListener('digit-error', ({ detail }) => tellError(detail.error));
  classifier.addEventListener('digit-input', ({ detail }) => {
    if (!isEmptyPad(detail)) tell({ protocol: PROTOCOL, type: 'input', result: detail });
  });
  classifier.addEventListener('digit-change', ({ detail }) => {
    if (isEmptyPad(detail)) tell({ protocol: PROTOCOL, type: 'clear' });
    else tell({ protocol: PROTOCOL, type: 'change', result: detail });
  });
  const greet = () => {
    tell({ protocol: PROTOCOL, type: 'hello' });
    if (classifier.model) tellReady(classifier.model);
  };

  const commands: { [Type in HostMessage['type']]: (message: Extract<HostMessage, { type: Type }>) => void } =
    {
      hello: greet,
      clear: () => classifier.clear(),
      classify: ({ picture }) => {
        if (!(picture instanceof Blob)) return tellError(noBlob(picture));
        // The element tells of its model itself, and throws the same; of a picture that was given by program it only throws.
        classifier.classify(picture).catch(tellError);
      },
    };
  addEventListener('message', ({ source, origin: from, data }: MessageEvent<unknown>) => {
    if (source !== parent || from !== origin || !isMessage<HostMessage>(data, commands)) return;
    const command = commands[data.type] as (message: HostMessage) => void;
    command(data);
  });
  greet();
}
