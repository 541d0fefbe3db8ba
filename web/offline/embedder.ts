import { keepOffline, type ServiceWorkerScope } from './keep.js';

/**
 * For the service worker of a page that embeds the element: keeps the element's script. What that loads it keeps by itself; your own
 * pages are yours to keep.
 * @param host the folder that the script comes from: `https://your-host/`
 */
function keepDigitClassifier(host: string): void {
  keepOffline(self as unknown as ServiceWorkerScope, [new URL('digit-classifier.js', host).href]);
}

Object.assign(self, { keepDigitClassifier });
