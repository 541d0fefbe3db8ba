import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LoadReport } from './load.js';

/** The services, ours first; each is a script beside this one that takes a bundle and prints its URL. */
const SERVICES = {
  tenfold: './peers/tenfold-service.js',
  'Express + multer + sharp + onnxruntime-node': './peers/plain-service.js',
} as const;

const CONNECTIONS = 32;
const ROUNDS = 5;
const ROUND_SECONDS = 3;
const WARM_UP_SECONDS = 2;

interface RunningService {
  name: string;
  url: string;
  process: ChildProcess;
  reports: LoadReport[];
}

const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function start(name: string, path: string, bundleDirectory: string): Promise<RunningService> {
  const child = spawn(process.execPath, [script(path), bundleDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const url of createInterface({ input: child.stdout! })) {
    return { name, url, process: child, reports: [] };
  }
  throw new Error(`${name} ended before it printed its URL`);
}

async function load(url: string, seconds: number): Promise<LoadReport> {
  const parameters = [script('./load.js'), url, String(CONNECTIONS), String(seconds)];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  return JSON.parse(stdout) as LoadReport;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function summary({ reports }: RunningService) {
  return {
    perSecond: median(reports.map(({ requests, seconds }) => requests / seconds)),
    p50: median(reports.map(({ p50Milliseconds }) => p50Milliseconds)),
    p99: median(reports.map(({ p99Milliseconds }) => p99Milliseconds)),
    failures: reports.reduce((sum, { failures }) => sum + failures, 0),
  };
}

/**
 * `POST /predict` with one 28x28 PNG, 32 connections, the load generator on the same cores: our service beside a
 * plain one, in turns within one run, medians over the rounds.
 * @returns a markdown table with the ratio of the throughputs and of the 99th percentiles.
 */
export async function benchPredict(bundleDirectory: string): Promise<string> {
  const services: RunningService[] = [];
  try {
    for (const [name, path] of Object.entries(SERVICES)) {
      services.push(await start(name, path, bundleDirectory));
    }
    for (const { url } of services) await load(url, WARM_UP_SECONDS);
    for (let round = 0; round < ROUNDS; round++) {
      for (const service of services) service.reports.push(await load(service.url, ROUND_SECONDS));
    }
  } finally {
    for (const service of services) service.process.kill();
  }
  return table(services);
}

function table(services: readonly RunningService[]): string {
  const summaries = services.map((service) => ({ name: service.name, ...summary(service) }));
  const rows = summaries.map(
    ({ name, perSecond, p50, p99, failures }) =>
      `| ${name} | ${Math.round(perSecond)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${failures} |`,
  );
  const [ours, plain] = [summaries[0]!, summaries[1]!];
  const ratio = `${(ours.perSecond / plain.perSecond).toFixed(2)}x`;
  const p99Ratio = `${(ours.p99 / plain.p99).toFixed(2)}x`;
  return [
    `| \`POST /predict\`, one 28x28 PNG, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds in turns | requests/s | p50 ms | p99 ms | failures |`,
    '|---|---|---|---|---|',
    ...rows,
    `| ratio | ${ratio} | | ${p99Ratio} | |`,
  ].join('\n');
}
