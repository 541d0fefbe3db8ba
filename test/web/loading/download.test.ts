import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { TenfoldError } from '../../../core/errors.js';
import { download } from '../../../web/loading/download.js';

const server = createServer(({ url }, response) => {
  if (url === '/silent') return;
  if (url === '/stops') {
    response.writeHead(200, { 'Content-Length': '100' }).write('half');
    return;
  }
  if (url === '/breaks') {
    response.writeHead(200, { 'Content-Length': '100' }).write('half', () => response.destroy());
    return;
  }
  response.writeHead(Number(url!.slice(1))).end('text');
});
let home: string;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

after(() => {
  server.close();
  server.closeAllConnections();
});

const REFUSED: Record<string, { code: TenfoldError['code']; message: RegExp; patience?: number }> = {
  silent: { patience: 200, code: 'unavailable', message: /got no byte for 0\.2 s\. Check the connection/ },
  stops: { patience: 200, code: 'unavailable', message: /got no byte for 0\.2 s/ },
  breaks: { code: 'unavailable', message: /^Expected a whole answer for http/ },
  404: { code: 'not-found', message: /got 404 Not Found\. Look there\./ },
  503: { code: 'unavailable', message: /got 503 Service Unavailable\. Try again in a while\./ },
};

for (const [path, { code, message, ...options }] of Object.entries(REFUSED)) {
  test(`an answer that is ${path} is ${code}`, async () => {
    const waiting = download(home + path, { ...options, adviceWhereMissing: 'Look there.' });
    await assert.rejects(waiting, (error) => {
      assert.ok(error instanceof TenfoldError);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      return true;
    });
  });
}

test('a whole answer is its bytes, each counted once', async () => {
  let counted = 0;
  const bytes = await download(`${home}200`, {
    onBytes: (count) => {
      counted += count;
    },
  });
  assert.equal(new TextDecoder().decode(bytes), 'text');
  assert.equal(counted, 4);
});
