/** Of browsers that have Trusted Types; TypeScript's library lacks them. */
export interface TrustedTypePolicy {
  createScriptURL(address: string): unknown;
}

/** What all scripts of ours in a page have in common, however many there are: a page may load the class and the element each. */
export interface Common {
  /** Where the files beside the script are, as it was given. */
  assetFolder?: string;
  /** A page that requires Trusted Types takes a policy's name once. */
  policy?: TrustedTypePolicy;
}

const KEY = Symbol.for('tenfold');

/** Made when it is first needed: importing a module of ours changes nothing. */
export function common(): Common {
  const scope = globalThis as { [KEY]?: Common };
  scope[KEY] ??= {};
  return scope[KEY];
}
