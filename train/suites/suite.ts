import type { RgbaImage } from '../../core/image.js';
import type { LabelledImages } from '../dataset/mnist.js';

/** A picture with what should be read from it. */
export interface Sample {
  picture: RgbaImage;
  /** `7`, or a whole number `90210`; null where nothing must be accepted. */
  expected: string | null;
}

/** Pictures of one kind, made to measure a reader; none of them is trained on. */
export interface Suite {
  /** As tables and contact sheets show it. */
  title: string;
  /** What was done to the digits, with its settings and where they are from. */
  summary: string;
  /** Share of the samples that must come out right, 0 to 1. */
  target: number;
  /** The area under the ROC curve that clean digits' scores against the samples' must reach, 0 to 1; where they are compared. */
  separation?: number;
  /**
   * Sample number `index` of the suite; a function of its arguments alone.
   * @param digits MNIST's test set, or other digits laid out like it
   */
  make(digits: LabelledImages, index: number): Sample | Promise<Sample>;
}
