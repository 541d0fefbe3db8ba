/** Keeps the page for visits without a connection, where the browser lets it: over plain http there is no such thing. */
export function keepPageOffline(): void {
  navigator.serviceWorker?.register(new URL('service-worker.js', import.meta.url)).catch(() => {});
}
