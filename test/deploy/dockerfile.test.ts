import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { greyPng, rowPicture } from '../serve/pictures.js';
import { readDockerfile } from './dockerfile.js';
import { ROOT, readText, readYaml } from './files.js';
import { build, environmentOf, included, placeOf } from './image.js';

const stages = readDockerfile(readText('deploy/Dockerfile'));
const stageOf = (name: string) => stages.find((stage) => stage.name === name)!;
const textsOf = (name: string, instruction: string) =>
  stageOf(name)
    .steps.filter((step) => step.instruction === instruction)
    .map(({ text }) => text);

test('a Dockerfile is read: stages, flags, and lines that go on', () => {
  const text = '# a\nFROM node:1 AS one\nRUN a \\\n  && b\n\n# c\nFROM one AS two\nCOPY --from=one /a b\n';
  assert.deepEqual(readDockerfile(text), [
    { name: 'one', base: 'node:1', steps: [{ instruction: 'RUN', flags: {}, text: 'a   && b' }] },
    { name: 'two', base: 'one', steps: [{ instruction: 'COPY', flags: { from: 'one' }, text: '/a b' }] },
  ]);
});

test('bases are pinned, and of a Node that the package takes', () => {
  const names = new Set(stages.map(({ name }) => name));
  const bases = stages.map(({ base }) => base).filter((base) => !names.has(base));
  for (const base of bases) assert.match(base, /:\d+\.\d+\.\d+-/, base);
  const [, major] = /^node:(\d+)\..*-slim$/.exec(stageOf('base').base) ?? [];
  const { engines } = readYaml<{ engines: { node: string } }>('package.json');
  assert.ok(
    Number(major) >= Number.parseInt(engines.node.replace('>=', ''), 10),
    `${major}, ${engines.node}`,
  );
});

test('what is run holds no compiler and is not root', () => {
  for (const target of ['cpu', 'cuda']) {
    assert.deepEqual(textsOf(target, 'USER'), ['1000:1000'], target);
    assert.deepEqual(textsOf(target, 'RUN'), [], target);
    assert.match(textsOf(target, 'HEALTHCHECK')[0]!, /\/readyz/, target);
    const modules = stageOf(target).steps.find(({ text }) => text.endsWith(' node_modules'))!;
    const origin = stageOf(modules.flags.from!);
    const dependencies = origin.base === 'base' ? origin : stageOf(origin.base);
    assert.match(
      dependencies.steps.find(({ instruction }) => instruction === 'RUN')!.text,
      /npm ci --omit=dev/,
    );
  }
});

test('install scripts run nowhere', () => {
  const installs = stages
    .flatMap(({ steps }) => steps)
    .map(({ text }) => text)
    .filter((text) => text.includes('npm ci'));
  assert.equal(installs.length, 2);
  for (const text of installs) assert.match(text, /--ignore-scripts/);
});

test('the context has what is compiled, and what is copied by name', () => {
  const names = included(ROOT);
  for (const name of names) assert.ok(existsSync(join(ROOT, name)), name);
  const { include } = readYaml<{ include: string[] }>('tsconfig.json');
  const shipped = include.filter(
    (name) => existsSync(join(ROOT, name)) && name !== 'test' && name !== 'bench',
  );
  for (const name of shipped) assert.ok(names.includes(name), `${name} is compiled`);
  const copied = stages
    .flatMap(({ steps }) => steps)
    .filter(({ instruction, flags }) => instruction === 'COPY' && flags.from === undefined)
    .flatMap(({ text }) => text.split(' ').slice(0, -1));
  for (const name of copied) assert.ok(name === '.' || names.includes(name), `${name} is copied`);
});

test('the steps of the cpu target, one after the other, make a service that answers', async (context) => {
  if (!process.env.TENFOLD_NIGHTLY) return context.skip('takes minutes: npm run test:nightly');
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-image-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const image = build({ stages, context: ROOT, folder, built: new Map() }, 'cpu');
  const place = placeOf(image);
  const modules = readdirSync(join(place, 'node_modules'));
  for (const name of ['typescript', '@biomejs']) assert.ok(!modules.includes(name), name);
  assert.deepEqual(readdirSync(join(place, 'node_modules/onnxruntime-node/bin/napi-v6')), ['linux']);
  console.log(`du -sh: ${execFileSync('du', ['-sh', place], { encoding: 'utf8' }).split('\t')[0]}`);

  const options = { cwd: place, env: environmentOf(image) };
  const [program, ...values] = image.command as [string, ...string[]];
  const service = spawn(program, values, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(service, 'exit');
  context.after(() => service.kill('SIGKILL'));
  const url = `http://127.0.0.1:${values[values.indexOf('--port') + 1]}`;
  await untilReady(`${url}/readyz`, service);
  const [asker, ...questions] = image.health as [string, ...string[]];
  execFileSync(asker, questions, { ...options, stdio: 'inherit' });

  const body = new Uint8Array(greyPng(rowPicture(5)));
  const answer = await fetch(`${url}/predict`, { method: 'POST', body });
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.match(await (await fetch(url)).text(), /<digit-classifier/);

  service.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.throws(() => execFileSync(asker, questions, { ...options, stdio: 'ignore' }), { status: 1 });
});

/** @throws where the service ends before it is ready. */
async function untilReady(url: string, service: { exitCode: number | null }): Promise<void> {
  for (;;) {
    if (service.exitCode !== null) throw new Error(`the service ended with ${service.exitCode}`);
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
