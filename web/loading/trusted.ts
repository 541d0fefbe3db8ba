import { common, type TrustedTypePolicy } from './common.js';

/** The name that a page's `trusted-types` has to allow. */
const POLICY = 'tenfold';

/** Of browsers that have Trusted Types; TypeScript's library lacks them. */
interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): TrustedTypePolicy;
}

/** Any script of the page can reach the policy: it lets no address through but those of bytes that a script of the page had. */
function ofBlob(address: string): string {
  if (address.startsWith('blob:')) return address;
  throw new TypeError(`Expected the address of a blob, got ${address}.`);
}

/**
 * The address of a script whose bytes were held to their hash, as a page takes it that requires Trusted Types.
 * @throws TypeError where the page's policy does not allow the one of here
 */
export function trustedScript(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicyFactory };
  const shared = common();
  shared.policy ??= trustedTypes?.createPolicy(POLICY, { createScriptURL: ofBlob });
  // What a worker is started from is a string to TypeScript.
  return shared.policy ? (shared.policy.createScriptURL(address) as string) : address;
}
