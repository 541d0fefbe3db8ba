/** Text that is markup already; everything else is escaped where it is put in. */
export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | readonly Content[] | null | undefined;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Whether XML 1.0 allows it (section 2.2), and it is no control character; half a surrogate pair is not allowed. */
function isPrintable(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  const isControl = code >= 0x7f && code <= 0x9f;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return !isControl && !isSurrogate && code !== 0xfffe && code !== 0xffff;
}

/** A text without the characters that no XML may hold; each becomes U+FFFD. */
export const printable = (text: string): string =>
  /^[ -~]*$/.test(text)
    ? text
    : Array.from(text, (character) => (isPrintable(character.codePointAt(0)!) ? character : '\ufffd')).join(
        '',
      );

/** A text as it stands in HTML and XML, inside elements and quoted attributes alike. */
export const escaped = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);

export const raw = (markup: string): Markup => ({ markup });

const rendered = (content: Content): string => {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return escaped(content);
  if (typeof content === 'number') return String(content);
  return 'markup' in content ? content.markup : content.map(rendered).join('');
};

/** A template of HTML or SVG: what is put in is escaped unless it is markup. */
export const html = (strings: TemplateStringsArray, ...values: Content[]): Markup =>
  raw(String.raw({ raw: strings }, ...values.map(rendered)));
