import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { backend, ready, setBackend } from '@tensorflow/tfjs-core';

/** Native TensorFlow: neither package is a dependency of ours. */
export type TensorFlowPackage = '@tensorflow/tfjs-node-gpu' | '@tensorflow/tfjs-node';

/** What became of loading a package; `broken` says why in one line. */
export type TensorFlowLoad =
  | { kind: 'loaded'; device: 'gpu' | 'cpu' }
  | { kind: 'broken'; reason: string }
  | { kind: 'absent' };

/**
 * Whether a package is installed; loads nothing.
 * @param from the module that would import it
 */
export function isInstalled(name: TensorFlowPackage, from: string = import.meta.url): boolean {
  const folders = createRequire(from).resolve.paths(name) ?? [];
  return folders.some((folder) => existsSync(join(folder, name, 'package.json')));
}

/** Loads a package and makes its backend the current one. */
export async function loadTensorFlow(
  name: TensorFlowPackage,
  from: string = import.meta.url,
): Promise<TensorFlowLoad> {
  if (!isInstalled(name, from)) return { kind: 'absent' };
  try {
    await import(pathToFileURL(createRequire(from).resolve(name)).href);
    // One that has a TensorFlow.js core of its own registers its backend there all the same: the registry is global.
    if (!(await setBackend('tensorflow'))) return { kind: 'broken', reason: 'its backend does not start' };
    await ready();
    const { isUsingGpuDevice } = backend() as { isUsingGpuDevice?: boolean };
    return { kind: 'loaded', device: isUsingGpuDevice ? 'gpu' : 'cpu' };
  } catch (error) {
    return { kind: 'broken', reason: oneLine((error as Error).message) };
  }
}

const oneLine = (message: string): string => message.trim().split('\n')[0]!.trim().replace(/\.$/, '');
