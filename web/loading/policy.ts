import { unmet } from '../../core/errors.js';

/** How long after a failure the browser may take to say that a policy was its reason, milliseconds. */
const REPORT_DELAY = 50;

/**
 * Does what loads a URL; where that fails because the page's content security policy forbids it, says so.
 * @throws TenfoldError `forbidden` with the directive to change; else what the work throws.
 */
export async function underPolicy<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  let directive: string | undefined;
  const note = (event: SecurityPolicyViolationEvent) => {
    // Of a blob: URL the event tells the scheme alone.
    if (event.disposition === 'enforce' && url.startsWith(event.blockedURI))
      directive = event.effectiveDirective;
  };
  const listen = globalThis.addEventListener as typeof addEventListener | undefined;
  listen?.('securitypolicyviolation', note);
  try {
    return await work();
  } catch (error) {
    await new Promise((resolve) => setTimeout(resolve, REPORT_DELAY));
    throw directive ? forbidden(url, directive, error) : error;
  } finally {
    if (listen) removeEventListener('securitypolicyviolation', note);
  }
}

function forbidden(url: string, directive: string, cause: unknown) {
  const source = url.startsWith('blob:') ? 'blob:' : new URL(url).origin;
  return unmet({
    code: 'forbidden',
    what: source === 'blob:' ? "the element's worker" : url,
    expected: 'a content security policy that allows it',
    got: `one whose ${directive} does not`,
    advice: `Add ${source} to ${directive} of the page's policy.`,
    cause,
  });
}

/** The smallest module there is. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/**
 * Finds out before 14 MB are loaded for nothing.
 * @throws TenfoldError `forbidden` where WebAssembly may not be compiled.
 */
export async function checkWebAssembly(): Promise<void> {
  try {
    await WebAssembly.compile(EMPTY_MODULE);
  } catch (cause) {
    // Browsers in a hardened mode have no such object at all.
    const missing = typeof WebAssembly === 'undefined';
    throw unmet({
      code: 'forbidden',
      what: 'this page',
      expected: 'WebAssembly',
      got: missing ? 'a browser that has it switched off' : 'a content security policy that forbids it',
      advice: missing
        ? "Switch it on for this site in the browser's settings."
        : "Add 'wasm-unsafe-eval' to script-src of the page's policy.",
      cause,
    });
  }
}
