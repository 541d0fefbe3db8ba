/** The text of a JSON body; a byte order mark at its beginning is passed over, as RFC 8259, section 8.1, allows. */
export function jsonText(json: Buffer): string {
  const text = json.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
