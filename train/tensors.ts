import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import type { Checkpoint } from './checkpoint.js';

/** The model's weights under the names that `model.json` gives them, then the optimiser's slots. */
function named(model: LayersModel, slots: readonly Variable[]): { name: string; target: Variable }[] {
  return [
    ...model.weights.map((weight) => ({ name: weight.originalName, target: weight.read() as Variable })),
    ...slots.map((slot) => ({ name: slot.name, target: slot })),
  ];
}

export async function readTensors(
  model: LayersModel,
  slots: readonly Variable[],
): Promise<Checkpoint['tensors']> {
  const read: Checkpoint['tensors'] = [];
  for (const { name, target } of named(model, slots)) {
    read.push({ name, values: Float32Array.from(await target.data()) });
  }
  return read;
}

/** @throws TenfoldError `corrupt` where the checkpoint is of another network. */
export function restoreTensors(
  model: LayersModel,
  slots: readonly Variable[],
  tensors: Checkpoint['tensors'],
): void {
  const targets = named(model, slots);
  targets.forEach(({ name, target }, index) => {
    const saved = tensors[index];
    if (saved?.name !== name || saved.values.length !== target.size) {
      throw unmet({
        code: 'corrupt',
        what: 'the checkpoint',
        expected: `${name} with ${target.size} values`,
        got: saved ? `${saved.name} with ${saved.values.length}` : 'nothing',
        advice: 'It belongs to another recipe or version: train anew.',
      });
    }
    tidy(() => target.assign(tensor(saved.values, target.shape)));
  });
}
