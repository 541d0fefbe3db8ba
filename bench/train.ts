import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { unmet } from '../core/errors.js';
import { median } from '../train/metrics/median.js';

/** The recipes whose training step is measured, at their own batch sizes, the smaller first: see {@link Row}. */
const NETWORKS = { speedrun: 256, 'bottleneck-32x2': 512 } as const;

export type BenchNetwork = keyof typeof NETWORKS;

/** A network that is ready to train on a batch already in memory. */
export interface TrainingStep {
  /** Runs forward, backward and optimiser once; gives the milliseconds that took. */
  step(): Promise<number>;
  close(): Promise<void> | void;
}

export type MakeStep = (network: BenchNetwork, threads: number) => Promise<TrainingStep>;

export interface BenchTrainingOptions {
  /** Threads of both sides. */
  threads?: number;
  /** Measured steps of each side, after {@link WARM_UP_STEPS}. */
  steps?: number;
}

interface Row {
  network: BenchNetwork;
  oursMilliseconds: number;
  /** Of the whole process so far, thus also of the networks before. */
  oursPeakBytes: number;
  torch: { version: string; milliseconds: number; peakBytes: number } | undefined;
}

const WARM_UP_STEPS = 5;

/** Thread pools spin for a while after their work; the other side's step begins when that is over. */
const SETTLE_MILLISECONDS = 20;

const PEER = fileURLToPath(new URL('../../bench/peers/train_torch.py', import.meta.url));
const SKIPPED =
  'PyTorch was skipped: neither python3 nor /usr/bin/python3 can import torch. ' +
  'Install it with `apt install python3-torch` (Debian, Ubuntu) or `pip install torch`, then run this again.';

/**
 * Measures our training step and PyTorch's in turns, in one run on one machine, and prints a markdown table.
 * @throws TenfoldError `failed` where the PyTorch process ends early; what a step of ours throws.
 */
export async function benchTraining(
  makeStep: MakeStep,
  { threads = availableParallelism(), steps = 20 }: BenchTrainingOptions = {},
): Promise<string> {
  const python = findPython();
  const rows: Row[] = [];
  for (const network of Object.keys(NETWORKS) as BenchNetwork[]) {
    const peer = python === undefined ? undefined : await startTorch(python, network, threads);
    try {
      rows.push(await measure(network, await makeStep(network, threads), peer, steps));
    } finally {
      await peer?.close();
    }
  }
  return render(rows, threads, steps);
}

async function measure(
  network: BenchNetwork,
  ours: TrainingStep,
  peer: TorchPeer | undefined,
  steps: number,
): Promise<Row> {
  const times = { ours: [] as number[], torch: [] as number[] };
  try {
    for (let step = 0; step < WARM_UP_STEPS + steps; step++) {
      times.ours.push(await ours.step());
      await sleep(SETTLE_MILLISECONDS);
      if (peer === undefined) continue;
      times.torch.push(await peer.step());
      await sleep(SETTLE_MILLISECONDS);
    }
  } finally {
    await ours.close();
  }
  return {
    network,
    oursMilliseconds: median(times.ours.slice(WARM_UP_STEPS)),
    oursPeakBytes: process.resourceUsage().maxRSS * 1024,
    torch: peer && {
      version: peer.version,
      milliseconds: median(times.torch.slice(WARM_UP_STEPS)),
      peakBytes: await peer.peakBytes(),
    },
  };
}

/** The first Python that has PyTorch; `python3` may be a version manager's, without Debian's packages. */
const findPython = (): string | undefined =>
  ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
  );

interface TorchPeer extends TrainingStep {
  version: string;
  peakBytes(): Promise<number>;
}

async function startTorch(python: string, network: BenchNetwork, threads: number): Promise<TorchPeer> {
  const child = spawn(python, [PEER, '--network', network, '--threads', String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // A write to a process that has ended fails a second time here; the missing line says so already.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const readLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (!done) return value;
    throw unmet({
      code: 'failed',
      what: `PyTorch's ${network}`,
      expected: 'a line of output',
      got: 'the end of the process',
      advice: 'What it wrote above says why.',
    });
  };
  const ask = (command: 'step' | 'memory'): Promise<number> => {
    child.stdin.write(`${command}\n`);
    return readLine().then(Number);
  };
  const { torch } = JSON.parse(await readLine()) as { torch: string };
  return {
    version: torch,
    step: () => ask('step'),
    peakBytes: () => ask('memory'),
    close() {
      child.stdin.end();
      return ended;
    },
  };
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;

function render(rows: readonly Row[], threads: number, steps: number): string {
  const torchVersion = rows.find(({ torch }) => torch !== undefined)?.torch?.version;
  const table = [
    ['network', 'batch', 'ours, ms', 'PyTorch, ms', 'ours / PyTorch', 'peak memory, ours', 'PyTorch'],
    ['---', '--:', '--:', '--:', '--:', '--:', '--:'],
    ...rows.map(({ network, oursMilliseconds, oursPeakBytes, torch }) => [
      network,
      String(NETWORKS[network]),
      oursMilliseconds.toFixed(1),
      torch?.milliseconds.toFixed(1) ?? 'skipped',
      torch === undefined ? '' : (oursMilliseconds / torch.milliseconds).toFixed(2),
      megabytes(oursPeakBytes),
      torch === undefined ? '' : megabytes(torch.peakBytes),
    ]),
  ].map((cells) => `| ${cells.join(' | ')} |`);
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} logical cores`;
  return [
    '### Training step',
    '',
    ...table,
    '',
    `Medians of ${steps} steps each, taken in turns after ${WARM_UP_STEPS} to warm up; ${threads} threads; ` +
      `${torchVersion === undefined ? '' : `PyTorch ${torchVersion}; `}${machine}. ` +
      'Peak memory of ours is that of the whole process, the networks above included.',
    ...(torchVersion === undefined ? ['', SKIPPED] : []),
    '',
  ].join('\n');
}
