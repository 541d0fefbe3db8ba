import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { unmet } from '../core/errors.js';
import { machineAtHand, machineText } from '../train/machine.js';
import { median } from '../train/metrics/median.js';
import { NETWORKS, type Network } from './networks.js';
import type { Answers } from './peers/step-protocol.js';
import { findPythons } from './pythons.js';
import { type StepProcess, startStepProcess } from './step-process.js';
import { type Measured, trainTable } from './train-table.js';

export interface BenchTrainingOptions {
  /** All of {@link NETWORKS} where none is named. */
  networks?: readonly Network[];
  /** Threads of each side; one a core by default. */
  threads?: number;
  /** Measured steps of each side, rounded up to whole turns. */
  steps?: number;
  /** Pythons with a PyTorch, beside the usual ones. */
  pythons?: readonly string[];
}

const WARM_UP_STEPS = 5;
const STEPS = 40;

/**
 * Steps of a turn that are measured, after one that finds the threads asleep and the caches full of the other side's data:
 * in a training each step follows another.
 */
const STEPS_PER_TURN = 8;

/** Thread pools spin for a while after their work; the other side's turn begins when that is over. */
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
  const pythons = findPythons(named, ['torch']);
  const turns = Math.ceil(steps / STEPS_PER_TURN);
  const measured: Measured[] = [];
  for (const network of networks) {
    console.error(`${network}: ${turns} turns of ${STEPS_PER_TURN} steps beside ${pythons.length} PyTorch`);
    measured.push(await measure(network, pythons, threads, turns));
  }
  return [
    trainTable(measured),
    '',
    `Medians of ${turns * STEPS_PER_TURN} steps each, ${STEPS_PER_TURN} in a turn after one that is not counted, ${threads} threads, ` +
      `${machineText(machineAtHand())}. ` +
      'Ours gathers each batch within its step, PyTorch has its one batch in memory.',
    ...(pythons.length === 0 ? ['', SKIPPED] : []),
  ].join('\n');
}

async function measure(
  network: Network,
  pythons: readonly string[],
  threads: number,
  turns: number,
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
    return await takeTurns(network, ours, processes.slice(1), turns);
  } finally {
    await Promise.all(processes.map((each) => each.close()));
  }
}

async function takeTurns(
  network: Network,
  ours: StepProcess,
  peers: readonly StepProcess[],
  turns: number,
): Promise<Measured> {
  const { milliseconds: whole, runMilliseconds: run = 0, compileMilliseconds = 0 } = await ours.ask('step');
  for (const each of [ours, ...peers]) await takeTurn(each, WARM_UP_STEPS);
  const times = {
    ours: [] as number[],
    batch: [] as number[],
    tracing: [] as number[],
    peers: peers.map((): number[] => []),
  };
  for (let turn = 0; turn < turns; turn++) {
    for (const step of await takeTurn(ours, STEPS_PER_TURN)) {
      const { milliseconds, batchMilliseconds = 0, runMilliseconds = 0 } = step;
      times.ours.push(milliseconds);
      times.batch.push(batchMilliseconds);
      times.tracing.push(milliseconds - batchMilliseconds - runMilliseconds);
    }
    for (const [index, peer] of peers.entries()) {
      const steps = await takeTurn(peer, STEPS_PER_TURN);
      times.peers[index]!.push(...steps.map(({ milliseconds }) => milliseconds));
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

/** So many steps, one right after the other, after one that is not counted. */
async function takeTurn(side: StepProcess, steps: number): Promise<Answers['step'][]> {
  await sleep(SETTLE_MILLISECONDS);
  await side.ask('step');
  const answers: Answers['step'][] = [];
  while (answers.length < steps) answers.push(await side.ask('step'));
  return answers;
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
