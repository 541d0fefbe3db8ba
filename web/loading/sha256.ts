import { sha256 as portable } from '@noble/hashes/sha2.js';

/**
 * Lower-case hexadecimal SHA-256 of the bytes. `crypto.subtle` exists on secure pages only (https and loopback), and a
 * page from a plain-http address on a local network must verify its bundle too.
 */
export async function sha256(
  bytes: Uint8Array,
  subtle: SubtleCrypto | null = globalThis.crypto?.subtle ?? null,
): Promise<string> {
  const digest = subtle
    ? new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
    : portable(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
