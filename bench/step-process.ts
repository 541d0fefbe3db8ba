import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { unmet } from '../core/errors.js';
import { endWithUs } from './children.js';
import type { Answers, Question, Ready } from './peers/step-protocol.js';

/** A process that trains a network step by step when it is asked to; see peers/step-protocol.ts. */
export interface StepProcess extends Ready {
  ask<Q extends Question>(question: Q): Promise<Answers[Q]>;
  /** Ends it, and waits until it has ended. */
  close(): Promise<void>;
}

/**
 * Starts it and waits until it is ready.
 * @param name what it is called where it fails
 * @throws TenfoldError `failed` where it ends before it is closed, as do its answers.
 */
export async function startStepProcess(
  name: string,
  command: string,
  parameters: readonly string[],
): Promise<StepProcess> {
  const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
  endWithUs(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // A command that there is not, and a write to a process that has ended: the missing line says so already.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const readLine = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value);
    throw unmet({
      code: 'failed',
      what: name,
      expected: 'a line of output',
      got: 'the end of the process',
      advice: 'What it wrote above says why.',
    });
  };
  const ready = (await readLine()) as Ready;
  return {
    ...ready,
    ask: async <Q extends Question>(question: Q) => {
      child.stdin.write(`${question}\n`);
      return (await readLine()) as Answers[Q];
    },
    close() {
      child.stdin.end();
      return ended;
    },
  };
}
