import { bundleSpecs } from './bundle.js';
import { EXCEPTIONS } from './exceptions.js';
import { judge } from './judge.js';
import { runSpecs } from './run-specs.js';

/**
 * Holds the backend to TensorFlow.js's own specs. Prints what contradicts the list of exceptions, the list, and last how many
 * specs passed and failed; exit status 1 where anything contradicts.
 */
const { passed, failed, complaints } = judge(await runSpecs(await bundleSpecs()), EXCEPTIONS);
for (const complaint of complaints) console.log(complaint);
for (const [reason, names] of Object.entries(EXCEPTIONS)) {
  console.log(`${names.length} listed as not passed, since the spec ${reason}:`);
  for (const name of names) console.log(`  ${name}`);
}
console.log(`${passed} passed, ${failed} failed`);
// Specs leave timers behind.
process.exit(complaints.length > 0 ? 1 : 0);
