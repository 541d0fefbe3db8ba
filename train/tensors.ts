import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';

export interface NamedTensor {
  name: string;
  values: Float32Array;
}

export interface NamedVariable {
  name: string;
  variable: Variable;
}

/** The model's weights under the names that `model.json` gives them, after a prefix. */
export const weightsOf = (model: LayersModel, prefix = ''): NamedVariable[] =>
  model.weights.map((weight) => ({
    name: `${prefix}${weight.originalName}`,
    variable: weight.read() as Variable,
  }));

export async function readTensors(variables: readonly NamedVariable[]): Promise<NamedTensor[]> {
  const read: NamedTensor[] = [];
  for (const { name, variable } of variables) {
    read.push({ name, values: Float32Array.from(await variable.data()) });
  }
  return read;
}

/** The first value that is no finite number, or undefined. */
export async function firstUnusable(variables: readonly NamedVariable[]): Promise<number | undefined> {
  for (const { variable } of variables) {
    const values = await variable.data<'float32'>();
    const found = values.find((value) => !Number.isFinite(value));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws TenfoldError `corrupt` where the first tensors are not those of the variables: they are of another network. */
export function restoreTensors(variables: readonly NamedVariable[], tensors: readonly NamedTensor[]): void {
  variables.forEach(({ name, variable }, index) => {
    const saved = tensors[index];
    if (saved?.name !== name || saved.values.length !== variable.size) {
      throw unmet({
        code: 'corrupt',
        what: 'the checkpoint',
        expected: `${name} with ${variable.size} values`,
        got: saved ? `${saved.name} with ${saved.values.length}` : 'nothing',
        advice: 'It belongs to another recipe or version: train anew.',
      });
    }
    tidy(() => variable.assign(tensor(saved.values, variable.shape)));
  });
}
