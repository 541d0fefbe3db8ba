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

/** What XML 1.0 does not allow at all, not even escaped; half a surrogate pair among it. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text without the characters that no XML may hold; each becomes U+FFFD. */
export const printable = (text: string): string => text.replace(FORBIDDEN, '\ufffd');

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
  raw(String.raw({ raw: strings.map((text) => text) }, ...values.map(rendered)));
