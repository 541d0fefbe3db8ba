import autocannon from 'autocannon';
import { form, onePng, type RequestKind } from './requests.js';
import { load, type RunningService } from './services.js';
import { type Effort, type Figures, figuresHead, figuresOf, figuresRow, inTurns, ratioRow } from './turns.js';

const CONNECTIONS = 32;

const PICTURES = { png: 'one 28x28 PNG', jpeg: 'one 1-megapixel JPEG' } as const;

export interface Pair {
  ours: RunningService;
  /** Express, multer, sharp and onnxruntime-node, each with its defaults. */
  plain: RunningService;
}

/** `POST /predict` with one picture a request, our service beside a plain one: a markdown table. */
export const benchPredict = (
  kind: keyof typeof PICTURES & RequestKind,
  pair: Pair,
  effort: Effort,
): Promise<string> =>
  compare(
    `\`POST /predict\`, ${PICTURES[kind]}, ${CONNECTIONS} connections`,
    pair,
    effort,
    async (url, seconds) =>
      figuresOf(await load({ url, model: '', kind, connections: CONNECTIONS, seconds })),
  );

/** The same by a generator that nobody here wrote; it takes more of the cores that both sides share. */
export async function benchByAutocannon(pair: Pair, effort: Effort): Promise<string> {
  const file = await onePng();
  const title = `${PICTURES.png} by autocannon, ${CONNECTIONS} connections`;
  return compare(title, pair, effort, (url, seconds) => byAutocannon(url, file, seconds));
}

async function compare(
  title: string,
  { ours, plain }: Pair,
  effort: Effort,
  measure: (url: string, seconds: number) => Promise<Figures>,
): Promise<string> {
  const sides = [ours, plain].map(({ url }) => ({ measure: (seconds: number) => measure(url, seconds) }));
  const [own, peer] = await inTurns(sides, effort);
  return [
    ...figuresHead(title, 'requests/s'),
    figuresRow('tenfold', own!),
    figuresRow('Express + multer + sharp + onnxruntime-node', peer!),
    ratioRow(own!, peer!),
  ].join('\n');
}

async function byAutocannon(url: string, file: Buffer, seconds: number): Promise<Figures> {
  const { contentType, body } = form(file, 'image/png');
  const { requests, duration, latency, non2xx, errors } = await autocannon({
    url: `${url}/predict`,
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
    connections: CONNECTIONS,
    duration: seconds,
  });
  return {
    perSecond: requests.total / duration,
    p50Milliseconds: latency.p50,
    p99Milliseconds: latency.p99,
    failures: non2xx + errors,
  };
}
