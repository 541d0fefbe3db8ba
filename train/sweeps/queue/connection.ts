import { Redis } from 'ioredis';
import { describe, unmet } from '../../../core/errors.js';

/** Jobs of every sweep are in this one queue, so that a worker serves them all. */
export const QUEUE = 'sweeps';
/** Of every key. */
export const PREFIX = 'tenfold';

const RETRY_MILLISECONDS = 500;

export interface Connection {
  redis: Redis;
  /** For what is large, so that nothing short has to wait behind it. */
  bulk: Redis;
  /** `host:port`, without a password. */
  place: string;
  /** Ends it at once, whether or not the server can be reached. */
  close(): void;
}

/**
 * Connects to a Redis server. Where the connection is lost later it says so once, tries again twice a second, and does
 * then what was asked for meanwhile.
 * @param url `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS
 * @throws TenfoldError `bad-usage` where it is no such URL, `unavailable` where no server answers
 */
export async function connectRedis(url: string, say: (line: string) => void): Promise<Connection> {
  const place = redisPlace(url);
  let trouble = 'no answer';
  let state: 'connecting' | 'there' | 'gone' | 'closed' = 'connecting';
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: () => RETRY_MILLISECONDS,
  });
  redis.on('error', (error) => {
    trouble = error.message || String((error as NodeJS.ErrnoException).code);
  });
  redis.on('close', () => {
    if (state !== 'there') return;
    state = 'gone';
    say(`Redis at ${place} is gone: waiting for it; what is under way goes on`);
  });
  redis.on('ready', () => {
    if (state === 'gone') say(`Redis at ${place} is back`);
    if (state === 'gone') state = 'there';
  });
  const bulk = redis.duplicate();
  // It is lost and found together with the other, which tells.
  bulk.on('error', () => {});
  const close = () => {
    state = 'closed';
    redis.disconnect();
    bulk.disconnect();
  };
  try {
    await redis.connect();
    await redis.ping();
  } catch (cause) {
    close();
    throw unmet({
      code: 'unavailable',
      what: '--queue',
      expected: `a Redis server at ${place}`,
      got: trouble === 'no answer' ? (cause as Error).message : trouble,
      advice: 'Start one (redis-server), or name the one there is.',
      cause,
    });
  }
  state = 'there';
  return { redis, bulk, place, close };
}

/**
 * `host:port` of a URL, without its password.
 * @throws TenfoldError `bad-usage` where it is none of a Redis server
 */
export function redisPlace(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^rediss?:$/.test(url.protocol) && url.hostname !== '') {
    return `${url.hostname}:${url.port || 6379}`;
  }
  throw unmet({
    code: 'bad-usage',
    what: '--queue',
    expected: 'redis://HOST[:PORT][/DATABASE]',
    got: url ? `a URL of ${url.protocol}` : describe(text),
    advice: 'Name a Redis server.',
  });
}

/** The URL as another machine needs it, with a word for its password. */
export function shownUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = 'PASSWORD';
  return url.href;
}
