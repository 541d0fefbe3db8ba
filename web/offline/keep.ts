/** What is used here of a service worker's own scope; TypeScript's library of it excludes that of pages. */
export interface ServiceWorkerScope {
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

interface ExtendableEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

/** Beside what the element itself keeps under its own name: worker, runtime, model. */
const CACHE_NAME = 'tenfold-page';

/**
 * Keeps these files for a visit without a connection. Each is asked of its server first, so that a new version shows at once; what was kept
 * stands in where no answer comes or the server fails. Every other request is left alone.
 * @param files absolute URLs without query
 */
export function keepOffline(scope: ServiceWorkerScope, files: readonly string[]): void {
  const kept = new Set(files);
  scope.addEventListener('install', (event) => event.waitUntil(keepAll(files)));
  scope.addEventListener('fetch', (event) => {
    const { origin, pathname } = new URL(event.request.url);
    const file = origin + pathname;
    if (event.request.method === 'GET' && kept.has(file)) event.respondWith(answer(event, file));
  });
}

async function keepAll(files: readonly string[]): Promise<void> {
  const cache = await caches.open(CACHE_NAME);
  await cache.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })));
}

async function answer(event: FetchEvent, file: string): Promise<Response> {
  const cache = await caches.open(CACHE_NAME);
  try {
    const response = await fetch(event.request);
    if (response.status < 500) {
      if (response.ok) event.waitUntil(cache.put(file, response.clone()).catch(() => {}));
      return response;
    }
    return (await cache.match(file)) ?? response;
  } catch (error) {
    const stored = await cache.match(file);
    if (stored) return stored;
    throw error;
  }
}
