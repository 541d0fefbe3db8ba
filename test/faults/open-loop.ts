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
/** The service closes a connection that nobody used for five seconds: no client may be about to use it then. */
const IDLE_MILLISECONDS = 2000;

/** Sends at a fixed rate for some seconds, then waits for the last answer. */
export async function openLoop(options: OpenLoopOptions): Promise<Arrivals> {
  const { url, requests, perSecond, seconds, connections } = options;
  const idle: { connection: Connection; since: number }[] = [];
  const arrivals: Arrivals = {
    sent: 0,
    heldBack: 0,
    statuses: new Map(),
    withoutRetryAfter: 0,
    lost: 0,
    longestMilliseconds: 0,
  };
  const underWay = new Set<Promise<void>>();
  /** One that was used a moment ago, or a new one. */
  const connect = async () => {
    const last = idle.pop();
    if (last && performance.now() - last.since < IDLE_MILLISECONDS) return last.connection;
    last?.connection.close();
    return openConnection(url);
  };
  const send = async (request: Buffer) => {
    const sentAt = performance.now();
    try {
      const connection = await connect();
      count(arrivals, await connection.exchange(request), performance.now() - sentAt);
      idle.push({ connection, since: performance.now() });
    } catch {
      arrivals.lost++;
    }
  };
  const arrive = () => {
    if (underWay.size === connections) {
      arrivals.heldBack++;
      return;
    }
    const sending = send(requests[arrivals.sent++ % requests.length]!);
    underWay.add(sending);
    void sending.finally(() => underWay.delete(sending));
  };
  const started = performance.now();
  const due = () => Math.floor((Math.min(performance.now() - started, seconds * 1000) / 1000) * perSecond);
  while (performance.now() - started < seconds * 1000) {
    while (arrivals.sent + arrivals.heldBack < due()) arrive();
    await new Promise((resolve) => setTimeout(resolve, TICK_MILLISECONDS));
  }
  await Promise.all(underWay);
  for (const { connection } of idle) connection.close();
  return arrivals;
}

function count(arrivals: Arrivals, { status, head }: Answer, milliseconds: number): void {
  arrivals.statuses.set(status, (arrivals.statuses.get(status) ?? 0) + 1);
  if (status === 200) arrivals.longestMilliseconds = Math.max(arrivals.longestMilliseconds, milliseconds);
  else if (!/\r\nretry-after: *\d+/i.test(head)) arrivals.withoutRetryAfter++;
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
