/** The name that a page's `trusted-types` has to allow. */
const POLICY = 'tenfold';

/** Of browsers that have Trusted Types; TypeScript's library lacks them. */
interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): TrustedTypePolicy;
}

interface TrustedTypePolicy {
  createScriptURL(address: string): unknown;
}

let policy: TrustedTypePolicy | undefined;

/**
 * The address of a script whose bytes were held to their hash, as a page takes it that requires Trusted Types.
 * @throws TypeError where the page's policy does not allow the one of here
 */
export function trustedScript(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicyFactory };
  policy ??= trustedTypes?.createPolicy(POLICY, { createScriptURL: (verified) => verified });
  // What a worker is started from is a string to TypeScript.
  return policy ? (policy.createScriptURL(address) as string) : address;
}
