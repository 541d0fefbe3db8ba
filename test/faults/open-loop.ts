import { type Answer, type Connection, openConnection } from '../../bench/serve/connection.js';

/** What came of requests that arrived at their own pace, whether or not earlier ones were answered. */
export interface Arrivals {
  /** Requests sent. */
  sent: number;
  /** Not sent, since all connections waited for answers. */
  heldBack: number;
  /** How many answers had each status. */
  statuses: Map<number, number>;
  /** Of those that were not 200 the ones without Retry-After. */
  withoutRetryAfter: number;
  /** Sent and never answered. */
  lost: number;
  /** The longest wait for a 200, milliseconds. */
  longestMilliseconds: number;
}

export interface OpenLoopOptions {
  url: URL;
  requests: readonly Buffer[];
  perSecond: number;
  seconds: number;
  /** As many clients as wait at the same time. */
  connections: number;
}

const TICK_MILLISECONDS = 5;

/** Sends at a fixed rate for some seconds, then waits for the last answer. */
export async function openLoop(options: OpenLoopOptions): Promise<Arrivals> {
  const { url, requests, perSecond, seconds, connections } = options;
  const idle = await Promise.all(Array.from({ length: connections }, () => openConnection(url)));
  const all = [...idle];
  const arrivals: Arrivals = {
    sent: 0,
    heldBack: 0,
    statuses: new Map(),
    withoutRetryAfter: 0,
    lost: 0,
    longestMilliseconds: 0,
  };
  const underWay: Promise<void>[] = [];
  const arrive = () => {
    const connection = idle.pop();
    if (!connection) {
      arrivals.heldBack++;
      return;
    }
    const request = requests[arrivals.sent++ % requests.length]!;
    underWay.push(exchange(connection, request, arrivals).then(() => void idle.push(connection)));
  };
  const started = performance.now();
  const due = () => Math.floor((Math.min(performance.now() - started, seconds * 1000) / 1000) * perSecond);
  while (performance.now() - started < seconds * 1000) {
    while (arrivals.sent + arrivals.heldBack < due()) arrive();
    await new Promise((resolve) => setTimeout(resolve, TICK_MILLISECONDS));
  }
  await Promise.all(underWay);
  for (const connection of all) connection.close();
  return arrivals;
}

async function exchange(connection: Connection, request: Buffer, arrivals: Arrivals): Promise<void> {
  const sentAt = performance.now();
  const answer = await connection.exchange(request).catch((): Answer | null => null);
  if (!answer) {
    arrivals.lost++;
    return;
  }
  arrivals.statuses.set(answer.status, (arrivals.statuses.get(answer.status) ?? 0) + 1);
  if (answer.status === 200) {
    arrivals.longestMilliseconds = Math.max(arrivals.longestMilliseconds, performance.now() - sentAt);
  } else if (!/\r\nretry-after: *\d+/i.test(answer.head)) arrivals.withoutRetryAfter++;
}

/** Answers a second that as many connections get, each with one request after another: what the service can carry. */
export async function carried(
  url: URL,
  requests: readonly Buffer[],
  connections: number,
  seconds: number,
): Promise<number> {
  const started = performance.now();
  let answered = 0;
  const drive = async (first: number) => {
    const connection = await openConnection(url);
    for (let next = first; performance.now() - started < seconds * 1000; next++) {
      const { status } = await connection.exchange(requests[next % requests.length]!);
      if (status === 200) answered++;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, (_, index) => drive(index)));
  return answered / ((performance.now() - started) / 1000);
}
