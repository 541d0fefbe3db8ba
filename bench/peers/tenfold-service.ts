import { startServer } from '../../serve/server.js';

/** Our own service as a process of its own, as `tenfold serve` runs it. Prints its URL. */

const quiet = { info() {}, warn: console.error, error: console.error };
const { url } = await startServer({ bundles: [process.argv[2]!], port: 0, logger: quiet });
console.log(url);
