import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelName } from '../../../train/ort-backend/lowerings/kernels.js';
import type { Origin } from './origins.js';

export type InputType = 'float32' | 'int32' | 'bool';

/** One input of a case: random numbers between two bounds, or these numbers. */
export interface InputSpec {
  shape: number[];
  dtype: InputType;
  low: number;
  high: number;
  values?: readonly number[];
}

/** What is computed: one tensor or several, from tensors of the ranks that the case's inputs have. */
interface Computation {
  // A method, so that a case may name the ranks of its inputs.
  compute(...inputs: Tensor[]): Tensor | Tensor[];
}

interface Options {
  /** What the cpu backend computes instead, where it has no such kernel. */
  reference?: Computation['compute'];
  /** Why gradients are not compared. */
  withoutGradient?: string;
  /** Other origins of the inputs than as written that this case is run with; by default all. */
  origins?: readonly Origin[];
  tolerance?: Tolerance;
}

/** One computation that both backends must agree on, in its outputs and in their gradients for float32 inputs. */
export interface Case extends Computation, Options {
  title: string;
  inputs: readonly InputSpec[];
}

export interface Tolerance {
  /** Relative above 1, absolute below. */
  within: number;
  because: string;
}

export type CaseTable<K extends KernelName> = { [Name in K]: readonly Case[] };

/** Uniform in `low` ... `high`. */
export const float = (shape: number[], low = -2, high = 2): InputSpec => ({
  shape,
  dtype: 'float32',
  low,
  high,
});

/** Whole numbers, both bounds included. */
export const int = (shape: number[], low = -5, high = 5): InputSpec => ({ shape, dtype: 'int32', low, high });

export const bool = (shape: number[]): InputSpec => ({ shape, dtype: 'bool', low: 0, high: 1 });

/** These very numbers, a vector by default. */
export const exactly = (
  values: readonly number[],
  shape = [values.length],
  dtype: InputType = 'float32',
): InputSpec => ({ shape, dtype, low: 0, high: 0, values });

export const check = (
  title: string,
  inputs: readonly InputSpec[],
  compute: Computation['compute'],
  options: Options = {},
): Case => ({ title, inputs, compute, ...options });

export const DISCRETE = { withoutGradient: 'the output is no smooth number' };

/** A shape as a part of a title. */
export const named = (...shapes: readonly (readonly number[])[]): string =>
  shapes.map((shape) => `[${shape}]`).join(' and ');
