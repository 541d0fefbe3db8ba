import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** A Vulkan that computes on the cpu. */
export interface SoftwareVulkan {
  folder: string;
  /** Runs what follows with it, as a program with its arguments. */
  within: string[];
}

/**
 * Unpacks SwiftShader, which the browser's npm package carries, so that WebGPU can be tried without a GPU.
 * @returns why not, where it cannot be had
 */
export function unpackSoftwareVulkan(): SoftwareVulkan | string {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'SwiftShader is here for Linux on x64';
  const packed = new URL('../../bin/swiftshader.tar.br', import.meta.resolve('@sparticuz/chromium'));
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-vulkan-'));
  const input = brotliDecompressSync(readFileSync(packed));
  const { status, error } = spawnSync('tar', ['xf', '-', '-C', folder], { input });
  if (status !== 0) return `tar does not unpack SwiftShader: ${error ?? status}`;
  const driver = join(folder, 'vk_swiftshader_icd.json');
  return {
    folder,
    // Older loaders know the first name of the two, newer ones prefer the second.
    within: ['env', `LD_LIBRARY_PATH=${folder}`, `VK_ICD_FILENAMES=${driver}`, `VK_DRIVER_FILES=${driver}`],
  };
}
