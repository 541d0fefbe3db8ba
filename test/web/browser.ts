import { type Browser, firefox } from 'playwright-core';
import { PLAIN_HTTP_HOST, startBrowser as startChromium } from '../../bench/web/browser.js';

export { PLAIN_HTTP_HOST };

/** Debian's, as it comes: it is driven by WebDriver BiDi. */
export const FIREFOX = '/usr/bin/firefox-esr';
/** Set by `npm run test:firefox`. */
export const isFirefox = process.env.TENFOLD_BROWSER === 'firefox';

/** The options of a test of what Firefox cannot be asked for. */
export const inChromium = (why: string) => ({ skip: isFirefox && `not in Firefox: ${why}` });

/** What Chromium is told by switches: a made-up camera that nobody has to allow, and a name that leads to this machine. */
const PREFERENCES = {
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'network.dns.localDomains': PLAIN_HTTP_HOST,
};

/** How long anything may take that a test waits for, milliseconds: Playwright's own 30 s are none of a machine that is slow and busy. */
export const PATIENCE = 120_000;

/** Starts the headless browser that these tests are about. @param switches of Chromium, more of its own */
export async function startBrowser(switches: readonly string[] = []): Promise<Browser> {
  const browser = await (isFirefox
    ? firefox.launch({ channel: 'moz-firefox', executablePath: FIREFOX, firefoxUserPrefs: PREFERENCES })
    : startChromium(switches));
  browser.on('context', (context) => context.setDefaultTimeout(PATIENCE));
  return browser;
}
