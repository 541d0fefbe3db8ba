import { CHOICES, type ChoiceName } from '../element/choices.js';
import type { DigitClassifierElement } from '../element/digit-classifier-element.js';
import type { DigitClassifierEvents } from '../element/events.js';

type Own = Exclude<keyof Omit<DigitClassifierElement, keyof HTMLElement>, `${string}Callback`>;

interface Member {
  /** As TypeScript has it; of a method, what it returns. */
  type: string;
  description: string;
  kind?: 'method';
  /** Of a method: names and types. */
  parameters?: Readonly<Record<string, string>>;
  readonly?: true;
  /** The attribute that it reflects. */
  attribute?: string;
  /** What it is where the attribute says nothing, as written in TypeScript. */
  default?: string;
}

const choice = (name: ChoiceName, description: string): Member => {
  const choices = CHOICES[name].map((value) => `'${value}'`);
  return { type: choices.join(' | '), description, attribute: name, default: choices[0]! };
};

const flag = (attribute: string, description: string): Member => ({
  type: 'boolean',
  description,
  attribute,
  default: 'false',
});

const MEMBERS: { readonly [Name in Own]: Member } = {
  src: {
    type: 'string',
    description:
      "The bundle's folder, with manifest.json and the model; by default model/ beside the script.",
    attribute: 'src',
  },
  mode: choice('mode', 'What a picture may come by: drawing; files, drop, paste and the camera; or both.'),
  digits: choice('digits', 'What is read: one digit, or whole numbers, line by line.'),
  name: { type: 'string', description: 'What the form sends the value as.', attribute: 'name' },
  defaultValue: {
    type: 'string',
    description: "Shown at first and after a reset, in a drawing's place.",
    attribute: 'value',
  },
  value: {
    type: 'string',
    description: 'What was read and accepted, else empty; what is set is shown, and all but digits is empty.',
  },
  required: flag('required', 'The form is not sent without a value.'),
  readOnly: flag('readonly', 'The person may look and not change.'),
  disabled: flag('disabled', 'The same, and nothing is sent; a fieldset around does it too.'),
  theme: choice('theme', "Light or dark; auto is the page's color-scheme."),
  texts: {
    type: 'Partial<Texts>',
    description: "Texts in the element's place, all or some, for other languages or other words.",
  },
  result: {
    type: 'DigitResult | null',
    description: 'The answer shown; null before the first one.',
    readonly: true,
  },
  model: {
    type: 'ModelSummary | null',
    description: 'The model in use; null until digit-load.',
    readonly: true,
  },
  form: { type: 'HTMLFormElement | null', description: 'The form that it is a field of.', readonly: true },
  labels: { type: 'NodeList', description: 'Its labels.', readonly: true },
  validity: { type: 'ValidityState', description: 'Whether the form may be sent.', readonly: true },
  validationMessage: { type: 'string', description: 'Why it may not.', readonly: true },
  willValidate: { type: 'boolean', description: 'Whether the form asks it.', readonly: true },
  classify: {
    type: 'Promise<DigitResult>',
    description: "Reads a picture, or the one at an address, shows it in the pad's place, and answers.",
    kind: 'method',
    parameters: { source: 'PictureSource' },
  },
  clear: { type: 'void', description: 'Empties the pad.', kind: 'method' },
  undo: { type: 'void', description: 'Takes the last stroke back.', kind: 'method' },
  toBlob: {
    type: 'Promise<Blob | null>',
    description:
      'What is shown as a file: the picture given, or the drawing as PNG; null where there is nothing.',
    kind: 'method',
  },
  load: {
    type: 'Promise<ModelSummary>',
    description: 'Loads the model now rather than when the element is first seen.',
    kind: 'method',
  },
  checkValidity: {
    type: 'boolean',
    description: 'Whether the form may be sent; tells invalid where not.',
    kind: 'method',
  },
  reportValidity: { type: 'boolean', description: 'The same, and shows the person why not.', kind: 'method' },
};

/** Attributes that every element has, and this one heeds. */
const GLOBAL_ATTRIBUTES: Readonly<Record<string, string>> = {
  lang: 'The language of its texts, en or zh; by default that of what is around.',
};

const EVENTS: { readonly [Name in keyof DigitClassifierEvents]: string } = {
  'digit-input': 'An answer to a drawing, while it is drawn.',
  'digit-change': 'The answer to a picture, or to a drawing once the pen is lifted.',
  'digit-progress': 'Bytes come and to come, while the model loads.',
  'digit-load': 'The model is verified and ready.',
  'digit-error':
    'The model does not load or cannot be kept, or a picture or the camera cannot be had or read; error.code says which.',
};

const PARTS: Readonly<Record<string, string>> = {
  frame: 'All of it.',
  pad: 'What is drawn on.',
  ink: 'The canvas of the drawing.',
  picture: "The canvas of a picture in the pad's place.",
  video: "The camera's picture in the pad's place.",
  guide: 'The lines on an empty pad.',
  hint: 'What an empty pad says.',
  cursor: "The keyboard's pen.",
  drop: 'What the pad says under a file that is dragged.',
  boxes: "The drawing over the pad of a number's boxes.",
  box: 'The box of one digit.',
  tools: 'The row of buttons.',
  button: 'Each button.',
  'undo-button': 'Undo.',
  'clear-button': 'Clear.',
  'open-button': 'Open picture.',
  'camera-button': 'Camera.',
  'take-button': 'Take picture.',
  'cancel-button': 'Cancel, of the camera.',
  notice: 'What went wrong with a picture, the camera or keeping the model.',
  answer: 'All beside the pad.',
  headline: 'The digit, how sure it is, and the picture as the model sees it.',
  digit: 'The digit or number that was read.',
  certainty: 'Its probability.',
  note: 'The next likely digit, or why it is not to be relied on.',
  seen: 'The picture as the model sees it.',
  digits: "A number's digits.",
  'digit-button': 'One of them, which shows its probabilities.',
  bars: 'The ten probabilities.',
  bar: 'One of them.',
  'bar-track': 'The ground of a bar.',
  'bar-fill': 'Its filled part.',
  'bar-value': 'Its value.',
  foot: 'The line at the bottom.',
  loading: 'What it says while the model loads.',
  progress: 'The progress bar there.',
  model: 'Name of the model, and time of the answer.',
  failure: 'What it says where the model did not load.',
};

const PROPERTIES: Readonly<Record<string, string>> = {
  surface: 'Colour of the ground.',
  pad: 'Colour of where one draws.',
  ink: 'Colour of what one draws.',
  text: 'Colour of text.',
  muted: 'Colour of text of less weight.',
  line: 'Colour of borders.',
  track: 'Colour behind the bars.',
  rest: 'Colour of the bars but the best.',
  accent: 'Colour of the best bar, focus and messages.',
  'on-accent': 'Colour of text on the accent.',
  radius: 'Radius of the corners.',
  font: 'Font family.',
  'seen-size': 'Side of the picture that the model sees.',
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

function memberOf([name, member]: [string, Member]) {
  const { type, description, kind, parameters = {}, readonly, attribute } = member;
  const common = { name, description };
  if (kind === 'method') {
    return {
      kind,
      ...common,
      parameters: Object.entries(parameters).map(([parameter, text]) => ({
        name: parameter,
        type: { text },
      })),
      return: { type: { text: type } },
    };
  }
  return {
    kind: 'field',
    ...common,
    type: { text: type },
    ...(member.default && { default: member.default }),
    ...(readonly && { readonly }),
    ...(attribute && { attribute, reflects: true }),
  };
}

const attributesOf = (members: readonly [string, Member][]) =>
  members.flatMap(([fieldName, member]) => {
    const { attribute, type, description } = member;
    if (!attribute) return [];
    const preset = member.default && { default: member.default };
    return [{ name: attribute, fieldName, type: { text: type }, description, ...preset }];
  });

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
            description: 'A draw pad and picture reader that names the digit or number, in the page itself.',
            attributes: [...attributesOf(members), ...described(GLOBAL_ATTRIBUTES)],
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
