import { TenfoldError } from '../core/errors.js';
import type { Device } from '../serve/workers/runner.js';

/**
 * What the service computes on. `auto` is CUDA where an NVIDIA GPU is in sight and can be used, else the cpu, and then without a look
 * at anything.
 * @param tell says why a GPU that is in sight is not used
 * @throws TenfoldError `unavailable` where a device that was named cannot be had, saying what is missing.
 */
export async function servingDevice(choice: Device | 'auto', tell: (text: string) => void): Promise<Device> {
  if (choice === 'cpu') return choice;
  const { nvidiaInSight, probeDevice } = await import('../train/ort-backend/probe.js');
  if (choice !== 'auto') {
    await probeDevice(choice);
    return choice;
  }
  const sign = nvidiaInSight();
  if (sign === null) return 'cpu';
  try {
    await probeDevice('cuda');
    return 'cuda';
  } catch (error) {
    if (!(error instanceof TenfoldError) || error.code !== 'unavailable') throw error;
    tell(`An NVIDIA GPU is in sight (${sign}), but not used; the cpu computes. ${error.message}`);
    return 'cpu';
  }
}
