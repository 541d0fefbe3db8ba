import type { Layer } from './network.js';

/** Who reads each layer, by place. */
function readersOf(layers: readonly Layer[]): number[][] {
  const readers: number[][] = layers.map(() => []);
  for (const [place, { inputs }] of layers.entries()) {
    for (const input of new Set(inputs)) readers[input]!.push(place);
  }
  return readers;
}

/** The layers at those places in that order, each reading where its inputs have gone. */
function rearranged(layers: readonly Layer[], order: readonly number[]): Layer[] {
  const gone = new Map(order.map((place, index) => [place, index]));
  return order.map((place) => {
    const layer = layers[place]!;
    return { ...layer, inputs: layer.inputs.map((input) => gone.get(input)!) };
  });
}

/** The same network with each branch in one piece, first to last, before the next one begins. */
export function branchByBranch(layers: readonly Layer[]): Layer[] {
  const readers = readersOf(layers);
  const missing = layers.map(({ inputs }) => new Set(inputs).size);
  const next = layers.flatMap((_, place) => (missing[place] === 0 ? [place] : [])).reverse();
  const order: number[] = [];
  while (next.length > 0) {
    const place = next.pop()!;
    order.push(place);
    for (const reader of [...readers[place]!].reverse()) {
      missing[reader]!--;
      if (missing[reader] === 0) next.push(reader);
    }
  }
  return rearranged(layers, order);
}

/** Layers that finish the one before them. */
const FINISHING = /^(Batch norm|ReLU|ELU|GELU|SiLU|Leaky ReLU.*|sigmoid|tanh)$/;

/** The same network with each layer and the normalisation and activation that directly follow it as one. */
export function folded(layers: readonly Layer[]): Layer[] {
  const readers = readersOf(layers);
  const into = layers.map((_, place) => place);
  const kept: (Layer & { place: number })[] = [];
  for (const [place, layer] of layers.entries()) {
    const [source] = layer.inputs;
    const isFinishing =
      source !== undefined &&
      layer.inputs.length === 1 &&
      readers[source]!.length === 1 &&
      layers[source]!.inputs.length === 1 &&
      FINISHING.test(layer.description);
    if (!isFinishing) {
      kept.push({ ...layer, place });
      continue;
    }
    into[place] = into[source]!;
    const index = kept.findIndex((other) => other.place === into[place]);
    const whole = kept[index]!;
    kept[index] = {
      ...whole,
      description: `${whole.description}, ${layer.description.replace(/^Batch/, 'batch')}`,
      shape: layer.shape,
      parameters: whole.parameters + layer.parameters,
    };
  }
  const gone = new Map(kept.map(({ place }, index) => [place, index]));
  return kept.map(({ place: _, ...layer }) => ({
    ...layer,
    inputs: layer.inputs.map((input) => gone.get(into[input]!)!),
  }));
}
