import type { Redis } from 'ioredis';
import { PREFIX } from './connection.js';

/** What nobody fetched, as where a sweep is never gone on with, is forgotten after thirty days. */
export const KEPT_SECONDS = 30 * 24 * 3600;

/**
 * Replaces a value unless somebody else holds the run by now. Whoever lost it (its machine slept, Redis was gone for long)
 * may still leave what it has as long as nobody has taken the run over.
 */
const PUT = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ${KEPT_SECONDS})
return 1`;

/** The archives of runs that go through Redis, beside their jobs. */
export interface RunStore {
  /** The last saved state of a run under way. */
  saved(job: string): Promise<Buffer | null>;
  /** @returns whether it was taken; not where somebody else holds the run */
  putSaved(job: string, token: string, archive: Buffer): Promise<boolean>;
  /** A finished run. */
  result(job: string): Promise<Buffer | null>;
  hasResult(job: string): Promise<boolean>;
  /** @returns whether it was taken; not where somebody else holds the run */
  putResult(job: string, token: string, archive: Buffer): Promise<boolean>;
  /** What a run was trained to elsewhere, where nothing is there yet. */
  offer(job: string, archive: Buffer): Promise<void>;
  forget(job: string): Promise<void>;
  /** Asks whoever trains the run to save it and to give it back. */
  withdraw(job: string): Promise<void>;
  isWithdrawn(job: string): Promise<boolean>;
  /** Nobody is asked so any more. */
  admit(job: string): Promise<void>;
}

/** @param lockOf the key by which the queue keeps who holds a job */
export function runStore(redis: Redis, lockOf: (job: string) => string): RunStore {
  const key = (job: string, kind: 'saved' | 'result' | 'withdrawn') => `${PREFIX}:run:${job}:${kind}`;
  const put = async (job: string, token: string, kind: 'saved' | 'result', archive: Buffer) =>
    (await redis.eval(PUT, 2, lockOf(job), key(job, kind), token, archive)) === 1;
  return {
    saved: (job) => redis.getBuffer(key(job, 'saved')),
    putSaved: (job, token, archive) => put(job, token, 'saved', archive),
    result: (job) => redis.getBuffer(key(job, 'result')),
    hasResult: async (job) => (await redis.exists(key(job, 'result'))) === 1,
    putResult: (job, token, archive) => put(job, token, 'result', archive),
    async offer(job, archive) {
      await redis.set(key(job, 'saved'), archive, 'EX', KEPT_SECONDS, 'NX');
    },
    async forget(job) {
      await redis.del(key(job, 'saved'), key(job, 'result'));
    },
    async withdraw(job) {
      await redis.set(key(job, 'withdrawn'), '', 'EX', KEPT_SECONDS);
    },
    isWithdrawn: async (job) => (await redis.exists(key(job, 'withdrawn'))) === 1,
    async admit(job) {
      await redis.del(key(job, 'withdrawn'));
    },
  };
}
