export interface SurroundingEvents {
  /** The element comes into sight, the first time. */
  onSeen(): void;
  /** Its size or colours may be others. */
  onLook(): void;
  /** The language of the page may be another. */
  onLanguage(): void;
}

/** Watches what an element cannot know by itself, until the signal aborts. */
export function watchSurroundings(
  host: HTMLElement,
  surface: HTMLElement,
  { onSeen, onLook, onLanguage }: SurroundingEvents,
  signal: AbortSignal,
): void {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen.disconnect();
    onSeen();
  });
  seen.observe(host);
  const size = new ResizeObserver(onLook);
  size.observe(surface);
  const language = new MutationObserver(onLanguage);
  language.observe(host.ownerDocument.documentElement, { attributeFilter: ['lang'] });
  surface.addEventListener('transitionend', onLook, { signal });
  signal.addEventListener('abort', () => {
    for (const observer of [seen, size, language]) observer.disconnect();
  });
}
