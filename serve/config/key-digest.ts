import { createHash } from 'node:crypto';

/** SHA-256 of a key: what is compared has one length, and the key itself is kept nowhere. */
export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
