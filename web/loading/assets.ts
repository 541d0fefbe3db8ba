import { unmet } from '../../core/errors.js';
import { common } from './common.js';

/**
 * Says where worker, runtime and the default bundle are, for a script that was moved or bundled into another; all elements of the page
 * take them from there. On a server, which has no use for them, it may be called as well.
 * @param url a folder, relative to the page or absolute. By default the one that this script came from.
 */
export function setAssetFolder(url: string | URL): void {
  const folder = String(url);
  common().assetFolder = folder.endsWith('/') ? folder : `${folder}/`;
}

/**
 * The absolute URL of a file that the build lays beside the element's script.
 * @throws TenfoldError `not-found` where nobody said where that is, and the script does not know: it is no module, or a bundler wrote a
 * file's path into it.
 */
export function assetUrl(file: string): string {
  const { assetFolder } = common();
  try {
    const base = assetFolder === undefined ? import.meta.url : new URL(assetFolder, document.baseURI);
    const { protocol, href } = new URL(file, base);
    if (/^https?:$/.test(protocol) || protocol === location.protocol) return href;
  } catch {
    // What is no address is said below.
  }
  throw unmet({
    code: 'not-found',
    what: `the folder of ${file}`,
    expected: 'an address',
    got: assetFolder ?? import.meta.url ?? 'none',
    advice: 'Name the folder by setAssetFolder(): this script does not know where it came from.',
  });
}
