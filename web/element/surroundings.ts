export interface SurroundingEvents {
  /** The element comes into sight, the first time. */
  onSeen(): void;
  /** Its size, its colours or the screen's resolution may be others. */
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
  watchResolution(onLook, signal);
  const language = new MutationObserver(onLanguage);
  language.observe(host.ownerDocument.documentElement, { attributeFilter: ['lang'] });
  surface.addEventListener('transitionend', onLook, { signal });
  signal.addEventListener('abort', () => {
    for (const observer of [seen, size, language]) observer.disconnect();
  });
}

/** A page that is zoomed or goes to another screen may keep every size in its own pixels. */
function watchResolution(onChange: () => void, signal: AbortSignal): void {
  const changed = () => {
    onChange();
    watchResolution(onChange, signal);
  };
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', changed, {
    once: true,
    signal,
  });
}
