let folder: string | undefined;

/**
 * Says where worker, runtime and the default bundle are, for a script that was moved or bundled into another; all elements of the page
 * take them from there.
 * @param url a folder, relative to the page or absolute. By default the one that this script came from.
 */
export function setAssetFolder(url: string | URL): void {
  const { href } = new URL(url, document.baseURI);
  folder = href.endsWith('/') ? href : `${href}/`;
}

/** The absolute URL of a file that the build lays beside the element's script. */
export const assetUrl = (file: string): string => new URL(file, folder ?? import.meta.url).href;
