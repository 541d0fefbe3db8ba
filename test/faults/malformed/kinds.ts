import { type RandomStream, randomStream } from '../../../train/random.js';
import type { Attempt } from '../raw-exchange.js';
import type { Corpus } from './corpus.js';
import { damaged } from './damage.js';
import { pick } from './draw.js';
import { formOf, oddForm } from './forms.js';
import { httpRequest, typed } from './http.js';
import { oddJson } from './json.js';
import { oddLength } from './lengths.js';
import { oddLine } from './lines.js';
import { oddTensor } from './tensors.js';

/** What the attempts are made of and sent to. */
export interface Material {
  corpus: Corpus;
  /** The model's name. */
  model: string;
}

interface Kind {
  /** Of all attempts, in hundredths. */
  percent: number;
  make(random: RandomStream, material: Material): Attempt;
}

/** All kinds of malformed upload, by what is wrong with them. */
export const KINDS = {
  'damaged file': {
    percent: 40,
    make(random, { corpus }) {
      const { name, type, bytes } = damaged(random, corpus);
      return asBodyOrForm(random, `file, ${name}`, type, bytes);
    },
  },
  'file of another kind': {
    percent: 2,
    make(random, { corpus }) {
      const { name, bytes, type } = pick(random, corpus.foreign);
      return asBodyOrForm(random, `foreign, ${name}`, type, bytes);
    },
  },
  bomb: {
    percent: 1,
    make(random, { corpus }) {
      const { name, bytes, type } = pick(random, corpus.bombs);
      return asBodyOrForm(random, `bomb, ${name}`, type, bytes);
    },
  },
  length: { percent: 15, make: (random, { corpus }) => oddLength(random, corpus) },
  form: { percent: 12, make: (random, { corpus }) => oddForm(random, corpus) },
  JSON: { percent: 10, make: (random, { corpus }) => oddJson(random, corpus) },
  tensor: { percent: 10, make: (random, { model }) => oddTensor(random, model) },
  'path, query, method or header': { percent: 10, make: (random, { corpus }) => oddLine(random, corpus) },
} satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

const asBodyOrForm = (random: RandomStream, name: string, type: string, bytes: Buffer): Attempt =>
  random.next() < 0.5 ? httpRequest({ name, headers: typed(type), body: bytes }) : formOf(name, bytes);

/** A hundred kinds, each as often as its share. */
const HUNDRED = (Object.keys(KINDS) as KindName[]).flatMap((kind) =>
  new Array<KindName>(KINDS[kind].percent).fill(kind),
);

/** The attempt that belongs to a seed and a number: always the same. */
export function attemptOf(seed: number, number: number, material: Material): Attempt & { kind: KindName } {
  const random = randomStream(seed, 'malformed', number);
  const kind = pick(random, HUNDRED);
  return { kind, ...KINDS[kind].make(random, material) };
}
