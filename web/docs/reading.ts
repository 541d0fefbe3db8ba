/** Marks, in the list of operations, the one that is being read; folds the list where it lies above the text. */
export function followReading(contents: HTMLElement): void {
  const links = new Map(
    [...contents.querySelectorAll<HTMLAnchorElement>('li a')].map((link) => [link.hash.slice(1), link]),
  );
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const link = links.get(target.id);
        if (!isIntersecting) link?.removeAttribute('aria-current');
        else link?.setAttribute('aria-current', 'location');
      }
    },
    // A line a third down the window: one operation at a time is on it.
    { rootMargin: '-33% 0px -66% 0px' },
  );
  for (const operation of document.querySelectorAll('.operation')) observer.observe(operation);

  const menu = contents.querySelector('details')!;
  const isBeside = matchMedia('(min-width: 72rem)');
  const fold = () => {
    menu.open = isBeside.matches;
  };
  isBeside.addEventListener('change', fold);
  fold();
  menu.addEventListener('click', ({ target }) => {
    if (!isBeside.matches && target instanceof Element && target.closest('a')) menu.open = false;
  });
}
