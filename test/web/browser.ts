export { PLAIN_HTTP_HOST, startBrowser } from '../../bench/web/browser.js';
