import { writeFileSync } from 'node:fs';
import { bundleSpecs } from './bundle.js';
import { runSpecs } from './run-specs.js';

const results = await runSpecs(await bundleSpecs());
const failed = results.filter((r) => r.failures.length);
if (process.argv[2]) writeFileSync(process.argv[2], JSON.stringify(failed, null, 1));
console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
process.exit(0);
