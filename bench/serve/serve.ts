import { loadavg } from 'node:os';
import { machineAtHand, machineText } from '../../train/machine.js';
import { benchConnections } from './connections.js';
import { benchInfer } from './infer.js';
import { benchMemory } from './memory.js';
import { benchByAutocannon, benchPredict } from './predict.js';
import { modelNameOf } from './requests.js';
import { type RunningService, startService } from './services.js';
import { EFFORT, type Effort } from './turns.js';

/**
 * The service under load, the generator on the same cores: `/predict` beside a plain service, Open Inference beside
 * a bare loop, and from 1 to 512 connections.
 * @returns markdown for RESULTS.md.
 */
export async function benchServe(bundleDirectory: string, effort: Effort = EFFORT): Promise<string> {
  const [load] = loadavg();
  const model = await modelNameOf(bundleDirectory);
  return withServices(['ours', 'plain'], bundleDirectory, async ([ours, plain]) => {
    const pair = { ours: ours!, plain: plain! };
    const infer = { ours: ours!, bundleDirectory, model };
    const tables = [
      await benchPredict('png', pair, effort),
      await benchByAutocannon(pair, effort),
      await benchPredict('jpeg', pair, effort),
      await benchInfer({ ...infer, images: 64 }, effort),
      await benchInfer({ ...infer, images: 1 }, effort),
      await benchConnections(ours!, effort),
    ];
    const machine = `${machineText(machineAtHand())}, load ${load!.toFixed(2)} at the start`;
    const way = `Medians of ${effort.rounds} rounds of ${effort.seconds} s in turns, the load generator on the same cores`;
    return [...tables, `${way}, the bundle ${model}, ${machine}.`].join('\n\n');
  });
}

/** Follows the service's memory instead. */
export const benchServeMemory = (
  bundleDirectory: string,
  stepRequests?: number,
): Promise<{ report: string; isBounded: boolean }> =>
  withServices(['ours'], bundleDirectory, ([ours]) => benchMemory(ours!, stepRequests));

async function withServices<Result>(
  names: readonly ('ours' | 'plain')[],
  bundleDirectory: string,
  use: (services: RunningService[]) => Promise<Result>,
): Promise<Result> {
  const services: RunningService[] = [];
  try {
    for (const name of names) services.push(await startService(name, bundleDirectory));
    return await use(services);
  } finally {
    for (const service of services) await service.stop();
  }
}
