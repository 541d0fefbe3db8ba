import type { DigitClassifierElement } from './digit-classifier-element.js';
import type { DigitClassifierEvents } from './events.js';

type Own = Exclude<keyof Omit<DigitClassifierElement, keyof HTMLElement>, `${string}Callback`>;

interface Member {
  /** As TypeScript has it; of a method, what it returns. */
  type: string;
  description: string;
  kind?: 'method';
  readonly?: true;
  /** The attribute of the same name. */
  attribute?: true;
}

const MEMBERS: { readonly [Name in Own]: Member } = {
  src: {
    type: 'string',
    description:
      'The folder that holds manifest.json and model.onnx; by default the one of the host that the script came from.',
    attribute: true,
  },
  model: {
    type: 'ModelSummary | null',
    description: 'The model in use; null until digit-load.',
    readonly: true,
  },
  result: {
    type: 'DigitResult | null',
    description: 'The answer shown; null before the first one.',
    readonly: true,
  },
  load: {
    type: 'Promise<ModelSummary>',
    description: 'Loads the model now rather than when the element is first seen.',
    kind: 'method',
  },
  read: {
    type: 'Promise<DigitResult>',
    description: "Reads a picture, a Blob, shows it in the pad's place, and answers.",
    kind: 'method',
  },
  undo: { type: 'void', description: 'Takes the last stroke back.', kind: 'method' },
  clear: { type: 'void', description: 'Empties the pad.', kind: 'method' },
  picture: {
    type: 'Promise<Blob | null>',
    description: 'What is shown, as a file; null where the pad is empty.',
    kind: 'method',
  },
};

const EVENTS: { readonly [Name in keyof DigitClassifierEvents]: string } = {
  'digit-change': 'A new answer.',
  'digit-load': 'The bundle is verified and ready.',
  'digit-error':
    'The bundle cannot be used, a picture cannot be read, or nothing can be kept; error.code says which.',
};

const PARTS: Readonly<Record<string, string>> = {
  frame: 'All of it.',
  pad: 'What is drawn on.',
  ink: 'The canvas of the drawing.',
  picture: "The canvas of a picture in the pad's place.",
  hint: 'What an empty pad says.',
  tools: 'The row of buttons.',
  button: 'Each button.',
  notice: 'A word on a picture that could not be read.',
  answer: 'All beside the pad.',
  digit: 'The digit that was read.',
  certainty: 'Its probability.',
  note: 'Why it is not to be relied on.',
  seen: 'The picture as the model sees it.',
  bars: 'The ten probabilities.',
  bar: 'One of them.',
  foot: 'The line at the bottom.',
  model: 'Name of the model, and time of the answer.',
  failure: 'What is said where the model did not load.',
};

const PROPERTIES: Readonly<Record<string, string>> = {
  accent: 'Colour of what stands out.',
  font: 'Font family.',
  ink: 'Colour of the strokes.',
  line: 'Colour of borders.',
  muted: 'Colour of lesser text.',
  pad: 'Background of the pad.',
  radius: 'Radius of the corners.',
  rest: 'Colour of the bars that are not the highest.',
  surface: 'Background of the element.',
  text: 'Colour of text.',
  track: 'Colour behind the bars.',
};

const TAG = 'digit-classifier';
const CLASS = 'DigitClassifierElement';
/** As the package exports them. */
const MODULES = {
  class: 'dist/web/site/digit-classifier-element.js',
  definition: 'dist/web/site/digit-classifier.js',
};

const described = (table: Readonly<Record<string, string>>, prefix = '') =>
  Object.entries(table).map(([name, description]) => ({ name: prefix + name, description }));

function memberOf([name, { type, description, kind, readonly, attribute }]: [string, Member]) {
  const common = { name, description };
  if (kind === 'method') return { kind, ...common, return: { type: { text: type } } };
  return {
    kind: 'field',
    ...common,
    type: { text: type },
    ...(readonly && { readonly }),
    ...(attribute && { attribute: name, reflects: true }),
  };
}

/** The element as editors and catalogues of components read of it: a custom elements manifest, schema 2.1. */
export function customElementsManifest() {
  const members = Object.entries<Member>(MEMBERS);
  return {
    schemaVersion: '2.1.0',
    modules: [
      {
        kind: 'javascript-module',
        path: MODULES.class,
        declarations: [
          {
            kind: 'class',
            name: CLASS,
            tagName: TAG,
            customElement: true,
            superclass: { name: 'HTMLElement' },
            description: 'A draw pad and picture reader that names the digit, in the page itself.',
            attributes: members
              .filter(([, { attribute }]) => attribute)
              .map(([name, { type, description }]) => ({
                name,
                fieldName: name,
                type: { text: type },
                description,
              })),
            members: members.map(memberOf),
            events: described(EVENTS).map((event) => ({
              ...event,
              type: { text: `CustomEvent<DigitClassifierEvents['${event.name}']>` },
            })),
            cssParts: described(PARTS),
            cssProperties: described(PROPERTIES, `--${TAG}-`),
          },
        ],
        exports: [{ kind: 'js', name: CLASS, declaration: { name: CLASS, module: MODULES.class } }],
      },
      {
        kind: 'javascript-module',
        path: MODULES.definition,
        exports: [
          {
            kind: 'custom-element-definition',
            name: TAG,
            declaration: { name: CLASS, module: MODULES.class },
          },
        ],
      },
    ],
  };
}
