import { keepOffline, type ServiceWorkerScope } from './keep.js';

/** The page's files from where this script is; the build writes them in. */
declare const PAGE_FILES: readonly string[];

keepOffline(
  self as unknown as ServiceWorkerScope,
  PAGE_FILES.map((file) => new URL(file, location.href).href),
);
