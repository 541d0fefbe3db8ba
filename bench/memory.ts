import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { unmet } from '../core/errors.js';
import { endWithUs } from './children.js';
import { growth, MOST_GROWTH, memoryTable } from './memory-table.js';
import type { Network } from './networks.js';

const EPOCHS = 10;
const TRAINING = fileURLToPath(new URL('./peers/train-epochs.js', import.meta.url));

/**
 * Trains each network for ten short epochs in a process of its own and follows its resident memory.
 * @returns markdown, and whether no network's memory grew by more than {@link MOST_GROWTH}.
 * @throws TenfoldError `failed` where a training ends before its last epoch.
 */
export async function benchMemory({
  networks = ['speedrun'],
  threads = availableParallelism(),
}: {
  networks?: readonly Network[];
  threads?: number;
} = {}): Promise<{ report: string; isBounded: boolean }> {
  const tables: string[] = [];
  let isBounded = true;
  for (const network of networks) {
    const bytesByEpoch = await follow(network, threads);
    tables.push(memoryTable(network, bytesByEpoch));
    isBounded &&= growth(bytesByEpoch) <= MOST_GROWTH;
  }
  return { report: tables.join('\n\n'), isBounded };
}

async function follow(network: Network, threads: number): Promise<number[]> {
  const parameters = ['--network', network, '--epochs', String(EPOCHS), '--threads', String(threads)];
  const child = spawn(process.execPath, [TRAINING, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithUs(child);
  const bytesByEpoch: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const { epoch, bytes } = JSON.parse(line) as { epoch: number; bytes: number };
    console.error(`${network}: epoch ${epoch} of ${EPOCHS}`);
    bytesByEpoch.push(bytes);
  }
  if (bytesByEpoch.length === EPOCHS) return bytesByEpoch;
  throw unmet({
    code: 'failed',
    what: `the training of ${network}`,
    expected: `${EPOCHS} epochs`,
    got: String(bytesByEpoch.length),
    advice: 'What it wrote above says why.',
  });
}
