/** Copies an element's text, or where the page may not (plain http), selects it for the reader to copy; the button says which. */
export async function copyText(source: Node, button: HTMLButtonElement): Promise<void> {
  const label = button.textContent;
  getSelection()?.selectAllChildren(source);
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Selected';
  }
  setTimeout(() => {
    button.textContent = label;
  }, 1500);
}
