/** What an attribute may say; the first is what it means where it says nothing or something else. */
export const CHOICES = {
  /** What a picture may come by: drawing, files and the camera, or both. */
  mode: ['both', 'draw', 'upload'],
  /** What is read: one digit, or whole numbers, line by line. */
  digits: ['one', 'many'],
  /** `auto` follows the `color-scheme` of the page around. */
  theme: ['auto', 'light', 'dark'],
} as const;

export type ChoiceName = keyof typeof CHOICES;
export type Choice<Name extends ChoiceName> = (typeof CHOICES)[Name][number];

/** What the element's attribute says, in any case of letters. */
export function choiceOf<Name extends ChoiceName>(host: Element, name: Name): Choice<Name> {
  const said = host.getAttribute(name)?.toLowerCase();
  const choices: readonly Choice<Name>[] = CHOICES[name];
  return choices.find((choice) => choice === said) ?? choices[0]!;
}
