import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { RUN_FILES } from '../../../core/run.js';
import { SPLITS } from '../../../train/tensorboard/log.js';

interface StoredEvent {
  step: number;
  isStart: boolean;
  /** The event without its wall time, in hexadecimal. */
  hex: string;
}

/** A wall time with the tag before it begins each event. */
const WALL_TIME_BYTES = 9;

/** The whole records of a file; the checksums are TensorBoard's own affair. */
function* records(file: Buffer): Generator<Buffer> {
  for (let start = 0; start + 12 <= file.length; ) {
    const end = start + 12 + Number(file.readBigUInt64LE(start));
    if (end + 4 > file.length) return;
    yield file.subarray(start + 12, end);
    start = end + 4;
  }
}

function storedEvent(data: Buffer): StoredEvent {
  const reader = new BinaryReader(data);
  const event = { step: 0, isStart: false, hex: data.subarray(WALL_TIME_BYTES).toString('hex') };
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 2) event.step = Number(reader.int64());
    else {
      if (field === 7) event.isStart = true;
      reader.skip(type, field);
    }
  }
  return event;
}

/**
 * What the files of each split tell, as TensorBoard takes it: an event that starts a session voids those of its step and
 * later ones. Versions and starts themselves are left out.
 */
export function eventsOf(run: string): Record<string, string[]> {
  const of = (split: string) => {
    const folder = join(run, RUN_FILES.tensorboard, split);
    let told: StoredEvent[] = [];
    for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
      const [, ...events] = Array.from(records(readFileSync(join(folder, name))), storedEvent);
      for (const event of events) {
        if (event.isStart) told = told.filter(({ step }) => step < event.step);
        else told.push(event);
      }
    }
    return told.map(({ hex }) => hex);
  };
  return Object.fromEntries(SPLITS.map((split) => [split, of(split)]));
}
