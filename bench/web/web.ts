import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import express from 'express';
import type { Browser, BrowserContext } from 'playwright-core';
import { SITE_FOLDER } from '../../cli/places.js';
import { siteFiles } from '../../serve/http/static-files.js';
import { CONSOLE } from '../../serve/logger.js';
import { startServer } from '../../serve/server.js';
import { machineAtHand, machineText } from '../../train/machine.js';
import { median } from '../../train/metrics/median.js';
import { PLAIN_PAGE, plainScript } from '../peers/plain-page.js';
import { startBrowser } from './browser.js';
import { countBytes, type Drawing, draw, visit, visitBytes } from './measure.js';

export interface WebBenchmark {
  report: string;
  /** Whether every budget was kept. */
  isWithin: boolean;
}

export const ROUNDS = 5;

/** What one round measured; milliseconds and bytes. */
interface Round {
  coldBytes: number;
  warmBytes: number;
  coldFirst: number;
  warmFirst: number;
  predictions: number[];
  updates: number[];
  /** 0 where no task took more than 50 ms. */
  longestTask: number;
  plain: { bytes: number; first: number; prediction: number; longestTask: number };
}

/**
 * Opens page and element in a browser with nothing kept, and again, and draws on it; beside it, in turns, the usual page of onnxruntime-web
 * on the same model.
 */
export async function benchWeb(bundle: string, rounds: number): Promise<WebBenchmark> {
  const server = await startServer({
    bundles: [bundle],
    port: 0,
    workers: 1,
    siteDirectory: SITE_FOLDER,
    logger: CONSOLE,
  });
  const plain = await startPlain(bundle);
  const browser = await startBrowser();
  try {
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++)
      measured.push(await oneRound(browser, server.url, plain.url));
    return await reportOf(measured, bundle);
  } finally {
    await browser.close();
    await plain.close();
    await server.close();
  }
}

async function startPlain(bundle: string) {
  const script = await plainScript();
  const app = express();
  app.get('/plain', (_request, response) => {
    response.send(PLAIN_PAGE);
  });
  app.get('/plain.js', (_request, response) => {
    response.type('text/javascript').setHeader('Content-Encoding', 'gzip');
    response.send(gzipSync(script));
  });
  app.use('/model', express.static(bundle));
  app.use(siteFiles(SITE_FOLDER));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function oneRound(browser: Browser, home: string, plainHome: string): Promise<Round> {
  const whole = await browser.newContext();
  const coldBytes = await visitBytes(whole, `${home}/`);
  await whole.close();
  const context = await browser.newContext();
  const cold = await visit(context, `${home}/embed`);
  const drawn: Drawing = await draw(cold.page);
  await cold.page.close();
  const warm = await visit(context, `${home}/embed`);
  await context.close();
  const other = await browser.newContext();
  const plain = await visitPlain(other, `${plainHome}/plain`);
  await other.close();
  return {
    coldBytes,
    warmBytes: warm.visit.bytes,
    coldFirst: cold.visit.firstMilliseconds,
    warmFirst: warm.visit.firstMilliseconds,
    predictions: drawn.predictions,
    updates: drawn.updates,
    longestTask: Math.max(0, ...drawn.longTasks),
    plain,
  };
}

interface PlainOutcome {
  firstMilliseconds: number;
  predictions: number[];
  longTasks: number[];
}

async function visitPlain(context: BrowserContext, url: string): Promise<Round['plain']> {
  const page = await context.newPage();
  const bytes = countBytes(page);
  await page.goto(url);
  await page.locator('canvas').click();
  const found = await page.waitForFunction(
    () => (globalThis as unknown as { outcome?: PlainOutcome }).outcome,
  );
  const { firstMilliseconds, predictions, longTasks } = (await found.jsonValue()) as PlainOutcome;
  return {
    bytes: await bytes(),
    first: firstMilliseconds,
    prediction: median(predictions),
    longestTask: Math.max(0, ...longTasks),
  };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
const kilobytes = (bytes: number) => `${(bytes / 1e3).toFixed(1)} kB`;
const milliseconds = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((left, right) => left - right)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ]!;

interface Row {
  what: string;
  measured: number;
  budget: number;
  shown: (value: number) => string;
}

async function reportOf(rounds: readonly Round[], bundle: string): Promise<WebBenchmark> {
  const middle = (of: (round: Round) => number) => median(rounds.map(of));
  const predictions = rounds.flatMap((round) => round.predictions);
  const updates = rounds.flatMap((round) => round.updates);
  const script = (await readFile(join(SITE_FOLDER, 'digit-classifier.js.gz'))).length;
  const rows: Row[] = [
    {
      what: 'the page and all it loads, cold',
      measured: middle((round) => round.coldBytes),
      budget: 3e6,
      shown: megabytes,
    },
    { what: "the element's script, gzip", measured: script, budget: 25e3, shown: kilobytes },
    {
      what: 'first touch to first answer, nothing loaded, cold',
      measured: middle((round) => round.coldFirst),
      budget: 1500,
      shown: milliseconds,
    },
    {
      what: 'the same, warm',
      measured: middle((round) => round.warmFirst),
      budget: 1500,
      shown: milliseconds,
    },
    {
      what: 'a prediction, pixels to answer, p50',
      measured: median(predictions),
      budget: 5,
      shown: milliseconds,
    },
    {
      what: 'pointer move to the bars set, not yet painted, p50',
      measured: median(updates),
      budget: 16,
      shown: milliseconds,
    },
    {
      what: 'longest task of the main thread while drawing, of all rounds',
      measured: Math.max(...rounds.map((round) => round.longestTask)),
      budget: 50,
      shown: milliseconds,
    },
  ];
  const table = rows.map(
    ({ what, measured, budget, shown }) =>
      `| ${what} | ${shown(measured)} | ${shown(budget)} | ${(measured / budget).toFixed(2)}x |`,
  );
  const versus = (what: string, ours: number, theirs: number, shown: (value: number) => string) =>
    `| ${what} | ${shown(ours)} | ${shown(theirs)} | ${(ours / theirs).toFixed(2)}x |`;
  const report = [
    '| what | measured | budget | ratio |\n| --- | --: | --: | --: |',
    ...table,
    '',
    '| beside onnxruntime-web on the main thread | the element | plain | ratio |\n| --- | --: | --: | --: |',
    versus(
      'all that is loaded, cold',
      middle((round) => round.coldBytes),
      middle(({ plain }) => plain.bytes),
      megabytes,
    ),
    versus(
      'first touch to first answer, cold',
      middle((round) => round.coldFirst),
      middle(({ plain }) => plain.first),
      milliseconds,
    ),
    versus(
      'a prediction, p50',
      median(predictions),
      middle(({ plain }) => plain.prediction),
      milliseconds,
    ),
    `| longest task of the main thread, loading included | | ${milliseconds(middle(({ plain }) => plain.longestTask))} | |`,
    '',
    `p95 of ${predictions.length} predictions ${milliseconds(quantile(predictions, 0.95))}, of ${updates.length} pointer moves ${milliseconds(quantile(updates, 0.95))}; a warm visit loads ${kilobytes(middle((round) => round.warmBytes))}.`,
    `Medians of ${rounds.length} rounds, each in a browser profile of its own, server on the same cores, the bundle ${bundle}, ${machineText(machineAtHand())}, load ${loadavg()[0]!.toFixed(2)} at the end.`,
  ].join('\n');
  return { report, isWithin: rows.every(({ measured, budget }) => measured <= budget) };
}
