import { keepOffline, type ServiceWorkerScope } from './keep.js';

/** The page's files from where this script is; the build writes them in. */
declare const PAGE_FILES: readonly string[];

const scope = self as unknown as ServiceWorkerScope;
// Ours alone: when a worker of an embedder takes over is for that page to say.
scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
keepOffline(
  scope,
  PAGE_FILES.map((file) => new URL(file, location.href).href),
);
