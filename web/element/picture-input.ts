export interface PictureInputEvents {
  /** A file came by drop, paste or the file chooser. */
  onPicture(file: File): void;
  /** A dragged file is over the element, or no longer. */
  onHover(hovering: boolean): void;
  /** Whether pictures are taken now; where not, a drop or paste is the page's. */
  isOpen(): boolean;
}

/** The host that a paste with nothing focused means: the one last used, else the first connected. */
let current: HTMLElement | undefined;

const firstFile = (transfer: DataTransfer | null): File | undefined =>
  [...(transfer?.files ?? [])].find(isPicture) ?? transfer?.files[0];

const isPicture = ({ type }: File) => type.startsWith('image/');

/** `checkVisibility` came with Safari 17.4. */
const isSeen = (host: Element): boolean =>
  host.getClientRects().length > 0 && getComputedStyle(host).visibility === 'visible';

const isEditable = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * Takes pictures that are dropped on `host`, chosen with `chooser`, or pasted, until the signal aborts; a paste counts where the focus is
 * inside the host, or where nothing has the focus, the host is the one meant and seen, and it is a picture.
 */
export function listenForPictures(
  host: HTMLElement,
  chooser: HTMLInputElement,
  { onPicture, onHover, isOpen }: PictureInputEvents,
  signal: AbortSignal,
): void {
  const take = (file: File | undefined) => {
    if (file) onPicture(file);
  };
  const { ownerDocument: page } = host;
  current ??= host;
  const used = () => {
    current = host;
  };
  for (const use of ['pointerdown', 'focusin']) host.addEventListener(use, used, { signal });
  signal.addEventListener('abort', () => {
    if (current === host) current = undefined;
  });
  const carriesFile = (event: DragEvent) =>
    isOpen() && (event.dataTransfer?.types.includes('Files') ?? false);

  const hover = (event: DragEvent) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    onHover(true);
  };
  host.addEventListener('dragenter', hover, { signal });
  host.addEventListener('dragover', hover, { signal });
  host.addEventListener(
    'dragleave',
    (event) => {
      // Moving onto a child leaves as well; only leaving the host counts.
      if (!(event.relatedTarget instanceof Node && host.contains(event.relatedTarget))) onHover(false);
    },
    { signal },
  );
  host.addEventListener(
    'drop',
    (event) => {
      if (!carriesFile(event)) return;
      event.preventDefault();
      onHover(false);
      take(firstFile(event.dataTransfer));
    },
    { signal },
  );
  page.addEventListener(
    'paste',
    (event) => {
      if (!isOpen()) return;
      const path = event.composedPath();
      const file = firstFile(event.clipboardData);
      if (!file || isEditable(path[0])) return;
      const isFocused = page.activeElement !== null && page.activeElement !== page.body;
      const isMeant = !isFocused && current === host && isSeen(host) && isPicture(file);
      if (!path.includes(host) && !isMeant) return;
      event.preventDefault();
      take(file);
    },
    { signal },
  );
  chooser.addEventListener(
    'change',
    () => {
      take(chooser.files?.[0]);
      // The same file chosen again is a change as well.
      chooser.value = '';
    },
    { signal },
  );
}
