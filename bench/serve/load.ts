import { type Connection, openConnection } from './connection.js';
import { prepareRequests, type RequestKind } from './requests.js';

/**
 * A load generator as a process of its own: `load.js PLAN`, a `LoadPlan` as JSON. Each connection posts one request
 * after another and waits for each answer. Prints a `LoadReport` as JSON.
 */

export interface LoadPlan {
  url: string;
  /** The model's name. */
  model: string;
  kind: RequestKind;
  connections: number;
  /** It ends after these seconds or, where given, after so many requests. */
  seconds: number;
  requests?: number;
}

export interface LoadReport {
  requests: number;
  seconds: number;
  /** Answers other than 200. */
  failures: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
}

const plan = JSON.parse(process.argv[2]!) as LoadPlan;
const url = new URL(plan.url);
const prepared = await prepareRequests(plan.kind, { host: url.host, model: plan.model });
const connections = await Promise.all(Array.from({ length: plan.connections }, () => openConnection(url)));

const started = performance.now();
const deadline = plan.requests === undefined ? started + plan.seconds * 1000 : Number.POSITIVE_INFINITY;
let left = plan.requests ?? Number.POSITIVE_INFINITY;
let failures = 0;
const milliseconds: number[] = [];
await Promise.all(connections.map((connection, index) => drive(connection, index * 7)));
const seconds = (performance.now() - started) / 1000;

const sorted = Float64Array.from(milliseconds).sort();
const quantile = (share: number): number => sorted[Math.floor(sorted.length * share)]!;
const report: LoadReport = {
  requests: sorted.length,
  seconds,
  failures,
  p50Milliseconds: quantile(0.5),
  p99Milliseconds: quantile(0.99),
};
console.log(JSON.stringify(report));

async function drive(connection: Connection, first: number): Promise<void> {
  for (let next = first, now = performance.now(); now < deadline && left > 0; next++) {
    left--;
    const sentAt = now;
    const { status } = await connection.exchange(prepared[next % prepared.length]!);
    now = performance.now();
    milliseconds.push(now - sentAt);
    if (status !== 200) failures++;
  }
  connection.close();
}
