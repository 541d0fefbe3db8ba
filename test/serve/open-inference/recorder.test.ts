import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { infer, inputOf, ROW } from './infer-body.js';
import { parseMessage, type Session } from './session.js';

const SERVER = fileURLToPath(new URL('./record-server.js', import.meta.url));

test('the recorder keeps what goes both ways, byte for byte, and repeated inference once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-sessions-'));
  const file = join(folder, 'fetch.json');
  const server = spawn(process.execPath, [SERVER, file, 'fetch, today']);
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const url = `http://127.0.0.1:${line.toString().trim()}/v2`;
    const { body } = infer({ inputs: [inputOf({ data: ROW })] });
    let answer = '';
    for (let times = 0; times < 3; times++) {
      await fetch(url).then((response) => response.text());
      const response = await fetch(`${url}/models/row-reader/infer`, {
        method: 'POST',
        body: new Uint8Array(body),
      });
      answer = await response.text();
    }
    server.stdin.end();
    await once(server, 'exit');
    const session = JSON.parse(await readFile(file, 'utf8')) as Session;
    const messages = session.exchanges.map(({ request, response }) => ({
      request: parseMessage(Buffer.from(request, 'base64'))!,
      response: parseMessage(Buffer.from(response, 'base64'))!,
    }));
    const get = 'GET /v2 HTTP/1.1';
    assert.equal(session.provenance, 'fetch, today');
    assert.deepEqual(
      messages.map(({ request }) => request.start),
      [get, 'POST /v2/models/row-reader/infer HTTP/1.1', get, get],
    );
    assert.deepEqual(messages[1]!.request.body, body);
    assert.equal(messages[1]!.response.body.toString(), answer);
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
});
