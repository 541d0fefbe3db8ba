import { createRequire } from 'node:module';

/** One spec that was run. */
export interface SpecResult {
  /** The descriptions around it and its own, as Jasmine joins them. */
  name: string;
  /** Why it failed, a message each; empty where it passed. */
  failures: string[];
}

/** What is used here of Jasmine, which brings no types. */
interface Jasmine {
  getEnv(): {
    configure(options: { random: boolean }): void;
    addReporter(reporter: { specDone(result: SpecDone): void }): void;
    execute(): Promise<unknown>;
  };
}

interface SpecDone {
  fullName: string;
  status: 'passed' | 'failed' | 'pending' | 'excluded';
  failedExpectations: { message: string; stack?: string }[];
}

/** Loads the bundle and runs every spec that it declares, in the order of their declaration; pending ones are left out. */
export async function runSpecs(bundle: string): Promise<SpecResult[]> {
  const require = createRequire(import.meta.url);
  const jasmine = (require('jasmine-core') as { boot(): Jasmine }).boot();
  const env = jasmine.getEnv();
  const results: SpecResult[] = [];
  env.configure({ random: false });
  env.addReporter({
    specDone({ fullName, status, failedExpectations }) {
      if (status !== 'passed' && status !== 'failed') return;
      results.push({ name: fullName, failures: failedExpectations.map(({ message }) => message) });
    },
  });
  require(bundle);
  await env.execute();
  return results;
}
