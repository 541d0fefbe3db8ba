import { startServer } from '../../serve/server.js';

/** `limited-service.js BUNDLE LIMITS`: the service with other limits, as JSON, than `tenfold serve` has. */
const [bundleDirectory, limits] = process.argv.slice(2);
const toStandardError = (fields: object, message: string) => console.error(message, fields);
const server = await startServer({
  bundleDirectory: bundleDirectory!,
  port: 0,
  limits: JSON.parse(limits!),
  logger: { info() {}, warn: toStandardError, error: toStandardError },
});
console.log(JSON.stringify({ url: server.url }));
process.once('SIGTERM', () => void server.close());
