import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { unmet } from '../core/errors.js';
import { median } from '../train/metrics/median.js';
import { NETWORKS, type Network } from './networks.js';
import { findPythons } from './pythons.js';
import { type StepProcess, startStepProcess } from './step-process.js';
import { type Measured, trainTable } from './train-table.js';
import { versions } from './versions.js';

export interface BenchTrainingOptions {
  /** All of {@link NETWORKS} where none is named. */
  networks?: readonly Network[];
  /** Threads of each side; one a core by default. */
  threads?: number;
  /** Measured steps of each side, after those to warm up. */
  steps?: number;
  /** Pythons with a PyTorch, beside the usual ones. */
  pythons?: readonly string[];
}

const WARM_UP_STEPS = 5;
const STEPS = 20;

/** Thread pools spin for a while after their work; the other side's step begins when that is over. */
const SETTLE_MILLISECONDS = 150;

const OURS = fileURLToPath(new URL('./peers/train-tenfold.js', import.meta.url));
const TORCH = fileURLToPath(new URL('../../bench/peers/train_torch.py', import.meta.url));
const SKIPPED =
  'PyTorch was skipped: neither python3 nor /usr/bin/python3 can import torch. ' +
  'Install it with `apt install python3-torch` (Debian, Ubuntu) or name a Python that has it by `--python PATH`.';

/**
 * Measures our training step and that of every PyTorch found in turns, in one run on one machine, each in a process of
 * its own, so that each one's peak memory is its own.
 * @returns markdown: a table, and how it was measured.
 * @throws TenfoldError `failed` where a process ends early or the networks differ, `unavailable` for a Python without PyTorch.
 */
export async function benchTraining({
  networks = NETWORKS,
  threads = availableParallelism(),
  steps = STEPS,
  pythons: named = [],
}: BenchTrainingOptions = {}): Promise<string> {
  const pythons = findPythons(named);
  const measured: Measured[] = [];
  for (const network of networks) {
    console.error(`${network}: ${WARM_UP_STEPS} + ${steps} steps beside ${pythons.length} PyTorch`);
    measured.push(await measure(network, pythons, threads, steps));
  }
  return [
    trainTable(measured),
    '',
    `Medians of ${steps} steps each, taken in turns after ${WARM_UP_STEPS} to warm up, ${threads} threads, ` +
      `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} logical cores; ${versions()}. ` +
      'Ours gathers each batch as the training does, PyTorch has its one batch in memory.',
    ...(pythons.length === 0 ? ['', SKIPPED] : []),
  ].join('\n');
}

async function measure(
  network: Network,
  pythons: readonly string[],
  threads: number,
  steps: number,
): Promise<Measured> {
  const parameters = ['--network', network, '--threads', String(threads)];
  const processes: StepProcess[] = [];
  try {
    const ours = await startStepProcess(`ours, ${network}`, process.execPath, [OURS, ...parameters]);
    processes.push(ours);
    for (const python of pythons) {
      const peer = await startStepProcess(`${python}, ${network}`, python, [TORCH, ...parameters]);
      processes.push(peer);
      requireEqual(network, ours, peer);
    }
    return await takeTurns(network, ours, processes.slice(1), steps);
  } finally {
    await Promise.all(processes.map((each) => each.close()));
  }
}

async function takeTurns(
  network: Network,
  ours: StepProcess,
  peers: readonly StepProcess[],
  steps: number,
): Promise<Measured> {
  const { milliseconds: whole, runMilliseconds: run = 0, compileMilliseconds = 0 } = await ours.ask('step');
  const times = {
    ours: [] as number[],
    batch: [] as number[],
    tracing: [] as number[],
    peers: peers.map((): number[] => []),
  };
  for (let step = 1; step <= WARM_UP_STEPS + steps; step++) {
    const isMeasured = step > WARM_UP_STEPS;
    const { milliseconds, batchMilliseconds = 0, runMilliseconds = 0 } = await ours.ask('step');
    if (isMeasured) {
      times.ours.push(milliseconds);
      times.batch.push(batchMilliseconds);
      times.tracing.push(milliseconds - batchMilliseconds - runMilliseconds);
    }
    await sleep(SETTLE_MILLISECONDS);
    for (const [index, peer] of peers.entries()) {
      const answer = await peer.ask('step');
      if (isMeasured) times.peers[index]!.push(answer.milliseconds);
      await sleep(SETTLE_MILLISECONDS);
    }
  }
  return {
    network,
    batch: ours.batch,
    ours: {
      milliseconds: median(times.ours),
      batchMilliseconds: median(times.batch),
      tracingMilliseconds: median(times.tracing),
      recordMilliseconds: whole - run - compileMilliseconds,
      compileMilliseconds,
      peakBytes: (await ours.ask('memory')).bytes,
    },
    peers: await Promise.all(
      peers.map(async (peer, index) => ({
        engine: peer.engine,
        milliseconds: median(times.peers[index]!),
        peakBytes: (await peer.ask('memory')).bytes,
      })),
    ),
  };
}

function requireEqual(network: Network, ours: StepProcess, peer: StepProcess): void {
  const shown = ({ parameters, batch, threads }: StepProcess) =>
    `${parameters} parameters, batch ${batch}, ${threads} threads`;
  if (shown(ours) === shown(peer)) return;
  throw unmet({
    code: 'failed',
    what: `${network} of ${peer.engine}`,
    expected: shown(ours),
    got: shown(peer),
    advice: 'Both sides must do the same work: mend NETWORKS in bench/peers/train_torch.py.',
  });
}
