import { assetUrl } from '../loading/assets.js';
import { type Choice, choiceOf } from './choices.js';
import { sheetsFor } from './styles.js';

/** Where the bundle is, beside the worker and the runtime, unless `src` says otherwise. */
const DEFAULT_BUNDLE = 'model/';

// Node has no HTMLElement, and importing this module there must not fail.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** The properties of `<digit-classifier>` that stand for attributes, and what every element of a form has. */
export abstract class AttributeElement extends Base {
  static readonly formAssociated = true;
  /** Of `disabled` and `name` the browser itself tells. */
  static readonly observedAttributes = [
    'src',
    'mode',
    'digits',
    'readonly',
    'required',
    'theme',
    'lang',
    'value',
  ];

  protected readonly internals = this.attachInternals();

  connectedCallback(): void {
    // What a page set before the element was defined hides its accessors.
    for (const [name, value] of Object.entries(this)) {
      if (!(name in Object.getPrototypeOf(this))) continue;
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }

  /** A style sheet stays behind in the document that it was made for. */
  adoptedCallback(): void {
    if (this.shadowRoot) this.shadowRoot.adoptedStyleSheets = sheetsFor(this.ownerDocument);
  }

  /** The folder that holds `manifest.json` and `model.onnx`; absolute, ends in a slash. What is no address comes back as it is. */
  get src(): string {
    const given = this.getAttribute('src');
    try {
      if (given === null) return assetUrl(DEFAULT_BUNDLE);
      const { href } = new URL(given, this.ownerDocument.baseURI);
      return href.endsWith('/') ? href : `${href}/`;
    } catch {
      // As the platform's own elements do; that there is nothing is said where it is loaded.
      return given ?? DEFAULT_BUNDLE;
    }
  }
  set src(value: string) {
    this.#say('src', value);
  }

  /** What a picture may come by: `both`, `draw` or `upload`, which is files, drop, paste and the camera. */
  get mode(): Choice<'mode'> {
    return choiceOf(this, 'mode');
  }
  set mode(value: Choice<'mode'>) {
    this.#say('mode', value);
  }

  /** What is read: `one` digit, or `many`: whole numbers. */
  get digits(): Choice<'digits'> {
    return choiceOf(this, 'digits');
  }
  set digits(value: Choice<'digits'>) {
    this.#say('digits', value);
  }

  /** `auto` follows the page's `color-scheme`. */
  get theme(): Choice<'theme'> {
    return choiceOf(this, 'theme');
  }
  set theme(value: Choice<'theme'>) {
    this.#say('theme', value);
  }

  // As with the platform's own elements, undefined is false: `toggleAttribute` would take it for not given, and toggle.
  /** The person may look and may not change; the page may, by its properties and methods. */
  get readOnly(): boolean {
    return this.hasAttribute('readonly');
  }
  set readOnly(value: boolean) {
    this.toggleAttribute('readonly', Boolean(value));
  }

  /** As `readOnly`, and the form does not send the value. */
  get disabled(): boolean {
    return this.hasAttribute('disabled');
  }
  set disabled(value: boolean) {
    this.toggleAttribute('disabled', Boolean(value));
  }

  /** The form is not sent without a value. */
  get required(): boolean {
    return this.hasAttribute('required');
  }
  set required(value: boolean) {
    this.toggleAttribute('required', Boolean(value));
  }

  /** What the form sends the value as. */
  get name(): string {
    return this.getAttribute('name') ?? '';
  }
  set name(value: string) {
    this.#say('name', value);
  }

  /** The `value` attribute: what is shown at first, and after the form is reset. */
  get defaultValue(): string {
    return this.getAttribute('value') ?? '';
  }
  set defaultValue(value: string) {
    this.#say('value', value);
  }

  /** Frameworks set what they are not given to undefined or null: that says nothing. */
  #say(name: string, value: string): void {
    if ((value ?? null) === null) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  get form(): HTMLFormElement | null {
    return this.internals.form;
  }
  get labels(): NodeList {
    return this.internals.labels;
  }
  get validity(): ValidityState {
    return this.internals.validity;
  }
  get validationMessage(): string {
    return this.internals.validationMessage;
  }
  get willValidate(): boolean {
    return this.internals.willValidate;
  }
  checkValidity(): boolean {
    return this.internals.checkValidity();
  }
  reportValidity(): boolean {
    return this.internals.reportValidity();
  }
}
